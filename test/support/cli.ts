import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { onTestFinished } from 'vitest'
import { NEVER_CAME_MS } from './hang.ts'

const ROOT = join(import.meta.dirname, '../..')
const MAIN = join(ROOT, 'src/main.ts')
/** Most of a short process's work is reading our sources: what Node.js made of them is kept from one to the next. */
const COMPILED = join(ROOT, 'node_modules/.cache/llamacloud-sync-tests')

export interface Finished {
  /** Null when a signal ended it. */
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

export interface Cli {
  readonly finished: Promise<Finished>
  /** The first whole line of stdout that matches, or the process's failure to print one. */
  line(pattern: RegExp): Promise<string>
  /** Resolves once this many lines of stderr match, or rejects with the process's end. */
  errorLine(pattern: RegExp, times?: number): Promise<void>
  /** What `event` resolves with; rejects with what was printed when the process ends before it. */
  until<T>(event: Promise<T>): Promise<T>
  kill(signal: NodeJS.Signals): void
  /** Reads no more of what it prints, as `head` does. */
  stopReading(from: Stream): void
}

export interface CliOptions {
  /** Nothing else of this process's environment is handed on but what a program needs to be found and to run. */
  readonly env?: Readonly<Record<string, string>>
  /** An empty directory when left out, so that no `.env` is found by accident. */
  readonly cwd?: string
  /** What it writes there finds the disk full. */
  readonly full?: Stream
}

type Stream = 'stdout' | 'stderr'
const DESCRIPTORS: Readonly<Record<Stream, number>> = { stdout: 1, stderr: 2 }

/** Starts the program as a shell would, with the Node.js that runs the tests. It is killed at the end of the test. */
export async function startCli(
  args: readonly string[],
  { env = {}, cwd, full }: CliOptions = {},
): Promise<Cli> {
  const { PATH, HOME, TMPDIR, SystemRoot } = process.env
  const command = [process.execPath, MAIN, ...args]
  const shell = full && ['/bin/sh', '-c', `exec "$0" "$@" ${DESCRIPTORS[full]}>/dev/full`]
  const [file = '', ...rest] = [...(shell ?? []), ...command]
  const child = spawn(file, rest, {
    cwd: cwd ?? (await temporaryDirectory()),
    env: { PATH, HOME, TMPDIR, SystemRoot, NODE_COMPILE_CACHE: COMPILED, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    // So that the test of a process that hangs can tell what it printed.
    timeout: NEVER_CAME_MS,
    killSignal: 'SIGKILL',
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  const printed = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      printed[name] += text
    })
  }
  const lines = createInterface({ input: child.stdout })
  const finished = once(child, 'close').then(
    ([code, signal]): Finished => ({ code, signal, stdout: printed.stdout, stderr: printed.stderr }),
  )
  const until = <T>(event: Promise<T>): Promise<T> => {
    const tooEarly = finished.then((end): never => {
      throw new Error(`the process ended before it came to that: ${JSON.stringify(end, null, 2)}`)
    })
    return Promise.race([event, tooEarly])
  }
  return {
    finished,
    until,
    line: (pattern) =>
      until(new Promise((resolve) => lines.on('line', (line) => pattern.test(line) && resolve(line)))),
    errorLine: (pattern, times = 1) =>
      until(
        new Promise((resolve) => {
          const look = () => {
            const lines = printed.stderr.split('\n').filter((line) => pattern.test(line))
            if (lines.length >= times) resolve()
          }
          child.stderr.on('data', look)
          look()
        }),
      ),
    kill: (signal) => void child.kill(signal),
    stopReading: (from) => void child[from].destroy(),
  }
}

/** Runs the program to its end. */
export async function runCli(args: readonly string[], options?: CliOptions): Promise<Finished> {
  return (await startCli(args, options)).finished
}

/** The log of a run with LOG_FORMAT=json; throws when a line is anything else. */
export function logLines({ stderr }: Finished): Record<string, unknown>[] {
  return stderr
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
}

/** A directory that goes when the test ends. Other users may enter it: as root, the embedded server runs as one. */
export async function temporaryDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'llamacloud-sync-cli-'))
  await chmod(directory, 0o755)
  onTestFinished(() => rm(directory, { recursive: true, force: true }))
  return directory
}
