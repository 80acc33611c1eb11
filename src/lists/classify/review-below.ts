import type { Pool } from 'pg'
import type { TableComments, ViewComments } from '../../store/columns.ts'
import { boolean, check, doublePrecision, sql } from '../../store/drizzle.cjs'
import { transaction } from '../../store/pool.ts'
import { workerSchema } from '../../store/schema.ts'

/**
 * What the views go by beside the jobs, once the worker's settings said it. At most one row, and none from the start: it
 * would be in the way of the row that an import or a replication brings.
 */
export const storedSettings = workerSchema.table(
  'settings',
  {
    isOnly: boolean('is_only').primaryKey().default(true),
    reviewBelow: doublePrecision('review_below').notNull(),
  },
  () => [
    check('settings_one_row', sql`is_only`),
    // Zero would leave out jobs that matched no rule: for the index they count as a confidence of zero.
    check('settings_review_below', sql`review_below > 0 and review_below <= 1`),
  ],
)

export const storedSettingsComments: TableComments<'isOnly' | 'reviewBelow'> = {
  table: 'Settings of the worker that the views depend on. No row until one was set: see sync_settings.',
  columns: {
    isOnly: 'Always true: there is at most one row.',
    reviewBelow: 'SYNC_REVIEW_BELOW, as it was last set.',
  },
}

export const syncSettingsComments: ViewComments = {
  view: 'sync_settings',
  comment: 'Settings of the worker that the other views depend on, in one row.',
  columns: {
    review_below:
      'Confidence below which a completed job counts as low confidence and is in classify_review_queue (SYNC_REVIEW_BELOW).',
  },
}

/**
 * Stores the threshold, if it is another one. A trigger then marks all days that were summed up, so the statistics are
 * right at once.
 *
 * @returns the one before, or undefined when it was the same
 */
export async function setReviewBelow(pool: Pool, below: number): Promise<number | undefined> {
  const { rows } = await transaction(pool, (client) =>
    client.query<{ before: number }>(
      `with old as (select review_below from llamacloud.sync_settings)
      insert into llamacloud_sync.settings (review_below) select $1 from old where review_below <> $1
      on conflict (is_only) do update set review_below = excluded.review_below
      returning (select review_below from old) as before`,
      [below],
    ),
  )
  return rows[0]?.before
}
