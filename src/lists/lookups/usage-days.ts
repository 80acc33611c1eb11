import type { LlamaCloud } from '@llamaindex/llama-cloud'
import { isExpiredToken } from '../../api/pages.ts'
import { ApiProtocolError } from '../../errors.ts'
import type { Place } from '../../store/lookups.ts'
import { DAY, formatInstant, type Instant, parseInstant } from '../../values/instant.ts'
import { scopeQuery } from '../list.ts'
import { type Reading, readPage } from './read.ts'

/** Of the days that are listed together. A listing that has no end is given up (A4). */
const MOST_PAGES = 10_000

const USAGE = {
  table: 'usage_metrics',
  columns: {
    organization_id: 'text',
    project_id: 'text',
    day: 'date',
    event_type: 'text',
    event_aggregation_type: 'text',
    event_aggregation_key: 'text',
    value: 'double precision',
    credits: 'double precision',
  },
} as const

/** Days that are listed together, both included. */
export interface Days {
  readonly first: Instant
  readonly last: Instant
}

/** Where a reading is. */
export interface Cursor {
  /** The first of the days that are listed. */
  readonly first: Instant
  /** How many of their pages were read, and what asks for the next one. */
  readonly pages: number
  readonly token: string | null
  /** Their listing failed, and none of it was read since. */
  readonly hasFailed: boolean
  /** The first day that was ever read. */
  readonly begin: Instant
}

export const START = { pages: 0, token: null, hasFailed: false }

const PLACE = /^(?<begin>\d{4}-\d\d-\d\d)?(?<failed> ?again)?(?: ?(?<pages>\d+) (?<token>.+))?$/s

/** The days before those that were read come first, where `startAt` was moved back. */
export function cursorAt({ until, id }: Place, startAt: Instant): Cursor {
  const { begin: day, failed, pages = '0', token = null } = PLACE.exec(id)?.groups ?? {}
  const [start, first] = [startAt - (startAt % DAY), parseInstant(until)]
  const begin = parseInstant(`${day}T00:00:00Z`) ?? start
  if (first === undefined || start < begin) return { ...START, first: start, begin: start }
  return { first, begin, pages: Number(pages), token, hasFailed: failed !== undefined }
}

export function placeOf({ first, begin, pages, token, hasFailed }: Cursor): Place {
  const page = token === null ? [] : [pages, token]
  const id = [dayOf(begin), ...(hasFailed ? ['again'] : []), ...page].join(' ')
  return { until: formatInstant(first - (first % DAY)), id }
}

/**
 * Reads the next page of these days.
 *
 * @returns where they go on; null after the last page
 */
export async function readOn(
  reading: Reading,
  days: Days,
  at: Cursor,
  signal: AbortSignal,
): Promise<Cursor | null> {
  const token = await readPageOf(reading, days, at.token, signal)
  if (token === null) return null
  if (token === at.token || at.pages >= MOST_PAGES)
    throw new ApiProtocolError(`The listing of usage from ${dayOf(days.first)} on does not end.`)
  return { ...at, hasFailed: false, pages: at.pages + 1, token }
}

/** Where these days go on after a failure; what was read of them is lost with their token (A2, A4). */
export function afterFailure(at: Cursor, error: unknown): { readonly at: Cursor; readonly isLost: boolean } {
  const isLost = error instanceof ApiProtocolError || isExpiredToken(error, at.token !== null)
  return { at: { ...at, ...(isLost ? START : {}), hasFailed: true }, isLost }
}

/** Reads and stores one page of these days; returns what asks for the next one. */
export async function readPageOf(
  reading: Reading,
  { first, last }: Days,
  token: string | null,
  signal: AbortSignal,
): Promise<string | null> {
  const query = {
    ...scopeQuery(reading),
    day_on_or_after: dayOf(first),
    day_on_or_before: dayOf(last),
    ...(token === null ? {} : { page_token: token }),
  }
  const send = (client: LlamaCloud, init: { readonly signal: AbortSignal }, items: number) =>
    // The client has no method of its own for it.
    client.get('/api/v1/beta/usage-metrics', { query: { ...query, page_size: items }, ...init }).asResponse()
  const page = await readPage(reading, { ...USAGE, send }, signal)
  return page.token
}

export function dayOf(at: Instant): string {
  return formatInstant(at).slice(0, 10)
}
