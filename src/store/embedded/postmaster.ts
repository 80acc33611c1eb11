import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** Greater than any process number there is. */
const NO_PROCESS = 2_147_483_647

/**
 * A server that was killed leaves its process number in postmaster.pid, and PostgreSQL does not start as long as a process
 * has that number: another program after a restart of the machine or container, or its own remains, when process 1 does not
 * collect them. Then the number is struck out. The rest stays, for PostgreSQL's own check that no part of the killed server
 * still works on the data. Does nothing where there is no /proc.
 */
export async function forgetDeadPostmaster(cluster: string): Promise<void> {
  const file = join(cluster, 'postmaster.pid')
  const text = await readFile(file, 'utf8').catch(() => undefined)
  if (text === undefined) return
  const [pid, ...others] = text.split('\n')
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined)
  if (stat === undefined || isPostgres(stat)) return
  await writeFile(file, [NO_PROCESS, ...others].join('\n'))
}

/** Judges a line of /proc/PID/stat: `28153 (postgres) S 1 …`, where Z is a process that ended and was not collected. */
export function isPostgres(stat: string): boolean {
  const [, name, state] = /\((.*)\) (\S)/.exec(stat) ?? []
  return name === 'postgres' && state !== 'Z'
}
