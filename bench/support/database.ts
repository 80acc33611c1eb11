import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Pool } from 'pg'
import { systemClock } from '../../src/clock.ts'
import { startEmbedded } from '../../src/embedded-postgres/embedded.ts'
import { openPool } from '../../src/store/pool.ts'

const PATIENCE_MS = 3_600_000

export interface BenchDatabase {
  readonly url: string
  /** One connection, for what is asked beside the worker; waits for an hour if it has to. */
  readonly pool: Pool
  /** A folder in which the server may write. */
  readonly folder: string
  stop(): Promise<void>
}

let version = 'none started'

/** Of the server that was started last. */
export function serverVersion(): string {
  return version
}

/** An embedded PostgreSQL of its own, with the settings of a small real server; `stop` removes it. */
export async function startBenchDatabase(): Promise<BenchDatabase> {
  const folder = await mkdtemp(join(tmpdir(), 'llamacloud-sync-bench-'))
  // As root the server runs as another user, who has to enter it and to write there.
  await chmod(folder, 0o777)
  const remove = () => rm(folder, { recursive: true, force: true })
  try {
    const server = await startEmbedded({
      dataDir: folder,
      clock: systemClock,
      settings: { shared_buffers: '512MB', max_wal_size: '4GB', autovacuum: 'off' },
    })
    version = server.version
    const pool = openPool(server.url, { max: 1, applicationName: 'bench', queryTimeout: PATIENCE_MS })
    const stop = async () => {
      await pool.end()
      await server.stop()
      await remove()
    }
    return { url: server.url, pool, folder, stop }
  } catch (error) {
    await remove()
    throw error
  }
}

/** One that stays, on a server of somebody else. */
export function connectBench(url: string): BenchDatabase {
  const pool = openPool(url, { max: 1, applicationName: 'bench', queryTimeout: PATIENCE_MS })
  return { url, pool, folder: tmpdir(), stop: () => pool.end() }
}

export async function withBenchDatabase<T>(work: (database: BenchDatabase) => Promise<T>): Promise<T> {
  const database = await startBenchDatabase()
  try {
    return await work(database)
  } finally {
    await database.stop()
  }
}

/** The one value of a query with one row and one column, as a number. */
export async function numberFrom(pool: Pool, sql: string, parameters: unknown[] = []): Promise<number> {
  const { rows } = await pool.query<Record<string, unknown>>(sql, parameters)
  return Number(Object.values(rows[0] ?? {})[0])
}

/** How far the write-ahead log has come, in bytes. */
export function walPosition(pool: Pool): Promise<number> {
  return numberFrom(pool, `select pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')`)
}

/** Linux counts processor time in these. */
const TICK_MS = 10

/** Processor time of all sessions of the server that have ended, milliseconds; not a number where there is no /proc. */
export async function endedSessionsCpuMs(pool: Pool): Promise<number> {
  const pid = await numberFrom(pool, `select split_part(pg_read_file('postmaster.pid'), E'\\n', 1)`)
  // Those of waited-for children.
  return cpuMs(pid, 13)
}

/** Processor time of the one session of a pool so far, without the processes that help it; like the above. */
export async function sessionCpuMs(pool: Pool): Promise<number> {
  return cpuMs(await numberFrom(pool, 'select pg_backend_pid()'), 11)
}

/** User and system time, from that field on, counted after the name, which may hold blanks. */
async function cpuMs(pid: number, field: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[field]) + Number(fields[field + 1])) * TICK_MS
}
