import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const MAIN = join(import.meta.dirname, '../../src/main.ts')

interface Ended {
  readonly code: number | null
  /** The last line of its log. */
  readonly said: string
  readonly printed: string
}

export interface Worker {
  readonly finished: Promise<Ended>
  /** Resolves with the next line of its log that contains this; rejects when the process ends before. */
  said(words: string): Promise<void>
  stop(): void
}

/** Runs the program with these settings and nothing else. */
export function run(args: readonly string[], env: Readonly<Record<string, string>>): Worker {
  const { PATH, HOME } = process.env
  const child = spawn(process.execPath, [MAIN, ...args], {
    cwd: tmpdir(),
    env: { PATH, HOME, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let [log, printed] = ['', '']
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    printed += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    log += text
  })
  const finished = once(child, 'close').then(([code]): Ended => {
    const last = log.trimEnd().split('\n').at(-1) ?? ''
    return { code, said: messageOf(last), printed }
  })
  const said = (words: string) => {
    const from = log.length
    const found = new Promise<void>((resolve) => {
      child.stderr.on('data', () => log.slice(from).includes(words) && resolve())
    })
    const ended = finished.then(({ code, said: last }): never => {
      throw new Error(`the process ended with ${code} before it said ${words}: ${last}`)
    })
    return Promise.race([found, ended])
  }
  return { finished, said, stop: () => void child.kill('SIGTERM') }
}

function messageOf(line: string): string {
  try {
    return JSON.parse(line).msg
  } catch {
    return line
  }
}
