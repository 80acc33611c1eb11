import type { Pool, PoolClient } from 'pg'
import type { Clock } from '../clock.ts'
import { CuredError, sqlState } from './database-error.ts'
import { type Holder, holdersOf, holdersOfGuard } from './migration-holders.ts'
import { transaction } from './pool.ts'

/**
 * Behind a lock that waits, every reader waits. So a migration waits this long at a time, less than PostgreSQL's
 * deadlock_timeout, after which a reader could be ended in its favour, and lets readers pass in between (I14).
 */
export const LOCK_WAIT_MS = 500
/**
 * Between two such waits it looks in again and again, as briefly: who asks question after question pauses only for a moment,
 * and who comes in during a long wait may hold what is wanted next.
 */
const GLANCE_MS = 20
const GLANCES = 14
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

/** The driver's error, with its cure. */
export class WaitedTooLongError extends CuredError {
  constructor(what: string, holders: readonly Holder[]) {
    const names = holders.map(({ who }) => who)
    const endings = holders.map(({ ending }) => ending)
    const end = endings.length > 0 ? `, or end it with \`${endings.join(' ')}\`` : ''
    super(
      `${what} waited ${PATIENCE_MS / 60_000} minutes for ${names.join('; ') || 'a lock'}`,
      `Wait until it ends${end}, and start again: nothing is lost, it continues where it stopped.`,
      LOCK_NOT_AVAILABLE,
    )
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
  for (let [tries, waitMs] = [0, LOCK_WAIT_MS]; ; tries += 1) {
    const isGlance = tries % (GLANCES + 1) > 0
    if (await locked(client, statement, isGlance ? GLANCE_MS : waitMs)) return
    const holders = await holdersOf(client, keepsReadersOut)
    await wait.pause(holders, LET_PASS_MS / GLANCES)
    const areAutovacuum = holders.length > 0 && holders.every(({ isAutovacuum }) => isAutovacuum)
    waitMs = areAutovacuum ? AUTOVACUUM_WAIT_MS : LOCK_WAIT_MS
  }
}

/** All of its locks together within the time, which a lock_timeout, being of each, does not say. */
async function locked(client: PoolClient, statement: string, ms: number): Promise<boolean> {
  await client.query(`savepoint waiting; set local statement_timeout = ${ms}; set local lock_timeout = ${ms}`)
  try {
    await client.query(statement)
    await client.query(`set local statement_timeout = 0; set local lock_timeout = ${LOCK_WAIT_MS}`)
    return true
  } catch (error) {
    if (!isInTheWay(error) && sqlState(error) !== CANCELED) throw error
    await client.query('rollback to savepoint waiting')
    return false
  }
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
    const holders = await transaction(pool, holdersOfGuard)
    await wait.pause(holders, GUARD_POLL_MS)
  }
}
