import type { Pool, PoolClient } from 'pg'
import { formatInstant, type Instant } from '../values/instant.ts'
import { storedInstant } from './columns.ts'
import { query } from './query.ts'

/** The contiguous stretch of created_at that was read at least once, both ends inclusive. */
export interface Coverage {
  readonly coveredFrom: Instant
  readonly watermark: Instant
}

/** Where the open span begins, which holds the present, and when it was last read. */
export interface Head {
  /** Its lower end, by the API's clock; above it there are no spans. */
  readonly from: Instant
  /** The API's present when its latest complete reading began. */
  readonly until: Instant
  /** When that was by the database's clock. */
  readonly readAt: Instant
}

export interface Timeline {
  readonly coverage: Coverage | null
  readonly head: Head | null
  /** Since when the API has shown none of the jobs that it should know, by the database's clock; null: it does. */
  readonly darkSince: Instant | null
  /** When the oldest jobs were last asked for. */
  readonly probedAt: Instant | null
  /** Seconds between two readings of an old span, as the spans follow it; null for never. */
  readonly reconcileEvery: number | null
  /** How many items the last requests asked for (A23). */
  readonly pageSize: number | null
}

/** The columns of a source's row that `timelineOf` reads. */
export const TIMELINE = `
  covered_from as "coveredFrom", watermark,
  head_from as "headFrom", head_until as "headUntil", head_read_at as "headReadAt",
  dark_since as "darkSince", probed_at as "probedAt", reconcile_every as "reconcileEvery", page_size as "pageSize"`

type Times = 'coveredFrom' | 'watermark' | 'headFrom' | 'headUntil' | 'headReadAt' | 'darkSince' | 'probedAt'

export type TimelineRow = Readonly<Record<Times, string | null>> &
  Pick<Timeline, 'reconcileEvery' | 'pageSize'>

export async function loadTimeline(connection: Pool | PoolClient, source: string): Promise<Timeline> {
  const select = `select ${TIMELINE} from llamacloud_sync.sources where name = $1`
  const [row] = await query<TimelineRow>(connection, select, [source])
  return timelineOf(row)
}

export function timelineOf(row: TimelineRow | undefined): Timeline {
  const timeOf = (name: Times) => {
    const text = row?.[name] ?? null
    return text === null ? null : storedInstant(text)
  }
  const [coveredFrom, watermark] = [timeOf('coveredFrom'), timeOf('watermark')]
  const [from, until, readAt] = [timeOf('headFrom'), timeOf('headUntil'), timeOf('headReadAt')]
  return {
    coverage: coveredFrom === null || watermark === null ? null : { coveredFrom, watermark },
    head: from === null || until === null || readAt === null ? null : { from, until, readAt },
    darkSince: timeOf('darkSince'),
    probedAt: timeOf('probedAt'),
    reconcileEvery: row?.reconcileEvery ?? null,
    pageSize: row?.pageSize ?? null,
  }
}

const SAVE_HEAD = `
update llamacloud_sync.sources set head_from = $2, head_until = $3, head_read_at = $4 where name = $1
`

/** Locks the progress, as `lockProgress` does. */
export async function saveHead(
  client: PoolClient,
  source: string,
  { from, until, readAt }: Head,
): Promise<void> {
  await client.query(SAVE_HEAD, [source, ...[from, until, readAt].map(formatInstant)])
}

/**
 * Grows the coverage over the spans that were read and touch it, down and up, and over the open span when it touches
 * that, up to what cannot be read of it (I2, I3). Comes last in a commit. Spans touch each other, so the one below an instant is the one that begins last
 * before it.
 */
const GROW = `
with recursive known as (
  select
    name,
    coalesce(covered_from, head_from) as lower,
    coalesce(watermark, head_from) as upper,
    head_from, head_until
  from llamacloud_sync.sources where name = $1
),
down as (
  select lower as edge from known
  union all
  select span.lower
  from down
  cross join lateral (
    select lower, upper, read_at from llamacloud_sync.spans
    where source = $1 and lower < down.edge
    order by lower desc limit 1
  ) as span
  where span.read_at is not null and span.upper >= down.edge
),
up as (
  select upper as edge from known
  union all
  select span.upper
  from up
  cross join lateral (
    select lower, upper, read_at from llamacloud_sync.spans
    where source = $1 and lower <= up.edge
    order by lower desc limit 1
  ) as span
  where span.read_at is not null and span.upper > up.edge
),
hole as (
  select span.lower
  from known, llamacloud_sync.spans as span
  where span.source = $1 and span.lower >= known.head_from and span.read_at is null
  order by span.lower limit 1
),
grown as (
  select
    min(down.edge) as covered_from,
    case
      when max(up.edge) >= max(known.head_from)
        then greatest(max(up.edge), least(max(known.head_until), (select lower from hole)))
      else max(up.edge)
    end as watermark
  from known, down, up
)
update llamacloud_sync.sources as source
set covered_from = grown.covered_from, watermark = grown.watermark
from grown
where source.name = $1 and source.head_from is not null
  and (source.covered_from, source.watermark) is distinct from (grown.covered_from, grown.watermark)
`

export async function growCoverage(client: PoolClient, source: string): Promise<void> {
  await client.query(GROW, [source])
}

/** Takes the coverage back to where it was truly read: for a clock that proved wrong (I3). */
export async function takeCoverageBack(client: PoolClient, source: string, to: Instant): Promise<void> {
  await client.query(
    'update llamacloud_sync.sources set watermark = $2, covered_from = least(covered_from, $2) where name = $1',
    [source, formatInstant(to)],
  )
}

/** Everything is to be read again: nothing is covered any more. The head stays where it is. */
export async function forgetCoverage(client: PoolClient, source: string): Promise<void> {
  await client.query(
    'update llamacloud_sync.sources set covered_from = null, watermark = null where name = $1',
    [source],
  )
}

/** One column of the row of a source. */
async function note(
  client: PoolClient,
  source: string,
  column: 'dark_since' | 'reconcile_every' | 'page_size' | 'probed_at',
  value: string | number | null,
): Promise<void> {
  await client.query(`update llamacloud_sync.sources set ${column} = $2 where name = $1`, [source, value])
}

export async function noteDarkness(client: PoolClient, source: string, since: Instant | null): Promise<void> {
  await note(client, source, 'dark_since', since === null ? null : formatInstant(since))
}

export async function noteInterval(client: PoolClient, source: string, every: number | null): Promise<void> {
  await note(client, source, 'reconcile_every', every)
}

/** For the process that comes next. */
export async function savePageSize(client: PoolClient, source: string, pageSize: number): Promise<void> {
  await note(client, source, 'page_size', pageSize)
}

export async function noteProbe(client: PoolClient, source: string, at: Instant): Promise<void> {
  await note(client, source, 'probed_at', formatInstant(at))
}
