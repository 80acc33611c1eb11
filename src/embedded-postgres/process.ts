import { spawn } from 'node:child_process'

/** Whom a child process runs as; our own user where there is none. */
export type Account = { readonly uid: number; readonly gid: number } | undefined

/** How `spawn` starts what must have as little of us as can be. */
export function isolated(account: Account) {
  const { PATH = '/usr/sbin:/usr/bin:/sbin:/bin' } = process.env
  // Not in our directory, which the account may be unable to enter, nor in our process group: Ctrl-C must not reach it.
  // Never our whole environment: it holds the API key, and the server would carry it for its whole life.
  return { ...account, cwd: '/', detached: true, env: { PATH, LC_ALL: 'C', TZ: 'UTC' } }
}

/** Runs a program to its end, whatever that is, and hands back the end of what it printed. */
export function attempt(command: string, args: readonly string[], account?: Account, descriptor?: number) {
  return new Promise<{ code: number | null; output: string }>((resolve, reject) => {
    const stdio = ['ignore' as const, 'pipe' as const, 'pipe' as const, descriptor ?? ('ignore' as const)]
    const child = spawn(command, args, { ...isolated(account), stdio })
    let output = ''
    const collect = (chunk: Buffer) => {
      output = (output + chunk.toString()).slice(-4_000)
    }
    child.stdout?.on('data', collect)
    child.stderr?.on('data', collect)
    child.on('error', reject)
    child.on('close', (code) => resolve({ code, output: output.trim() }))
  })
}

/** Hands back what the program printed. An Error with the end of it when it fails. */
export async function run(...command: Parameters<typeof attempt>): Promise<string> {
  const { code, output } = await attempt(...command)
  if (code === 0) return output
  throw new Error(`${command[0]}: ${output || `exit code ${code}`}`)
}
