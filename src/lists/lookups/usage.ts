import type { LlamaCloud } from '@llamaindex/llama-cloud'
import { isExpiredToken } from '../../api/pages.ts'
import { ApiProtocolError, SettingsError } from '../../errors.ts'
import type { Place } from '../../store/lookups.ts'
import { DAY, formatInstant, type Instant, parseInstant } from '../../values/instant.ts'
import { type Reading, readPage, scopeOf } from './read.ts'

/** Of one turn: what is left is for the next cycle. */
const MOST_PAGES = 100
/** Of the days that are listed together. A listing that has no end is given up (A4). */
const MOST_PAGES_OF_DAYS = 10_000
/** So many days are listed together. */
const DAYS = 7
/** Credits are recorded late, and may change: so long they are read again. */
const UNSETTLED = 2 * DAY

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

export interface Usage {
  readonly from: Place
  /** Where the first day is when none was read. */
  readonly startAt: Instant
  readonly now: Instant
  /** Stores how far it has come. */
  readonly keep: (place: Place) => Promise<void>
}

export interface UsageRead {
  readonly place: Place
  readonly dueIn: string
}

/**
 * Reads the usage of an organization day by day, the latest days again. What is stored and does not come stays. Each page is
 * stored with the token of the next one, since one day may hold as many metrics as jobs.
 */
export async function readUsage(reading: Reading, usage: Usage, signal: AbortSignal): Promise<UsageRead> {
  if (reading.organizationId === null)
    throw new SettingsError(
      'Usage is told by organization: set LLAMA_CLOUD_ORGANIZATION_ID, or organizationId in SYNC_SOURCES_FILE, or take usage out of SYNC_LOOKUPS.',
    )
  let at = cursorAt(usage)
  for (let pages = 0; pages < MOST_PAGES; pages++) {
    if (at.first > usage.now)
      return { place: placeOf({ ...START, first: usage.now - UNSETTLED }), dueIn: '6 hours' }
    at = await next(reading, at, usage, signal)
    await usage.keep(placeOf(at))
  }
  return { place: placeOf(at), dueIn: '0' }
}

/** Where a reading is: the first of the days that are listed, how many of their pages were read, and what asks for the next one. */
interface Cursor {
  readonly first: Instant
  readonly pages: number
  readonly token: string | null
  /** Their listing did not end before. */
  readonly isAgain: boolean
}

const START = { pages: 0, token: null, isAgain: false }
const AGAIN = 'again '

function cursorAt({ from: { until, id }, startAt }: Usage): Cursor {
  const first = parseInstant(until) ?? startAt
  const isAgain = id.startsWith(AGAIN)
  const [pages = '', ...token] = (isAgain ? id.slice(AGAIN.length) : id).split(' ')
  return { first, pages: Number(pages), token: token.join(' ') || null, isAgain }
}

function placeOf({ first, pages, token, isAgain }: Cursor): Place {
  const page = token === null ? '' : `${pages} ${token}`
  return { until: formatInstant(first - (first % DAY)), id: isAgain ? `${AGAIN}${page}` : page }
}

async function next(reading: Reading, at: Cursor, { keep }: Usage, signal: AbortSignal): Promise<Cursor> {
  const { first, pages, isAgain } = at
  const following = { ...START, first: first + DAYS * DAY }
  const token = await readUsagePage(reading, at, signal).catch(async (error: unknown) => {
    if (isExpiredToken(error, at.token !== null)) await keep(placeOf({ ...START, first, isAgain }))
    throw error
  })
  if (token === null) return following
  if (token !== at.token && pages < MOST_PAGES_OF_DAYS) return { ...at, pages: pages + 1, token }
  await keep(placeOf(isAgain ? following : { ...START, first, isAgain: true }))
  throw new ApiProtocolError(`The listing of usage from ${dayOf(first)} on does not end.`)
}

function readUsagePage(
  reading: Reading,
  { first, token }: Cursor,
  signal: AbortSignal,
): Promise<string | null> {
  const query = {
    ...scopeOf(reading),
    day_on_or_after: dayOf(first),
    day_on_or_before: dayOf(first + (DAYS - 1) * DAY),
    ...(token === null ? {} : { page_token: token }),
  }
  const send = (client: LlamaCloud, init: { readonly signal: AbortSignal }, items: number) =>
    // The client has no method of its own for it.
    client.get('/api/v1/beta/usage-metrics', { query: { ...query, page_size: items }, ...init }).asResponse()
  return readPage(reading, { ...USAGE, send }, signal).then(({ token }) => token)
}

function dayOf(at: Instant): string {
  return formatInstant(at).slice(0, 10)
}
