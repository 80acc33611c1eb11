import type { PoolClient } from 'pg'
import { formatInstant, type Instant, parseInstant, SECOND } from '../values/instant.ts'
import { type Stored, withInstants } from './columns.ts'
import { type Bounds, SPAN, type Span, type SpanRow, spanOf, UNBEGUN, unreadSpan } from './spans.ts'

/**
 * Writes spans into the timeline: what they lie upon is cut at their ends, so that the spans still touch each other and
 * never overlap. The caller has locked the source's progress. Spans of one call do not overlap each other.
 */
export async function putSpans(client: PoolClient, source: string, put: readonly Span[]): Promise<void> {
  if (put.length === 0) return
  const overwritten = await overwrite(client, source, put)
  for (const span of put) if (!overwritten.has(span.lower)) await place(client, source, span)
}

type Field = readonly [name: string, type: string, value: (span: Span) => string | number | null]

const FIELDS: readonly Field[] = [
  ['lower', 'timestamptz', (span) => formatInstant(span.lower)],
  ['upper', 'timestamptz', (span) => formatInstant(span.upper)],
  ['fresh_at', 'timestamptz', (span) => formatInstant(span.freshAt)],
  ['read_at', 'timestamptz', (span) => textOf(span.readAt)],
  ['items', 'int', (span) => span.items],
  ['empties', 'int', (span) => span.empties],
  ['due_at', 'timestamptz', (span) => textOf(span.dueAt)],
  ['began_at', 'timestamptz', (span) => textOf(span.beganAt)],
  ['page_token', 'text', (span) => span.pageToken],
  ['pages', 'int', (span) => span.pages],
  ['received', 'int', (span) => span.received],
  ['reason', 'text', (span) => span.reason],
  ['tries', 'int', (span) => span.tries],
  ['quarantined_at', 'timestamptz', (span) => textOf(span.quarantinedAt)],
]

const NAMES = FIELDS.map(([name]) => name)
const ARRAYS = FIELDS.map(([, type], index) => `$${index + 2}::${type}[]`).join(', ')
const GIVEN = `unnest(${ARRAYS}) as given(${NAMES.join(', ')})`

/** In one statement those that are there with the same ends, as one that is being read is at each page. */
const OVERWRITE = `
update llamacloud_sync.spans as span
set ${NAMES.map((name) => `${name} = given.${name}`).join(', ')}
from ${GIVEN}
where span.source = $1 and span.lower = given.lower and span.upper = given.upper
returning span.lower::text as lower
`

const INSERT = `
insert into llamacloud_sync.spans (source, ${NAMES.join(', ')})
select $1, ${NAMES.map((name) => `given.${name}`).join(', ')} from ${GIVEN}
`

function parametersOf(source: string, put: readonly Span[]): unknown[] {
  return [source, ...FIELDS.map(([, , value]) => put.map(value))]
}

function textOf(instant: Instant | null): string | null {
  return instant === null ? null : formatInstant(instant)
}

async function overwrite(client: PoolClient, source: string, put: readonly Span[]): Promise<Set<Instant>> {
  const { rows } = await client.query<{ lower: string }>(OVERWRITE, parametersOf(source, put))
  return new Set(rows.map(({ lower }) => parseInstant(lower) ?? Number.NaN))
}

const CLEAR = `
delete from llamacloud_sync.spans where source = $1 and lower < $2 and upper > $3
returning ${SPAN}
`

async function place(client: PoolClient, source: string, span: Span): Promise<void> {
  const ends = [span.upper, span.lower].map(formatInstant)
  const { rows: below } = await client.query<SpanRow>(CLEAR, [source, ...ends])
  const rests = below
    .map(spanOf)
    .flatMap((old) => [
      trimmed(old, old.lower, Math.min(old.upper, span.lower)),
      trimmed(old, Math.max(old.lower, span.upper), old.upper),
    ])
  const kept = rests.filter(({ lower, upper }) => lower < upper)
  await client.query(INSERT, parametersOf(source, [...kept, span]))
}

/** A part of a span. The listing that was under way was of the whole, and cannot go on. */
function trimmed(span: Span, lower: Instant, upper: Instant): Span {
  const share = (upper - lower) / (span.upper - span.lower)
  const items = span.items === null ? null : Math.ceil(span.items * share)
  return { ...span, lower, upper, items, ...UNBEGUN }
}

const CUT = [
  `update llamacloud_sync.spans
  set upper = $2, began_at = null, page_token = null, pages = 0, received = 0
  where source = $1 and lower < $2 and upper > $2`,
  'delete from llamacloud_sync.spans where source = $1 and lower >= $2',
]

/** Removes all that lies above an instant: it was never truly read. */
export async function cutSpans(client: PoolClient, source: string, above: Instant): Promise<void> {
  for (const statement of CUT) await client.query(statement, [source, formatInstant(above)])
}

export interface Due {
  readonly now: Instant
  /** Only those that lie upon this piece, or touch it. */
  readonly within?: Bounds | undefined
  /** Only those that were not read since. */
  readonly notReadSince?: Instant
}

const MAKE_DUE = `
update llamacloud_sync.spans set due_at = $2
where source = $1
  and ($3::timestamptz is null or upper >= $3) and ($4::timestamptz is null or lower <= $4)
  and ($5::timestamptz is null or read_at is null or read_at < $5)
  and (due_at is null or due_at > $2)
`

/** Makes spans of a source due at once. */
export async function makeDue(
  client: PoolClient,
  source: string,
  { now, within, notReadSince }: Due,
): Promise<void> {
  const times = [within?.lower, within?.upper, notReadSince].map((at) => textOf(at ?? null))
  await client.query(MAKE_DUE, [source, formatInstant(now), ...times])
}

const GAPS = `
select gap.lower, gap.upper
from (
  select span.upper as lower, lag(span.lower, 1, source.head_from) over (order by span.lower desc) as upper
  from llamacloud_sync.spans as span join llamacloud_sync.sources as source on source.name = span.source
  where span.source = $1 and span.lower < source.head_from
) as gap
where gap.lower < gap.upper
`

/** Spans touch each other and the head. Where somebody removed some, or restored older ones, that piece is unread. */
export async function fillGaps(client: PoolClient, source: string, now: Instant): Promise<void> {
  const { rows } = await client.query<Stored<Bounds, keyof Bounds>>(GAPS, [source])
  const gaps = rows.map((row) => unreadSpan(withInstants<Bounds, keyof Bounds>(row, ['lower', 'upper']), now))
  await putSpans(client, source, gaps)
}

/** Nothing was read any more. */
export async function clearSpans(client: PoolClient, source: string): Promise<void> {
  await client.query('delete from llamacloud_sync.spans where source = $1', [source])
}

const RESPECT = `
update llamacloud_sync.spans
set due_at = read_at + make_interval(secs => $2)
where source = $1 and read_at is not null and reason is null and items is distinct from 0
  and read_at - fresh_at >= make_interval(secs => $3)
  and due_at is distinct from read_at + make_interval(secs => $2)
  and ($2::float8 is null or due_at is null or due_at > read_at + make_interval(secs => $2))
`

/** Spans that are older than all the ages that they are read again at are due so many seconds after their latest reading. */
export async function respectInterval(
  client: PoolClient,
  source: string,
  { every, olderThan }: { readonly every: number | null; readonly olderThan: Instant },
): Promise<void> {
  await client.query(RESPECT, [source, every, olderThan / SECOND])
}
