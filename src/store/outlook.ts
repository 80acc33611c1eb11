import type { Pool, PoolClient } from 'pg'
import { type Instant, parseInstant } from '../values/instant.ts'
import { TIMELINE, type Timeline, type TimelineRow, timelineOf } from './coverage.ts'
import { query } from './query.ts'
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
const selectOutlook = (sums: Sums | null) => `
select
  ${TIMELINE},
  (select lower from llamacloud_sync.spans where source = $1 order by lower limit 1) as begin,
  least(
    (select due_at from llamacloud_sync.rechecks where source = $1 and reason is null order by due_at limit 1),
    (select due_at from llamacloud_sync.rechecks where source = $1 and reason is not null order by due_at limit 1)
  ) as "recheckAt",
  (select due_at from llamacloud_sync.spans where source = $1 order by due_at limit 1) as "spanAt",
  (
    select missed_at from llamacloud_sync.rechecks
    where source = $1 and missed_at is not null and gone_at is null
    order by missed_at limit 1
  ) is not null as holds,
  ${sums ? anyAtRest(sums) : 'false'} as "sumsUp"
from llamacloud_sync.sources where name = $1
`

interface OutlookRow extends TimelineRow, Pick<Outlook, 'holds' | 'sumsUp'> {
  readonly begin: string | null
  readonly recheckAt: string | null
  readonly spanAt: string | null
}

export async function loadOutlook(
  connection: Pool | PoolClient,
  source: string,
  sums: Sums | null,
): Promise<Outlook> {
  const [row] = await query<OutlookRow>(connection, selectOutlook(sums), [source])
  const timeline = timelineOf(row)
  return {
    ...timeline,
    begin: parseInstant(row?.begin) ?? timeline.head?.from ?? null,
    recheckAt: parseInstant(row?.recheckAt) ?? null,
    spanAt: parseInstant(row?.spanAt) ?? null,
    holds: row?.holds ?? false,
    sumsUp: row?.sumsUp ?? false,
  }
}
