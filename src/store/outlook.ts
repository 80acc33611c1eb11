import type { Pool, PoolClient } from 'pg'
import { type Instant, parseInstant } from '../values/instant.ts'
import { loadTimeline, type Timeline } from './coverage.ts'
import { inTransaction } from './pool.ts'

/** What there is to do for a source. Times are of the database's clock. */
export interface Outlook extends Timeline {
  /** Where the timeline begins; null: there is none yet. */
  readonly begin: Instant | null
  /** When the next job is to be asked for by id, and the next span to be read; null: never. */
  readonly recheckAt: Instant | null
  readonly spanAt: Instant | null
  /** Whether any job is missing and not marked as gone. */
  readonly holds: boolean
}

/** Each part takes one entry of an index, whose order it asks for: else a whole table may seem the nearer way (I14). */
const SELECT = `
select
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
  ) is not null as holds
`

interface Row {
  readonly begin: string | null
  readonly recheckAt: string | null
  readonly spanAt: string | null
  readonly holds: boolean
}

export function loadOutlook(connection: Pool | PoolClient, source: string): Promise<Outlook> {
  return inTransaction(connection, async (client) => {
    const timeline = await loadTimeline(client, source)
    const { rows } = await client.query<Row>(SELECT, [source])
    const { begin = null, recheckAt = null, spanAt = null, holds = false } = rows[0] ?? {}
    return {
      ...timeline,
      begin: instantOf(begin) ?? timeline.head?.from ?? null,
      recheckAt: instantOf(recheckAt),
      spanAt: instantOf(spanAt),
      holds,
    }
  })
}

function instantOf(text: string | null): Instant | null {
  return text === null ? null : (parseInstant(text) ?? null)
}
