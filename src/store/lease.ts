import type { Pool, PoolClient } from 'pg'
import type { Clock } from '../clock.ts'
import { LeaseLostError } from '../errors.ts'
import { formatInstant, type Instant } from '../values/instant.ts'
import { schemaTooNew } from './migrate.ts'
import { knownMigrations } from './migration-files.ts'
import { type Observation, settleIdle } from './observations.ts'
import { transaction } from './pool.ts'
import { query } from './query.ts'
import { transactionWithRetries } from './retry.ts'
import { IDLE_SECONDS, NEWER, takeLease } from './take-lease.ts'
import { REPLICATION_ROLE, triggersOffError } from './triggers-off.ts'

const RENEW = `
update llamacloud_sync.sources
set lease_expires_at = clock_timestamp() + make_interval(secs => $3), settled_until = greatest(settled_until, $5)
where name = $1 and fence = $2 and lease_owner = $4
`

/**
 * Gives the lease back. It is also the check of the last commit: where the answer to an earlier try was lost, the lease may be
 * given back already, and nobody may have had it since. Triggers are no matter then, only the end of the run is noted.
 */
const RELEASE = `
update llamacloud_sync.sources
set
  lease_owner = null,
  lease_expires_at = null,
  last_owner = $3,
  settled_until = greatest(settled_until, $5)
where name = $1 and fence = $2 and (lease_owner = $3 or lease_owner is null and last_owner = $3)
returning ${NEWER} as newer, false as "isReplica"
`

/**
 * Does not stand in the way of the commit's own update of the row, only in that of a take-over. By the owner as well: a
 * standby that took over may have counted another holder with the same number. It also tells of migrations that this version
 * does not know: those of a newer one wait for commits in flight, and none of an older worker may follow. And it tells whether
 * the triggers that mark days would do nothing.
 */
const CHECK = `
select ${NEWER} as newer, current_setting('${REPLICATION_ROLE}') = 'replica' as "isReplica"
from llamacloud_sync.sources where name = $1 and fence = $2 and lease_owner = $3
for key share`

interface Checked {
  readonly newer: readonly string[]
  readonly isReplica: boolean
}

/** Serialises the ends of commits that run side by side, so that each sees what the other drained. */
const LOCK = `select 1 from llamacloud_sync.sources where name = $1 for no key update`

/** A worker that is paused in the middle of a commit stands in the way of a take-over no longer than this, or its lease. */
const LONGEST_IDLE_MS = 60_000

/** The right to write a source, held until it is released or, unrenewed, runs out (I6). */
export interface Lease {
  readonly source: string
  /** The database's time: counted from the moment of acquisition, whatever the worker's clock says (A14). */
  now(): Instant
  /** How far the times of observations are ahead of that, where the database's clock has stepped back; else 0. */
  readonly ahead: Instant
  /**
   * Begins an observation: what comes of it bears its time, and may be committed until it ends. The time is that of `now`,
   * but never before what was promised to be settled, should the database's clock have stepped back (I15).
   */
  observe(): Observation
  /** Aborts with LeaseLostError when another worker has taken over. */
  readonly lost: AbortSignal
  /**
   * Runs `work` in one transaction that is refused when the lease is lost. Commits may run side by side. Run again when
   * the database fails in a way that passes and nothing was committed, so `work` must have no effect but its writes.
   * @throws LeaseLostError; SchemaTooNewError when a newer version has migrated the database
   */
  commit<T>(work: (client: PoolClient) => Promise<T>): Promise<T>
  /** The last commit of all, which only notes how the run ended: it gives the lease back in its transaction. */
  commitLast<T>(work: (client: PoolClient) => Promise<T>): Promise<T>
  /** To be called inside a commit before it reads or writes windows and coverage; waits for its neighbours. */
  lockProgress(client: PoolClient): Promise<void>
  release(): Promise<void>
}

