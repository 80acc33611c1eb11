import { spawn } from 'node:child_process'
import { basename } from 'node:path'

/** Whom a child process runs as; our own user where there is none. */
export interface Account {
  readonly uid: number
  readonly gid: number
}

/** A child process that could not be started (`exitCode` null) or ended with a code other than 0. */
export class ProcessError extends Error {
  readonly exitCode: number | null
  constructor(message: string, exitCode: number | null, options?: ErrorOptions) {
    super(message, options)
    this.name = 'ProcessError'
    this.exitCode = exitCode
  }
}

/**
 * Runs a program to its end and hands back what it printed.
 * @throws ProcessError with the end of what it printed as the message.
 */
export function run(command: string, args: readonly string[], account?: Account): Promise<string> {
  const name = basename(command)
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      ...account,
      // The server's user may be unable to enter our own working directory.
      cwd: '/',
      env: environment(),
      // Not in our process group: Ctrl-C on a terminal must not reach the server or what starts and stops it.
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let output = ''
    const collect = (chunk: Buffer) => {
      output = (output + chunk.toString()).slice(-4_000)
    }
    child.stdout.on('data', collect)
    child.stderr.on('data', collect)
    child.on('error', (error) =>
      reject(new ProcessError(`${name}: ${error.message}`, null, { cause: error })),
    )
    child.on('close', (exitCode) => {
      if (exitCode === 0) resolve(output)
      else reject(new ProcessError(`${name}: ${output.trim() || `exit code ${exitCode}`}`, exitCode))
    })
  })
}

/** Never our whole environment: it holds the API key, and the server would carry it for its whole life. */
function environment(): NodeJS.ProcessEnv {
  const { PATH = '/usr/sbin:/usr/bin:/sbin:/bin', SystemRoot } = process.env
  return { PATH, LC_ALL: 'C', TZ: 'UTC', ...(SystemRoot ? { SystemRoot } : {}) }
}
