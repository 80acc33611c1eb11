import type { Pool, PoolClient } from 'pg'
import { formatInstant, type Instant } from '../values/instant.ts'
import { type Stored, withInstants } from './columns.ts'
import { query } from './query.ts'

/** A piece of created_at, both ends inclusive like the API's filters. */
export interface Bounds {
  readonly lower: Instant
  readonly upper: Instant
}

/** A closed piece of the timeline. Times other than its bounds are of the database's clock. */
export interface Span extends Bounds {
  /** When its upper end was the present: what it is re-read by. */
  readonly freshAt: Instant
  /** When its latest complete reading began; null: never read. */
  readonly readAt: Instant | null
  /** How many items that reading brought; null: not known. */
  readonly items: number | null
  /** How many readings in a row brought none. */
  readonly empties: number
  /** When it is to be read next; null: never. */
  readonly dueAt: Instant | null
  /** When the reading under way began; null: none is. */
  readonly beganAt: Instant | null
  /** Where that reading goes on. */
  readonly pageToken: string | null
  readonly pages: number
  /** Items on those pages. */
  readonly received: number
  /** Why it cannot be read; null unless it is in quarantine. */
  readonly reason: string | null
  readonly tries: number
  readonly quarantinedAt: Instant | null
}

/** No reading of it is under way. */
export const UNBEGUN = { beganAt: null, pageToken: null, pages: 0, received: 0 } as const

/** A span that was never read, and is to be. */
export function unreadSpan({ lower, upper }: Bounds, now: Instant): Span {
  return {
    lower,
    upper,
    freshAt: now,
    readAt: null,
    items: null,
    empties: 0,
    dueAt: now,
    ...UNBEGUN,
    reason: null,
    tries: 0,
    quarantinedAt: null,
  }
}

/** The columns of a `SpanRow`. */
export const SPAN = `
  lower, upper, fresh_at as "freshAt", read_at as "readAt", items, empties, due_at as "dueAt", began_at as "beganAt",
  page_token as "pageToken", pages, received, reason, tries, quarantined_at as "quarantinedAt"`

const TIMES = ['lower', 'upper', 'freshAt', 'readAt', 'dueAt', 'beganAt', 'quarantinedAt'] as const

export type SpanRow = Stored<Span, (typeof TIMES)[number]>

export function spanOf(row: SpanRow): Span {
  return withInstants<Span, (typeof TIMES)[number]>(row, TIMES)
}

/** The spans due at `now`, newest first, at most `limit` of them; with `within` only those that lie upon that piece. */
export function dueSpans(
  pool: Pool,
  source: string,
  now: Instant,
  { within, limit }: { readonly within?: Bounds | undefined; readonly limit: number },
): Promise<Span[]> {
  const due = 'and due_at <= $3'
  if (!within) return select(pool, source, `${due} order by lower desc`, limit, now)
  const part = `${due} and lower < $4 and upper > $5 order by lower desc`
  return select(pool, source, part, limit, now, within.upper, within.lower)
}

/** The newest spans, newest first. */
export function newestSpans(connection: Pool | PoolClient, source: string, limit: number): Promise<Span[]> {
  return select(connection, source, 'order by lower desc', limit)
}

/** The oldest spans that held anything when they were last read, as far as is known, oldest first. */
export function oldestSpans(pool: Pool, source: string, limit: number): Promise<Span[]> {
  const mayHold = 'and (items > 0 or items is null and read_at is not null)'
  return select(pool, source, `${mayHold} order by lower`, limit)
}

/** The oldest span, which is where the timeline begins; undefined while there is none. */
export async function firstSpan(connection: Pool | PoolClient, source: string): Promise<Span | undefined> {
  const [first] = await select(connection, source, 'order by lower', 1)
  return first
}

/** Since when every span was read; null while one was not. */
export async function leastReadAt(pool: Pool, source: string): Promise<Instant | null> {
  const [span] = await select(pool, source, 'order by read_at nulls first', 1)
  return span?.readAt ?? null
}

/** Everything of the timeline, newest first, a part at a time: those below `below`. */
export function spansBelow(pool: Pool, source: string, below: Instant, limit: number): Promise<Span[]> {
  return select(pool, source, 'and lower < $3 order by lower desc', limit, below)
}

/** The spans that begin at an instant or above it, the nearest first. */
export function spansAbove(pool: Pool, source: string, above: Instant, limit: number): Promise<Span[]> {
  return select(pool, source, 'and lower >= $3 order by lower', limit, above)
}

/** What is in quarantine, newest first. */
export function quarantinedSpans(pool: Pool, source: string, limit: number): Promise<Span[]> {
  return select(pool, source, 'and reason is not null order by lower desc', limit)
}

/** Those of a source, as `what` says: more conditions on `times`, from $3 on, and their order. */
async function select(
  connection: Pool | PoolClient,
  source: string,
  what: string,
  limit: number,
  ...times: readonly Instant[]
): Promise<Span[]> {
  const text = `select ${SPAN} from llamacloud_sync.spans where source = $1 ${what} limit $2`
  const rows = await query<SpanRow>(connection, text, [source, limit, ...times.map(formatInstant)])
  return rows.map(spanOf)
}