export interface LeaseOptions {
  readonly owner: string
  /** How long it holds without renewal, milliseconds. Renewed at a third of it. */
  readonly leaseMs: number
  readonly clock: Clock
  /** Ends the retries of commits; a commit that is called after it aborted is tried once. Never, when left out. */
  readonly signal?: AbortSignal
  /** A commit failed, surely left nothing behind, and is tried again. */
  readonly onRetry?: (error: unknown, delayMs: number) => void
  /**
   * The first writes under it, in the transaction that takes it; `now` is the database's time. False: the lease is not taken
   * after all.
   */
  readonly begin?: (client: PoolClient, now: Instant) => Promise<boolean>
}

/**
 * Takes the lease of a source; null when there is none of that name, when another worker holds it, or has held it and is
 * still in the middle of a commit, and when `begin` declined.
 */
export async function acquireLease(pool: Pool, source: string, options: LeaseOptions): Promise<Lease | null> {
  const { owner, leaseMs, clock, signal, onRetry = () => {} } = options
  const known = await knownMigrations()
  const taken = await takeLease(pool, source, known, options)
  if (!taken) return null
  const { fence, now, ahead, observations } = taken
  const settledUntil = () => formatInstant(observations.settledUntil)
  const lost = new AbortController()
  const loss = () =>
    new LeaseLostError(`Another worker took over the source "${source}"; it continues there.`)
  const ended = signal ? AbortSignal.any([signal, lost.signal]) : lost.signal
  const stopRenewing = renewRegularly(
    async () => {
      const values = [source, fence, leaseMs / 1000, owner, settledUntil()]
      const renewed = await transaction(pool, (client) => client.query(RENEW, values))
      if (renewed.rowCount === 0) lost.abort(loss())
      await transaction(pool, (client) => settleIdle(client, IDLE_SECONDS))
    },
    leaseMs / 3,
    clock,
  )
  const held = [source, fence, owner, known]
  const check = (client: PoolClient) => client.query<Checked>(CHECK, held)
  const giveBack = (client: PoolClient) => client.query<Checked>(RELEASE, [...held, settledUntil()])
  const commitAfter = <T>(claim: typeof check, work: (client: PoolClient) => Promise<T>) => {
    const checked = async (client: PoolClient) => {
      const [claimed] = (await claim(client)).rows
      if (!claimed) throw loss()
      if (claimed.newer.length > 0) throw schemaTooNew(claimed.newer)
      if (claimed.isReplica) throw await triggersOffError(client)
      return work(client)
    }
    const idleTimeout = Math.min(leaseMs, LONGEST_IDLE_MS)
    return transactionWithRetries(pool, checked, { clock, signal: ended, onRetry, idleTimeout })
  }
  let isReleased = false
  return {
    source,
    now,
    ahead,
    observe: () => observations.begin(),
    lost: lost.signal,
    commit: (work) => commitAfter(check, work),
    commitLast: async (work) => {
      const result = await commitAfter(giveBack, work)
      isReleased = true
      return result
    },
    lockProgress: async (client) => {
      await client.query(LOCK, [source])
    },
    release: async () => {
      await stopRenewing()
      if (!isReleased) await transaction(pool, giveBack)
    },
  }
}

/** Calls `renew` every `everyMs`; a failure is left to the next time, as a commit finds out by itself. */
function renewRegularly(renew: () => Promise<void>, everyMs: number, clock: Clock): () => Promise<void> {
  const stop = new AbortController()
  const loop = async () => {
    while (!stop.signal.aborted) {
      await clock.sleep(everyMs, stop.signal)
      await renew().catch(() => {})
    }
  }
  const done = loop().catch(() => {})
  return async () => {
    stop.abort()
    await done
  }
}

/** The worker that holds the lease of a source; null when none does. */
export async function leaseHolder(pool: Pool, source: string): Promise<string | null> {
  const [row] = await query<{ owner: string | null }>(
    pool,
    `select lease_owner as owner from llamacloud_sync.sources
    where name = $1 and lease_expires_at > clock_timestamp()`,
    [source],
  )
  return row?.owner ?? null
}
