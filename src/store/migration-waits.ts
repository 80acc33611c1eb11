import type { Pool, PoolClient } from 'pg'
import type { Clock } from '../clock.ts'
import { sqlState } from './database-error.ts'
import { transaction } from './pool.ts'

/**
 * Behind a lock that waits, every reader waits. So a migration waits this long at a time, less than PostgreSQL's
 * deadlock_timeout, after which a reader could be ended in its favour, and lets readers pass in between (I14).
 */
export const LOCK_WAIT_MS = 500
/** Then autovacuum gives way, as it does once somebody has waited for it longer than deadlock_timeout. */
const AUTOVACUUM_WAIT_MS = 1_500
const LET_PASS_MS = 1_000
const PATIENCE_MS = 300_000
const SAY_EVERY_MS = 10_000

const LOCK_NOT_AVAILABLE = '55P03'
const CANCELED = '57014'
const DEADLOCK = '40P01'

export interface MigrateOptions {
  readonly clock: Clock
  /** Ends the waiting at once. */
  readonly signal?: AbortSignal
  /** Somebody is in the way: a sentence that names who. */
  readonly onWait: (message: string) => void
}

/** Whoever holds a lock on tables of ours, or the lock of migrations. */
interface Holder {
  readonly pid: number
  readonly isAutovacuum: boolean
  readonly who: string
}

const DESCRIBED = `
  activity.pid,
  activity.backend_type is not distinct from 'autovacuum worker' as "isAutovacuum",
  format('pid %s (application %s, user %s, client %s, %s since %s, last statement began %s)',
    activity.pid,
    coalesce(nullif(activity.application_name, ''), activity.backend_type, 'unknown'),
    coalesce(activity.usename, 'unknown'),
    coalesce(host(activity.client_addr), 'local'),
    coalesce(activity.state, 'state not visible'),
    coalesce(to_char(activity.state_change, 'YYYY-MM-DD HH24:MI:SSOF'), 'unknown'),
    coalesce(to_char(activity.query_start, 'YYYY-MM-DD HH24:MI:SSOF'), 'unknown')) as who`

/** Within a transaction the activity is that of the first look, unless it is cleared: holders come and go while one waits. */
const LOOK_ANEW = 'select pg_stat_clear_snapshot()'

/**
 * The longest at it first. Those that only read are in nobody's way who does not keep readers out, nor is who looks which
 * migrations are applied, as our own guard does.
 */
const ON_TABLES = `
select ${DESCRIBED}
from pg_catalog.pg_stat_activity as activity
where activity.pid <> pg_backend_pid() and exists (
  select from pg_catalog.pg_locks as held
  join pg_catalog.pg_class as relation on relation.oid = held.relation
  join pg_catalog.pg_namespace as schema on schema.oid = relation.relnamespace
  where held.pid = activity.pid and held.granted and schema.nspname in ('llamacloud', 'llamacloud_sync')
    and held.database = (select oid from pg_catalog.pg_database where datname = current_database())
    and (held.mode <> 'AccessShareLock' or $1 and relation.relname not like 'migrations%')
)
order by activity.xact_start nulls last, activity.pid
limit 3`

const ON_MIGRATIONS = `
select ${DESCRIBED}
from pg_catalog.pg_stat_activity as activity
join pg_catalog.pg_locks as held on held.pid = activity.pid
where held.granted and held.locktype = 'advisory' and held.objsubid = 1
  and held.objid = (hashtext('llamacloud_sync.migrations')::bigint & 4294967295)::oid
  and held.database = (select oid from pg_catalog.pg_database where datname = current_database())
limit 1`

/** The driver's error, with its cure. */
export class WaitedTooLongError extends Error {
  readonly code = LOCK_NOT_AVAILABLE
  readonly cure: string
  constructor(what: string, holders: readonly Holder[]) {
    const names = holders.map(({ who }) => who)
    super(`${what} waited ${PATIENCE_MS / 60_000} minutes for ${names.join('; ') || 'a lock'}`)
    const pids = holders.map(({ pid }) => `select pg_terminate_backend(${pid});`)
    this.cure = `Wait until it ends, or end it with \`${pids.join(' ')}\`, and start again: nothing is lost, it continues where it stopped.`
  }
}

