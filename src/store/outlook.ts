import type { Pool, PoolClient } from 'pg'
import { type Instant, parseInstant } from '../values/instant.ts'
import { TIMELINE, type Timeline, timelineOf } from './coverage.ts'
import { drizzle, eq, sql } from './drizzle.cjs'
import { inTransaction } from './pool.ts'
import { sources } from './schema.ts'
import { anyAtRest, type Sums } from './sums.ts'

/** What there is to do for a source. Times are of the database's clock. */
export interface Outlook extends Timeline {
  /** Where the timeline begins; null: there is none yet. */
  readonly begin: Instant | null
  /** When the next job is to be asked for by id, and the next span to be read; null: never. */
  readonly recheckAt: Instant | null
  readonly spanAt: Instant | null
  /** Whether any job is missing and not marked as gone. */
  readonly holds: boolean
  /** Whether days of the list have come to rest and are to be summed up. */
  readonly sumsUp: boolean
}

/** Each part takes one entry of an index, whose order it asks for: else a whole table may seem the nearer way (I14). */
const columnsOf = (source: string) => ({
  ...TIMELINE,
  begin: sql<
    string | null
  >`(select lower from llamacloud_sync.spans where source = ${source} order by lower limit 1)`,
  recheckAt: sql<string | null>`least(
    (select due_at from llamacloud_sync.rechecks where source = ${source} and reason is null order by due_at limit 1),
    (select due_at from llamacloud_sync.rechecks where source = ${source} and reason is not null order by due_at limit 1)
  )`,
  spanAt: sql<
    string | null
  >`(select due_at from llamacloud_sync.spans where source = ${source} order by due_at limit 1)`,
  holds: sql<boolean>`(
    select missed_at from llamacloud_sync.rechecks
    where source = ${source} and missed_at is not null and gone_at is null
    order by missed_at limit 1
  ) is not null`,
})

export async function loadOutlook(
  connection: Pool | PoolClient,
  source: string,
  sums: Sums | null,
): Promise<Outlook> {
  const columns = { ...columnsOf(source), sumsUp: sql<boolean>`${sums ? sql.raw(anyAtRest(sums)) : false}` }
  const [row] = await inTransaction(connection, (client) =>
    drizzle(client).select(columns).from(sources).where(eq(sources.name, source)),
  )
  const timeline = timelineOf(row)
  return {
    ...timeline,
    begin: instantOf(row?.begin) ?? timeline.head?.from ?? null,
    recheckAt: instantOf(row?.recheckAt),
    spanAt: instantOf(row?.spanAt),
    holds: row?.holds ?? false,
    sumsUp: row?.sumsUp ?? false,
  }
}

function instantOf(text: string | null | undefined): Instant | null {
  return parseInstant(text ?? '') ?? null
}
