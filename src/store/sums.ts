import type { Pool, PoolClient } from 'pg'
import type { Clock } from '../clock.ts'
import { transaction } from './pool.ts'

/** What a list keeps of its days, for the views. */
export interface Sums {
  /** Tables of the worker's schema: days that were written since they were summed up. */
  readonly dirtyDays: string
  /** Each table of sums, with the view that makes its rows from the jobs. */
  readonly settled: readonly (readonly [table: string, view: string])[]
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
  const { rows } = await transaction(pool, (client) => client.query<{ day: string }>(atRest(sums)))
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
