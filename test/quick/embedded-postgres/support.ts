import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import pg from 'pg'
import { onTestFinished } from 'vitest'
import { systemClock } from '../../../src/clock.ts'
import { type Embedded, startEmbedded } from '../../../src/embedded-postgres/embedded.ts'

const SCRIPT = join(import.meta.dirname, '../../support/embedded-worker.ts')

/** A worker in a process of its own. */
export interface Worker {
  /** The server's URL, or why there is none. */
  readonly said: string
  readonly child: ChildProcess
  /** Resolves with `left` once it has ended its use. */
  leave(): Promise<string>
  kill(): Promise<void>
}

/** `around`: a command that runs the worker's, such as `unshare`. */
export async function startWorker(dataDir: string, around: readonly string[] = []): Promise<Worker> {
  const [command = '', ...args] = [...around, process.execPath, SCRIPT, dataDir]
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] })
  onTestFinished(() => void child.kill('SIGKILL'))
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const said: string = (await lines.next()).value ?? ''
  return {
    said,
    child,
    leave: async () => {
      child.stdin.end()
      return (await lines.next()).value ?? ''
    },
    kill: async () => {
      const ended = once(child, 'exit')
      child.kill('SIGKILL')
      await ended
    },
  }
}

/** A directory of its own for a server, which is stopped at the end of the test whatever came. */
export async function dataDirectory(): Promise<string> {
  const dataDir = await mkdtemp(join(tmpdir(), 'llamacloud-sync-embedded-'))
  await chmod(dataDir, 0o755)
  onTestFinished(() => rm(dataDir, { recursive: true, force: true }))
  return dataDir
}

/** Stopped at the end of the test, if not before. */
export async function start(dataDir: string): Promise<Embedded> {
  const server = await startEmbedded({ dataDir, clock: systemClock })
  onTestFinished(() => server.stop())
  return server
}

export async function query<T extends pg.QueryResultRow>(url: string, text: string): Promise<T[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query<T>(text)).rows
  } finally {
    await client.end()
  }
}

export async function postmaster(dataDir: string): Promise<number> {
  const text = await readFile(join(dataDir, 'postgres', 'cluster', 'postmaster.pid'), 'utf8')
  return Number(text.split('\n')[0])
}

/** Whether the command may be run here, as `unshare` may be by root. */
export function isPermitted([command = '', ...args]: readonly string[]): boolean {
  return spawnSync(command, args).status === 0
}
