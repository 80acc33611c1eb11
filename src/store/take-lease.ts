import type { Pool, PoolClient } from 'pg'
import { type Instant, MILLISECOND, parseInstant } from '../values/instant.ts'
import { sqlState } from './database-error.ts'
import type { Lease, LeaseOptions } from './lease.ts'
import { schemaTooNew } from './migrate.ts'
import { areNumbersMended } from './numbers.ts'
import { FURTHEST, isIdle, Observations, settleIdle } from './observations.ts'
import { transaction } from './pool.ts'

/** Migrations that this version does not know. */
export const NEWER =
  'array(select name from llamacloud_sync.migrations where name <> all ($4::text[]) order by name)'

/** Far more than any setting allows: one that ends later was taken when the database's clock was ahead. */
const LONGEST_LEASE = '25 hours'

/** Other sources that nobody writes are moved along now and then, not each time. */
export const IDLE_SECONDS = 60

/**
 * Takes the lease when it is free or has run out. `for update` waits for commits in flight, which hold `for key share`,
 * so that no commit of the former holder can follow; the fence then refuses all its later ones (I6). So all of the former
 * holder is settled, whatever became of it (I15).
 */
const ACQUIRE = `
with free as (
  select name from llamacloud_sync.sources
  where name = $1 and (
    lease_owner is null
    or lease_expires_at <= clock_timestamp()
    or lease_expires_at > clock_timestamp() + interval '${LONGEST_LEASE}'
  )
  for update
)
update llamacloud_sync.sources as source
set
  lease_owner = $2,
  lease_expires_at = clock_timestamp() + make_interval(secs => $3),
  fence = fence + 1,
  settled_until = ${FURTHEST}
from free
where source.name = free.name
returning
  source.fence, clock_timestamp()::text as now, source.settled_until::text as "settledUntil", ${NEWER} as newer,
  exists (select from llamacloud_sync.sources where name <> $1 and ${isIdle(`${IDLE_SECONDS}`)}) as "hasIdle"
`

const LOCK_NOT_AVAILABLE = '55P03'

/** Rolls back the transaction that takes a lease. */
const DECLINED = new Error('the lease was declined')

export type Taken = Pick<Lease, 'now' | 'ahead'> & {
  readonly fence: number
  readonly observations: Observations
}

/** Null when it cannot be had. In a transaction, so that no setting of the database changes how it goes. */
export async function takeLease(
  pool: Pool,
  source: string,
  known: readonly string[],
  options: LeaseOptions,
  isSecond = false,
): Promise<Taken | null> {
  try {
    return await transaction(pool, (client) => takeWithin(client, source, known, options))
  } catch (error) {
    if (error === DECLINED || sqlState(error) === LOCK_NOT_AVAILABLE) return null
    if (!isSecond && (await areNumbersMended(pool, error)))
      return takeLease(pool, source, known, options, true)
    throw error
  }
}

async function takeWithin(
  client: PoolClient,
  source: string,
  known: readonly string[],
  { owner, leaseMs, clock, begin }: LeaseOptions,
): Promise<Taken | null> {
  const { rows } = await client.query<AcquiredRow>(ACQUIRE, [source, owner, leaseMs / 1000, known])
  const acquiredAt = clock.monotonic()
  const [row] = rows
  if (!row) return null
  if (row.newer.length > 0) throw schemaTooNew(row.newer)
  if (row.hasIdle) await settleIdle(client, IDLE_SECONDS)
  const since = (start: Instant) => () => start + Math.round((clock.monotonic() - acquiredAt) * MILLISECOND)
  const [start, settled] = [instantOf(row.now), instantOf(row.settledUntil)]
  if (begin && !(await begin(client, start))) throw DECLINED
  return {
    fence: row.fence,
    now: since(start),
    ahead: Math.max(0, settled - start),
    observations: new Observations(since(Math.max(start, settled))),
  }
}

interface AcquiredRow {
  readonly fence: number
  readonly newer: readonly string[]
  readonly now: string
  readonly settledUntil: string
  /** Whether another source waits for someone to move it along. */
  readonly hasIdle: boolean
}

function instantOf(text: string): Instant {
  const instant = parseInstant(text)
  if (instant === undefined) throw new RangeError(`the database's clock cannot be used: ${text}`)
  return instant
}
