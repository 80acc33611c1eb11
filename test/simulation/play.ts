import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { Verdict } from './seed.ts'

export interface PlayOptions {
  /** A server whose user may create databases. */
  readonly serverUrl: string
  readonly from: number
  readonly to: number
  readonly processes: number
  /** In milliseconds of `performance.now()`. */
  readonly until: number
  /** The first seed that fails ends it all. */
  readonly stopAtFailure: boolean
  readonly onVerdict: (verdict: Verdict) => void
}

/** Plays seeds in several processes in parallel, each with its own database. The order of seeds changes nothing. */
export async function playSeeds(options: PlayOptions): Promise<void> {
  let next = options.from
  let isOver = false
  const take = (): number | null => {
    if (isOver || next > options.to || performance.now() > options.until) return null
    next += 1
    return next - 1
  }
  const report = (verdict: Verdict) => {
    if (isOver) return
    options.onVerdict(verdict)
    isOver = options.stopAtFailure && verdict.broken.length > 0
  }
  const count = Math.min(options.processes, options.to - options.from + 1)
  await Promise.all(Array.from({ length: count }, () => playInChild(options.serverUrl, take, report)))
}

/** Fails when the process ends before it was told to, so that no seed is lost in silence. */
async function playInChild(
  serverUrl: string,
  take: () => number | null,
  report: (verdict: Verdict) => void,
): Promise<void> {
  const child = fork(join(import.meta.dirname, 'child.ts'), {
    env: { ...process.env, SIMULATION_DATABASE_URL: serverUrl },
  })
  let seed: number | null = null
  let wasTold = false
  child.on('message', (message: 'ready' | Verdict) => {
    if (message !== 'ready') report(message)
    seed = take()
    wasTold = seed === null
    child.send(seed as number)
  })
  const [code] = await once(child, 'exit')
  if (!wasTold) throw new Error(`the process that played seed ${seed} ended with ${code}`)
}
