import type { Pool, PoolClient } from 'pg'
import type { Instant } from '../values/instant.ts'
import { drizzle, eq } from './drizzle.cjs'
import { inTransaction } from './pool.ts'
import { sources } from './schema.ts'

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
}

const NO_TIMELINE: Timeline = { coverage: null, head: null, darkSince: null, probedAt: null }

export async function loadTimeline(connection: Pool | PoolClient, source: string): Promise<Timeline> {
  const { coveredFrom, watermark, headFrom, headUntil, headReadAt, darkSince, probedAt } = sources
  const [row] = await inTransaction(connection, (client) =>
    drizzle(client)
      .select({ coveredFrom, watermark, headFrom, headUntil, headReadAt, darkSince, probedAt })
      .from(sources)
      .where(eq(sources.name, source)),
  )
  if (!row) return NO_TIMELINE
  return {
    coverage:
      row.coveredFrom === null || row.watermark === null
        ? null
        : { coveredFrom: row.coveredFrom, watermark: row.watermark },
    head:
      row.headFrom === null || row.headUntil === null || row.headReadAt === null
        ? null
        : { from: row.headFrom, until: row.headUntil, readAt: row.headReadAt },
    darkSince: row.darkSince,
    probedAt: row.probedAt,
  }
}

export async function loadCoverage(
  connection: Pool | PoolClient,
  source: string,
): Promise<Coverage | null> {
  return (await loadTimeline(connection, source)).coverage
}

export async function saveHead(client: PoolClient, source: string, head: Head): Promise<void> {
  await drizzle(client)
    .update(sources)
    .set({ headFrom: head.from, headUntil: head.until, headReadAt: head.readAt })
    .where(eq(sources.name, source))
}

/**
 * Grows the coverage over the spans that were read and touch it, down and up, and over the open span when it touches
 * that (I2, I3). Comes last in a commit. Spans touch each other, so the one below an instant is the one that begins last
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
grown as (
  select
    min(down.edge) as covered_from,
    case when max(up.edge) >= max(known.head_from) then greatest(max(up.edge), max(known.head_until)) else max(up.edge) end
      as watermark
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

/** Sets the watermark, also back: for a clock that proved wrong (I3). */
export async function saveWatermark(client: PoolClient, source: string, watermark: Instant): Promise<void> {
  await drizzle(client).update(sources).set({ watermark }).where(eq(sources.name, source))
}

/** Everything is to be read again: nothing is covered any more. */
export async function forgetCoverage(client: PoolClient, source: string): Promise<void> {
  await drizzle(client)
    .update(sources)
    .set({ coveredFrom: null, watermark: null, headFrom: null, headUntil: null, headReadAt: null })
    .where(eq(sources.name, source))
}

export async function noteDarkness(client: PoolClient, source: string, since: Instant | null): Promise<void> {
  await drizzle(client).update(sources).set({ darkSince: since }).where(eq(sources.name, source))
}

export async function noteProbe(client: PoolClient, source: string, at: Instant): Promise<void> {
  await drizzle(client).update(sources).set({ probedAt: at }).where(eq(sources.name, source))
}
