import { spawn } from 'node:child_process'

/** Whom a child process runs as; our own user where there is none. */
export type Account = { readonly uid: number; readonly gid: number } | undefined

/** Hands back what a program printed; when it fails, an Error with the end of that and its exit code as `code`. */
export function run(command: string, args: readonly string[], account?: Account, descriptor?: number) {
  return new Promise<string>((resolve, reject) => {
    const child = spawn(command, args, {
      ...account,
      // Not our directory, which the account may be unable to enter.
      cwd: '/',
      // Not our process group: Ctrl-C must not reach the server.
      detached: true,
      // Not our whole environment: it holds the API key, and the server would carry it for its whole life.
      env: { PATH: process.env.PATH ?? '/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C', TZ: 'UTC' },
      stdio: ['ignore', 'pipe', 'pipe', descriptor ?? 'ignore'],
    })
    let output = ''
    const collect = (chunk: Buffer) => {
      output = (output + chunk.toString()).slice(-4_000)
    }
    child.stdout?.on('data', collect)
    child.stderr?.on('data', collect)
    child.on('error', reject)
    child.on('close', (code) => {
      const message = `${command}: ${output.trim() || `exit code ${code}`}`
      return code === 0 ? resolve(output.trim()) : reject(Object.assign(new Error(message), { code }))
    })
  })
}

/** For a file that need not be there. */
export function unlessMissing(error: unknown): undefined {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
  throw error
}
