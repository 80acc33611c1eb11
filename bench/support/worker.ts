import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** As it is published. */
const MAIN = new URL('../../dist/main.js', import.meta.url).pathname
/** The same before it was bundled, where a profile can tell its parts. */
export const SOURCES = new URL('../../src/main.ts', import.meta.url).pathname
const USAGE = new URL('usage.mjs', import.meta.url).href
const LEAST = new URL('least-sync.mjs', import.meta.url).pathname

type Environment = Readonly<Record<string, string>>

/** As the Dockerfile has it. */
const IMAGE: Environment = { LOG_FORMAT: 'json', MALLOC_ARENA_MAX: '2' }

export interface WorkerRun {
  /** From spawn to exit. */
  readonly wallMs: number
  readonly cpuMs: number
  /** Peak resident set. */
  readonly maxRssKb: number
  /** The last log line: what the run did. */
  readonly summary: Readonly<Record<string, unknown>>
}

/** Runs the program to its end. Throws what it logged when it fails. */
export async function runWorker(
  args: readonly string[],
  env: Environment,
  nodeOptions: readonly string[] = [],
  main = MAIN,
): Promise<WorkerRun> {
  const folder = await mkdtemp(join(tmpdir(), 'llamacloud-sync-worker-'))
  const usageFile = join(folder, 'usage.json')
  try {
    const command = [...nodeOptions, '--import', USAGE, main, ...args]
    const { wallMs, log } = await run(command, { ...env, BENCH_USAGE_FILE: usageFile }, folder)
    const summary = JSON.parse(log.trim().split('\n').at(-1) || '{}')
    return { wallMs, ...JSON.parse(await readFile(usageFile, 'utf8')), summary }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** The same with nothing loaded beside the program; milliseconds from spawn to exit. */
export async function timeWorker(args: readonly string[], env: Environment): Promise<number> {
  return (await run([MAIN, ...args], env)).wallMs
}

/** How long the least takes that does what a `sync` with nothing new does, milliseconds from spawn to exit. */
export async function timeLeast(env: Environment): Promise<number> {
  return (await run([LEAST], env)).wallMs
}

/** How long this Node.js takes to do nothing, milliseconds from spawn to exit. */
export async function timeNode(): Promise<number> {
  return (await run(['-e', '0'], {})).wallMs
}

async function run(
  command: readonly string[],
  env: Environment,
  cwd = tmpdir(),
): Promise<{ wallMs: number; log: string }> {
  const begun = performance.now()
  const child = spawn(process.execPath, command, {
    cwd,
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...IMAGE, ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let log = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    log += text
  })
  const closed = once(child, 'close')
  await once(child, 'exit')
  const wallMs = performance.now() - begun
  const [code] = await closed
  if (code !== 0) throw new Error(`the worker ended with ${code}:\n${log.slice(-4_000)}`)
  return { wallMs, log }
}
