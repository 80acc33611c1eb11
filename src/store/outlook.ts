import type { Pool } from 'pg'
import { type Instant, parseInstant } from '../values/instant.ts'
import { transaction } from './pool.ts'

/** What there is to do for a source, as one statement sees it. Times are of the database's clock. */
export interface Outlook {
  /** Where the timeline begins; null: there is none yet. */
  readonly begin: Instant | null
  readonly hasHead: boolean
  /** When the next job is to be asked for by id, and the next span to be read; null: never. */
  readonly recheckAt: Instant | null
  readonly spanAt: Instant | null
  /** Whether any job is missing and not marked as gone. */
  readonly holds: boolean
  readonly darkSince: Instant | null
  /** When the oldest jobs were last asked for. */
  readonly probedAt: Instant | null
  /** Seconds between two readings of an old span, as the spans follow it; null for never. */
  readonly reconcileEvery: number | null
}

const NOTHING: Outlook = {
  begin: null,
  hasHead: false,
  recheckAt: null,
  spanAt: null,
  holds: false,
  darkSince: null,
  probedAt: null,
  reconcileEvery: null,
}

/** Each part takes one entry of an index, whose order it asks for: else a whole table may seem the nearer way (I14). */
const SELECT = `
select
  coalesce(
    (select lower from llamacloud_sync.spans where source = $1 order by lower limit 1), head_from
  ) as begin,
  head_from is not null as "hasHead",
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
  dark_since as "darkSince",
  probed_at as "probedAt",
  reconcile_every as "reconcileEvery"
from llamacloud_sync.sources
where name = $1
`

type Times = 'begin' | 'recheckAt' | 'spanAt' | 'darkSince' | 'probedAt'
type Row = Omit<Outlook, Times> & Readonly<Record<Times, string | null>>

export async function loadOutlook(pool: Pool, source: string): Promise<Outlook> {
  const { rows } = await transaction(pool, (client) => client.query<Row>(SELECT, [source]))
  const [row] = rows
  if (!row) return NOTHING
  const { begin, recheckAt, spanAt, darkSince, probedAt, ...others } = row
  return {
    ...others,
    begin: instantOf(begin),
    recheckAt: instantOf(recheckAt),
    spanAt: instantOf(spanAt),
    darkSince: instantOf(darkSince),
    probedAt: instantOf(probedAt),
  }
}

function instantOf(text: string | null): Instant | null {
  return text === null ? null : (parseInstant(text) ?? null)
}