/** Waits for one thing, as long as it takes, up to some minutes. */
export class Wait {
  readonly #options: MigrateOptions
  readonly #what: string
  readonly #giveUpAt: number
  #sayAt: number

  constructor(what: string, options: MigrateOptions) {
    this.#options = options
    this.#what = what
    this.#giveUpAt = options.clock.monotonic() + PATIENCE_MS
    this.#sayAt = options.clock.monotonic()
  }

  /** @throws WaitedTooLongError */
  async pause(holders: readonly Holder[], ms = LET_PASS_MS): Promise<void> {
    const { clock, signal, onWait } = this.#options
    const now = clock.monotonic()
    if (now >= this.#giveUpAt) throw new WaitedTooLongError(this.#what, holders)
    if (now >= this.#sayAt) {
      this.#sayAt = now + SAY_EVERY_MS
      const names = holders.map(({ who }) => who).join('; ')
      onWait(
        `${this.#what} waits for ${names || 'a lock that was just released'}. It continues when that ends.`,
      )
    }
    await clock.sleep(ms, signal)
  }
}

/** Whether somebody else was in the way, and may not be next time. */
export function isInTheWay(error: unknown): boolean {
  const state = sqlState(error)
  return state === LOCK_NOT_AVAILABLE || state === DEADLOCK
}

/** Runs a LOCK TABLE inside a transaction until it has all its locks; in between it holds none of them. */
export async function lockPatiently(client: PoolClient, statement: string, wait: Wait): Promise<void> {
  const keepsReadersOut = /access exclusive/i.test(statement)
  for (let waitMs = LOCK_WAIT_MS; ; ) {
    // All of its locks together, which a lock_timeout, being of each, does not say.
    await client.query(
      `savepoint waiting; set local statement_timeout = ${waitMs}; set local lock_timeout = ${waitMs}`,
    )
    try {
      await client.query(statement)
      await client.query(`set local statement_timeout = 0; set local lock_timeout = ${LOCK_WAIT_MS}`)
      return
    } catch (error) {
      if (!isInTheWay(error) && sqlState(error) !== CANCELED) throw error
      await client.query('rollback to savepoint waiting')
      const holders = await holdersOf(client, keepsReadersOut)
      await wait.pause(holders)
      waitMs =
        holders.length > 0 && holders.every(({ isAutovacuum }) => isAutovacuum)
          ? AUTOVACUUM_WAIT_MS
          : LOCK_WAIT_MS
    }
  }
}

async function holdersOf(client: PoolClient, readersToo: boolean): Promise<Holder[]> {
  await client.query(LOOK_ANEW)
  return (await client.query<Holder>(ON_TABLES, [readersToo])).rows
}

/** Runs the transaction again while somebody else's lock ends it. */
export async function retriedWhileLocked(
  pool: Pool,
  wait: Wait,
  attempt: () => Promise<void>,
): Promise<void> {
  for (;;) {
    try {
      return await attempt()
    } catch (error) {
      if (!isInTheWay(error) || error instanceof WaitedTooLongError) throw error
      await wait.pause(await transaction(pool, (client) => holdersOf(client, true)))
    }
  }
}

const GUARD_POLL_MS = 200

/**
 * Runs `work` in the one process that migrates, and holds the guard in a transaction of its own, so that it holds through a
 * pooler. Asked for again and again, each time in a new transaction: an index that is built concurrently waits for the
 * transactions of those who wait, who would wait for it in turn.
 */
export async function guarded<T>(
  pool: Pool,
  options: MigrateOptions,
  work: (client: PoolClient) => Promise<T>,
): Promise<T> {
  const wait = new Wait('The migration', options)
  for (;;) {
    const done = await transaction(
      pool,
      async (client) => {
        const { rows } = await client.query<{ taken: boolean }>(
          `select pg_try_advisory_xact_lock(hashtext('llamacloud_sync.migrations')) as taken`,
        )
        return rows[0]?.taken ? { result: await work(client) } : undefined
      },
      { statementTimeout: 0, lockTimeout: 0, idleTimeout: 0 },
    )
    if (done) return done.result
    const holders = await transaction(pool, (client) => client.query<Holder>(ON_MIGRATIONS))
    await wait.pause(holders.rows, GUARD_POLL_MS)
  }
}
