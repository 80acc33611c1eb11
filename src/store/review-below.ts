import type { Pool } from 'pg'
import { query } from './query.ts'

/**
 * Stores the threshold, if it is another one. A trigger then marks all days that were summed up, so the statistics are
 * right at once.
 *
 * @returns the one that was set before, or undefined when it was the same or none was set
 */
export async function setReviewBelow(pool: Pool, below: number): Promise<number | undefined> {
  const [row] = await query<{ before: number | null }>(
    pool,
    `with old as (select review_below from llamacloud.sync_settings)
    insert into llamacloud_sync.settings (review_below) select $1 from old where review_below <> $1
    on conflict (is_only) do update set review_below = excluded.review_below
    returning (select review_below from llamacloud_sync.settings) as before`,
    [below],
  )
  return row?.before ?? undefined
}
