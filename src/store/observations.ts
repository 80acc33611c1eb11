import type { PoolClient } from 'pg'
import { formatInstant, type Instant } from '../values/instant.ts'

/** One look at the API, or at what it no longer shows: its time is in every row and change that comes of it. */
export interface Observation {
  /** Canonical text, from before the request. */
  readonly at: string
  /**
   * All of it is committed, or nothing of it ever will be. Never after a commit that failed: its answer may be lost while
   * PostgreSQL still works on it.
   */
  end(): void
}

/** The observations of one lease that are on their way into the database. */
export class Observations {
  readonly #now: () => Instant
  /** In the order in which they began, which is that of their times. */
  readonly #open = new Set<{ readonly at: Instant }>()

  /** `now` never steps back. */
  constructor(now: () => Instant) {
    this.#now = now
  }

  begin(): Observation {
    const open = { at: this.#now() }
    this.#open.add(open)
    return { at: formatInstant(open.at), end: () => void this.#open.delete(open) }
  }

  /** What was observed before this is committed, and nothing that is observed earlier will be (I15). */
  get settledUntil(): Instant {
    const [oldest] = this.#open
    return oldest?.at ?? this.#now()
  }
}

/**
 * How far a source with nothing on its way is settled: as far as any source. After the database's clock stepped back,
 * readers would otherwise wait for one source until the clock has caught up, and miss what the others observe (I15).
 */
export const FURTHEST =
  'greatest(settled_until, clock_timestamp(), (select max(settled_until) from llamacloud_sync.sources))'

/** That nobody writes a source, which is settled up to more than so many seconds ago, or is behind a clock that stepped back. */
export const isIdle = (seconds: string) => `
  settled_until < ${FURTHEST} - make_interval(secs => case when settled_until < clock_timestamp() then ${seconds} else 0 end)
  and (lease_owner is null or lease_expires_at < clock_timestamp() - interval '1 minute')`

/**
 * Readers go by the source that is the furthest behind, and must not wait for one that no worker looks after any more. For
 * such a source this is a lease that is taken and given back at once.
 */
const SETTLE_IDLE = `
with idle as (
  select name from llamacloud_sync.sources
  where ${isIdle('$1')}
  order by name
  for update skip locked
)
update llamacloud_sync.sources as source
set
  settled_until = ${FURTHEST},
  fence = fence + (lease_owner is not null)::int,
  lease_owner = null,
  lease_expires_at = null
from idle
where source.name = idle.name
`

/** Moves `settled_until` of sources that nobody writes: once it is this many seconds old, or at once if the clock stepped back. */
export async function settleIdle(client: PoolClient, seconds: number): Promise<void> {
  await client.query(SETTLE_IDLE, [seconds])
}
