import type { Pool, PoolClient } from 'pg'
import type { Clock } from '../clock.ts'
import { transaction } from './pool.ts'
import { query } from './query.ts'

/** Which rows of a table of sums show that it has those of a day. Any when left out. Conditions are SQL. */
export interface Presence {
  /** What its index needs. */
  readonly rows?: string
  /** There are none where the first table has no such row of the day. */
  readonly where?: string
}

/** What a list keeps of its days, for the views. */
export interface Sums {
  /** Tables of the worker's schema: days that were written since they were summed up. */
  readonly dirtyDays: string
  /** Each table of sums, with the view that makes its rows from the jobs. The first has rows of every day with jobs. */
  readonly settled: readonly (readonly [table: string, view: string, presence?: Presence])[]
  /** What the triggers of its jobs call: for the days that are written, and when all jobs are removed. */
  readonly triggers: { readonly mark: string; readonly forget: string }
}

/** Days that nobody has written for so long are summed up: a day of history is written by several commits. */
const REST_SECONDS = 120
/** A source's cycle does not wait for more. */
const MOST_DAYS = 100
const MOST_MS = 10_000

/** Not a day without a number, which no job of the API has: there is no lock for it. */
const atRest = ({ dirtyDays }: Sums) => `
  select day::text from llamacloud_sync.${dirtyDays}
  where isfinite(day)
  group by day
  having max(marked_at) < clock_timestamp() - make_interval(secs => ${REST_SECONDS})
  order by day desc
  limit ${MOST_DAYS}
`

/** For a select: whether any day has come to rest. */
export const anyAtRest = (sums: Sums) => `exists (${atRest(sums)})`

/** Sums up days that have come to rest, so that the views need not read their jobs. Workers may do it side by side. */
export async function sumUpDays(pool: Pool, sums: Sums, clock: Clock): Promise<void> {
  const rows = await query<{ day: string }>(pool, atRest(sums))
  const end = clock.monotonic() + MOST_MS
  for (const { day } of rows) {
    if (clock.monotonic() > end) return
    await transaction(pool, (client) => sumUpDay(client, sums, day))
  }
}

/**
 * The marks go first. Each statement sees at least what the one before it saw: so a commit whose mark goes is in the sums,
 * and one that comes in between leaves its mark, for the next time. A change of what the sums depend on marks all days that
 * have sums, under the lock that is shared here: it waits for these, or these go by the new value.
 */
export async function sumUpDay(client: PoolClient, { dirtyDays, settled }: Sums, day: string): Promise<void> {
  const lock = `
    select pg_advisory_xact_lock_shared(hashtext($1)),
      pg_try_advisory_xact_lock(hashtext($1), $2::date - date '2000-01-01') as free`
  const { rows } = await client.query<{ free: boolean }>(lock, [dirtyDays, day])
  if (!rows[0]?.free) return
  await client.query(`delete from llamacloud_sync.${dirtyDays} where day = $1`, [day])
  for (const [table, view] of settled) {
    await client.query(`delete from llamacloud_sync.${table} where day = $1`, [day])
    await client.query(
      `insert into llamacloud_sync.${table} select * from llamacloud_sync.${view} where day = $1`,
      [day],
    )
  }
}

/** A look-up in the index each: the table may be distributed, and has no other way that reads little (I14). */
async function* daysBelow(client: PoolClient, table: string): AsyncGenerator<string, void, void> {
  const created = "(created_at at time zone 'UTC')::date"
  for (let below = 'infinity'; ; ) {
    const { rows } = await client.query<{ day: string }>(
      `select ${created}::text as day from ${table} where ${created} < $1 order by ${created} desc limit 1`,
      [below],
    )
    if (rows[0] === undefined) return
    yield rows[0].day
    below = rows[0].day
  }
}

/** Whether `stored.day` has a row in a table of sums, or needs none. */
function hasSums({ settled }: Sums, [table, , presence]: Sums['settled'][number]): string {
  const rowOf = (name: string | undefined, condition = 'true') =>
    `exists (select from llamacloud_sync.${name} as sums where sums.day = stored.day and ${condition})`
  const { rows, where } = presence ?? {}
  return where === undefined
    ? rowOf(table, rows)
    : `(${rowOf(table, rows)} or not ${rowOf(settled[0]?.[0], where)})`
}

/**
 * Marks the days of a table of jobs that have neither sums nor a mark: somebody removed those, and the views would leave the day
 * out. Returns how many there were.
 */
export async function markUnsummed(pool: Pool, sums: Sums, table: string): Promise<number> {
  return transaction(pool, async (client) => {
    const days: string[] = []
    for await (const day of daysBelow(client, table)) days.push(day)
    const { rowCount } = await client.query(
      `insert into llamacloud_sync.${sums.dirtyDays} (day)
      select day from unnest($1::date[]) as stored(day)
      where isfinite(day) and not (${sums.settled.map((each) => hasSums(sums, each)).join(' and ')})
        and not exists (select from llamacloud_sync.${sums.dirtyDays} as dirty where dirty.day = stored.day)`,
      [days],
    )
    return rowCount ?? 0
  })
}
