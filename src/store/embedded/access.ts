import { chown, readFile, rename, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

export const HOST = '127.0.0.1'
export const USER = 'llamacloud'
export const DATABASE = 'llamacloud'

/** What a client needs to get in. */
export interface Access {
  readonly port: number
  readonly password: string
}

/** Port and password live in one file, in the format that psql reads too (PGPASSFILE). */
export function accessFile(home: string): string {
  return join(home, 'pgpass')
}

/** Undefined when there is none yet. */
export async function readAccess(home: string): Promise<Access | undefined> {
  let text: string
  try {
    text = await readFile(accessFile(home), 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
  const [, port, , , password] = text.trim().split(':')
  return port && password ? { port: Number(port), password } : undefined
}

/** Replaces the file as a whole, readable by its owner only: psql ignores it otherwise. */
export async function writeAccess(home: string, { port, password }: Access): Promise<void> {
  const file = accessFile(home)
  const unfinished = `${file}.${process.pid}`
  await writeFile(unfinished, `${HOST}:${port}:*:${USER}:${password}\n`, { mode: 0o600 })
  const { uid, gid } = await stat(home)
  // Root may look after the directory of another user, who must be able to read on.
  if (process.getuid?.() === 0) await chown(unfinished, uid, gid)
  await rename(unfinished, file)
}

/** For pg. Holds the password: never print it. Encryption is off, whatever PGSSLMODE says: it stays on this machine. */
export function urlOf({ port, password }: Access, database = DATABASE): string {
  return `postgres://${USER}:${password}@${HOST}:${port}/${database}?sslmode=disable`
}

export function displayUrlOf({ port }: Access): string {
  return `postgres://${USER}@${HOST}:${port}/${DATABASE}`
}

/** A command line that works as it stands and shows no password. */
export function psqlLine(home: string, access: Access): string {
  return `PGPASSFILE=${quote(accessFile(home))} psql ${displayUrlOf(access)}`
}

/** For a POSIX shell. */
export function quote(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`
}
