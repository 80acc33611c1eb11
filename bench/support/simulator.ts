import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import type { GenerateOptions } from '../../src/simulator/generate.ts'
import type { SimulatorOptions } from '../../src/simulator/server.ts'
import type { Instant } from '../../src/values/instant.ts'

export interface SimulatorProcessOptions {
  readonly world: Omit<GenerateOptions, 'seed'> & { readonly seed?: string }
  readonly server: Pick<SimulatorOptions, 'order' | 'latencyMs' | 'rateLimit'>
  /** Makes the text of every job once, before the first request, so that answering costs next to nothing. */
  readonly prepared?: boolean
  /** Lists beside classify, with as many jobs each. */
  readonly others?: readonly string[]
  /** How far its clock is behind, milliseconds. */
  readonly behindMs?: number
}

/** What was asked of it since the report before. */
export interface SimulatorReport {
  readonly url: string
  readonly jobs: number
  readonly requests: number
  /** Answered with 429. */
  readonly refused: number
  /** From the first request to the last, milliseconds. */
  readonly spanMs: number
  /** Processor time. */
  readonly cpuMs: number
}

/** What the process is told; it replies to each. */
export type SimulatorCommand =
  | { readonly kind: 'report' }
  /** From now on it answers at once, and as often as it is asked. */
  | { readonly kind: 'lift' }
  /** Moves its clock on; so many jobs were created meanwhile. */
  | { readonly kind: 'pass'; readonly time: Instant; readonly jobs: number }

export interface SimulatorProcess {
  readonly url: string
  report(): Promise<SimulatorReport>
  lift(): Promise<void>
  pass(time: Instant, jobs: number): Promise<void>
  stop(): Promise<void>
}

/** Room for the texts of a million jobs, and for many pages before the first collection of garbage. */
const MEMORY = ['--max-old-space-size=12000', '--max-semi-space-size=256']

/** Starts the simulated API in a process of its own, so that it does not share the worker's event loop. */
export async function startSimulatorProcess(options: SimulatorProcessOptions): Promise<SimulatorProcess> {
  const child = fork(new URL('simulator-process.ts', import.meta.url), [JSON.stringify(options)], {
    execArgv: MEMORY,
  })
  await reply(child)
  const report = async () => (await tell(child, { kind: 'report' })) as SimulatorReport
  const { url } = await report()
  return {
    url,
    report,
    lift: async () => {
      await tell(child, { kind: 'lift' })
    },
    pass: async (time, jobs) => {
      await tell(child, { kind: 'pass', time, jobs })
    },
    stop: async () => {
      const exited = once(child, 'exit')
      child.disconnect()
      await exited
    },
  }
}

async function tell(child: ChildProcess, command: SimulatorCommand): Promise<unknown> {
  const replied = reply(child)
  child.send(command)
  return replied
}

async function reply(child: ChildProcess): Promise<unknown> {
  const gone = new AbortController()
  try {
    const [message] = await Promise.race([
      once(child, 'message', { signal: gone.signal }),
      once(child, 'exit', { signal: gone.signal }).then(([code]) => {
        throw new Error(`the simulated API ended with ${code}`)
      }),
    ])
    return message
  } finally {
    gone.abort()
  }
}
