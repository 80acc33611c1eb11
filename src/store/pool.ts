import pg from 'pg'
import { Stopwatch, systemClock } from '../clock.ts'
import { DatabaseError } from '../errors.ts'
import { beginStatement, type TransactionOptions } from './begin.ts'
import { Client } from './client.ts'
import { connectionOptions } from './connection-options.ts'
import { passes, sqlState } from './database-error.ts'
import { lookCloser } from './read-only.ts'
import { standbyAway } from './standby-away.ts'

const CONNECTION_TIMEOUT_MS = 15_000
const IDLE_TIMEOUT_MS = 30_000
const QUERY_TIMEOUT_MS = 120_000
const KEEP_ALIVE_MS = 10_000

export interface PoolOptions {
  /** The most connections open at once. */
  max: number
  /** What pg_stat_activity shows for them. */
  applicationName: string
  /**
   * Milliseconds after which the client itself gives up on a query, 120,000 unless given, 0 for never. PostgreSQL's own
   * timeouts do not end the wait for a server that vanished from the network.
   */
  queryTimeout?: number
}

const { builtins } = pg.types
const ARRAYS_OF_TIMES: readonly number[] = [1115, 1182, 1185]
const TEXT_ARRAY: number = 1009

/**
 * A pool that also works through a pooler in transaction mode (I6): it sends no startup parameter but the application's
 * name and keeps no state in a session. Use no named statements on it. Times arrive as text, int8 as a number where that
 * is exact and as text otherwise.
 * @throws SettingsError when the address cannot be read, or names a file that cannot be used
 */
export function openPool(
  url: string,
  { max, applicationName, queryTimeout = QUERY_TIMEOUT_MS }: PoolOptions,
): pg.Pool {
  return listening({
    application_name: applicationName,
    connectionTimeoutMillis: CONNECTION_TIMEOUT_MS,
    ...connectionOptions(url),
    Client,
    max,
    idleTimeoutMillis: IDLE_TIMEOUT_MS,
    query_timeout: queryTimeout,
    keepAlive: true,
    keepAliveInitialDelayMillis: KEEP_ALIVE_MS,
    types: { getTypeParser },
  })
}

/** Another pool to where this one leads, for what must not share its connections. */
export function openPoolLike(
  { options }: pg.Pool,
  { max, applicationName, queryTimeout = QUERY_TIMEOUT_MS }: PoolOptions,
): pg.Pool {
  // The pool hides its password from those who print it, and so from a spread.
  const { password } = options
  return listening({
    ...options,
    ...(password !== undefined && { password }),
    application_name: applicationName,
    max,
    query_timeout: queryTimeout,
  })
}

function listening(options: pg.PoolConfig): pg.Pool {
  const pool = new pg.Pool(options)
  // A connection that breaks fails the query in hand, or is replaced before the next one. Without a listener the same
  // news would also end the process.
  pool.on('error', () => {})
  const watch = new Stopwatch(systemClock)
  pool.on('acquire', () => watch.begin())
  pool.on('release', () => watch.end())
  WATCHES.set(pool, watch)
  pool.on('connect', (client) => client.on('error', () => {}))
  return pool
}

const WATCHES = new WeakMap<pg.Pool, Stopwatch>()

/** Milliseconds in which at least one connection of a pool was at work, since it was opened. */
export function busyMs(pool: pg.Pool): number {
  return WATCHES.get(pool)?.ms ?? 0
}

/**
 * Runs `work` in one transaction, at read committed and with settings of ours whatever the defaults of the role and the
 * database: committed when it resolves, rolled back when it throws. No request to the API belongs inside.
 * @throws what `work` throws; DatabaseError when an error that `work` swallowed made PostgreSQL roll back.
 */
export async function transaction<T>(
  pool: pg.Pool,
  work: (client: pg.PoolClient) => Promise<T>,
  options: TransactionOptions = {},
): Promise<T> {
  const ending = await attemptTransaction(pool, work, options)
  if ('error' in ending) throw ending.error
  return ending.result
}

/** `mayPass`: nothing of it was committed, surely so, and the same again may succeed. */
export type Ending<T> = { readonly result: T } | { readonly error: unknown; readonly mayPass: boolean }

/** The same transaction, but its failure is handed back with what is known of it, for whoever may try again. */
export async function attemptTransaction<T>(
  pool: pg.Pool,
  work: (client: pg.PoolClient) => Promise<T>,
  options: TransactionOptions = {},
): Promise<Ending<T>> {
  const client = await connected(pool)
  if ('error' in client) return client
  let lost: Error | undefined
  const onLost = (error: Error) => {
    lost ??= error
  }
  client.on('error', onLost)
  let committing = false
  let broken = false
  try {
    await client.query(beginStatement(options))
    const result = await work(client)
    // Ended by PostgreSQL since the last answer: no commit can be sent, so nothing was committed.
    if (lost) throw lost
    committing = true
    const { command } = await client.query('commit')
    // PostgreSQL answers the commit of a failed transaction with a rollback, and no error.
    if (command !== 'COMMIT')
      throw new DatabaseError('The transaction was rolled back: a statement in it failed.')
    return { result }
  } catch (error) {
    const away = committing ? await standbyAway(pool, error) : undefined
    broken = away !== undefined || !(await rolledBack(client))
    // Without a connection nobody knows whether the commit came through: only an answer of the server tells.
    const isKnown = !committing || tellsOfRollback(error)
    const told = away ?? (broken ? error : await lookCloser(client, error))
    return { error: told, mayPass: isKnown && passes(error, broken) }
  } finally {
    client.off('error', onLost)
    // A connection that may still be inside a transaction, or that broke since, must not serve anyone else.
    client.release(broken || lost !== undefined)
  }
}

async function connected(pool: pg.Pool): Promise<pg.PoolClient | { error: unknown; mayPass: boolean }> {
  try {
    return await pool.connect()
  } catch (error) {
    return { error, mayPass: passes(error, true) }
  }
}

/** Runs `work` in the transaction that a client is in already, or in one of its own on a pool. */
export function inTransaction<T>(
  connection: pg.Pool | pg.PoolClient,
  work: (client: pg.PoolClient) => Promise<T>,
): Promise<T> {
  return connection instanceof pg.Pool ? transaction(connection, work) : work(connection)
}

/** Serialization failure and the like, or a transaction that was ended before the commit arrived: it had idled too long. */
function tellsOfRollback(error: unknown): boolean {
  const state = sqlState(error)
  return state?.startsWith('40') === true || state === '25P03'
}

async function rolledBack(client: pg.PoolClient): Promise<boolean> {
  try {
    await client.query('rollback')
    return true
  } catch {
    return false
  }
}

/** For our pool only, never the global table of pg: a host application keeps its own. */
function getTypeParser(oid: number, format?: 'text' | 'binary'): (value: string) => unknown {
  if (oid === builtins.INT8) return parseInt8
  if (oid === builtins.TIMESTAMPTZ || oid === builtins.TIMESTAMP || oid === builtins.DATE) return String
  if (ARRAYS_OF_TIMES.includes(oid)) return pg.types.getTypeParser(TEXT_ARRAY, format)
  return pg.types.getTypeParser(oid, format)
}

/** An int8 as a number where that is exact, else its text. */
export function parseInt8(text: string): number | string {
  const value = Number(text)
  return Number.isSafeInteger(value) ? value : text
}
