import { readFile, rename, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'

export const HOST = '127.0.0.1'
/** Of the user, and of the database. */
export const NAME = 'llamacloud'
type Access = Awaited<ReturnType<typeof readAccess>>

/** Port and password live in one file, in the format that psql reads too (PGPASSFILE). */
export async function readAccess(home: string) {
  const [, port, , , password = ''] = (await readFile(join(home, 'pgpass'), 'utf8')).trim().split(':')
  return { port: Number(port), password }
}

/** Replaces the file as a whole, readable by its owner only: psql ignores it otherwise. */
export async function writeAccess(home: string, { port, password }: Access): Promise<void> {
  const [file, unfinished] = [join(home, 'pgpass'), join(home, 'pgpass.unfinished')]
  await writeFile(unfinished, `${HOST}:${port}:*:${NAME}:${password}\n`, { mode: 0o600 })
  await rename(unfinished, file)
}

/** For pg. Holds the password: never print it. Encryption is off, whatever PGSSLMODE says: it stays on this machine. */
export function urlOf({ port, password }: Access, database = 'postgres'): string {
  return `postgres://${NAME}:${password}@${HOST}:${port}/${database}?sslmode=disable`
}

/** A command line that works in a POSIX shell as it stands, and shows no password. */
export function psqlLine(home: string, { port }: Access): string {
  const file = join(home, 'pgpass').replaceAll("'", "'\\''")
  return `PGPASSFILE='${file}' psql postgres://${NAME}@${HOST}:${port}/${NAME}`
}

/** Below the range from which systems hand out ports, so that it stays free between runs; another for each home. */
export const firstPort = (home: string) => 15_432 + (crc32(home) % 10_000)

/** The wished port if it is free, else the next that is. */
export async function freePort(wished: number): Promise<number> {
  let port = wished
  while (!(await isFree(port))) port++
  return port
}

/** Whether a server may listen on the port of this machine's loopback address. */
export function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer().once('error', () => resolve(false))
    server.listen({ host: HOST, port, exclusive: true }, () => server.close(() => resolve(true)))
  })
}
