import type { Pool, PoolClient } from 'pg'
import type { Instant } from '../values/instant.ts'
import {
  and,
  asc,
  desc,
  drizzle,
  eq,
  getTableColumns,
  gt,
  gte,
  isNotNull,
  isNull,
  lt,
  lte,
  or,
  sql,
} from './drizzle.cjs'
import { inTransaction } from './pool.ts'
import { spans } from './schema.ts'

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

/** All but the source. */
export const { source: _, ...SPAN_COLUMNS } = getTableColumns(spans)

/** The spans due at `now`, newest first, at most `limit` of them; with `within` only those that lie upon that piece. */
export function dueSpans(
  pool: Pool,
  source: string,
  now: Instant,
  { within, limit }: { readonly within?: Bounds | undefined; readonly limit: number },
): Promise<Span[]> {
  const part = within && and(lt(spans.lower, within.upper), gt(spans.upper, within.lower))
  return select(pool, source, { where: and(lte(spans.dueAt, now), part), order: desc(spans.lower), limit })
}

/** The newest spans, newest first. */
export function newestSpans(connection: Pool | PoolClient, source: string, limit: number): Promise<Span[]> {
  return select(connection, source, { order: desc(spans.lower), limit })
}

/** The oldest spans that held anything when they were last read, as far as is known, oldest first. */
export function oldestSpans(pool: Pool, source: string, limit: number): Promise<Span[]> {
  const mayHold = or(gt(spans.items, 0), and(isNull(spans.items), isNotNull(spans.readAt)))
  return select(pool, source, { where: mayHold, order: asc(spans.lower), limit })
}

/** The oldest span, which is where the timeline begins; undefined while there is none. */
export async function firstSpan(connection: Pool | PoolClient, source: string): Promise<Span | undefined> {
  const [first] = await select(connection, source, { order: asc(spans.lower), limit: 1 })
  return first
}

/** Since when every span was read; null while one was not. */
export async function leastReadAt(pool: Pool, source: string): Promise<Instant | null> {
  const { readAt } = spans
  const unreadFirst = sql`${readAt} asc nulls first`
  const [row] = await inTransaction(pool, (client) =>
    drizzle(client)
      .select({ readAt })
      .from(spans)
      .where(eq(spans.source, source))
      .orderBy(unreadFirst)
      .limit(1),
  )
  return row?.readAt ?? null
}

/** Everything of the timeline, newest first, a part at a time: those below `below`. */
export function spansBelow(pool: Pool, source: string, below: Instant, limit: number): Promise<Span[]> {
  return select(pool, source, { where: lt(spans.lower, below), order: desc(spans.lower), limit })
}

/** The spans that begin at an instant or above it, the nearest first. */
export function spansAbove(pool: Pool, source: string, above: Instant, limit: number): Promise<Span[]> {
  return select(pool, source, { where: gte(spans.lower, above), order: asc(spans.lower), limit })
}

/** What is in quarantine, newest first. */
export function quarantinedSpans(pool: Pool, source: string, limit: number): Promise<Span[]> {
  return select(pool, source, { where: isNotNull(spans.reason), order: desc(spans.lower), limit })
}

interface Selection {
  readonly where?: ReturnType<typeof and>
  readonly order: ReturnType<typeof asc>
  readonly limit: number
}

function select(
  connection: Pool | PoolClient,
  source: string,
  { where, order, limit }: Selection,
): Promise<Span[]> {
  return inTransaction(connection, (client) =>
    drizzle(client)
      .select(SPAN_COLUMNS)
      .from(spans)
      .where(and(eq(spans.source, source), where))
      .orderBy(order)
      .limit(limit),
  )
}
