import { isExpiredToken } from '../../api/pages.ts'
import { ApiProtocolError, ApiUnavailableError } from '../../errors.ts'
import type { Claimed, LookupProgress, Place } from '../../store/lookups.ts'
import { scopeQuery } from '../list.ts'
import type { Lookup } from './lookup.ts'
import { type Reading, readPage } from './read.ts'

/** Of one turn: what is left is for the next cycle. */
const MOST_PAGES = 100
/** There are some tens of names. A listing of more pages is taken for one that has no end (A4). */
const MOST_PAGES_IN_ALL = 1_000
/** On average a listing takes no more than ten requests an hour, however many names there are. */
const MINUTES_A_PAGE = 6

export interface WholeReading {
  readonly from: Claimed
  /** Stores how far it has come, and when it goes on at the latest. */
  readonly keep: (end: LookupProgress) => Promise<void>
}

/**
 * Reads a lookup from its first page to its last, in as many turns as that takes: it goes on by the token where it was.
 * What is stored and does not come stays: old jobs still name it.
 */
export async function readWhole(
  reading: Reading,
  lookup: Lookup,
  { from, keep }: WholeReading,
  signal: AbortSignal,
): Promise<LookupProgress> {
  const begun = cursorOf(from.id)
  let at = begun
  const seen = new Set(at.token === null ? [] : [at.token])
  try {
    while (at.pages - begun.pages < MOST_PAGES) {
      const token = await readPageAt(reading, lookup, at.token, signal)
      at = { pages: at.pages + 1, token }
      if (token === null) return { place: { until: from.now, id: '' }, dueIn: restAfter(at.pages) }
      if (seen.has(token) || at.pages >= MOST_PAGES_IN_ALL)
        throw new ApiProtocolError(`The listing of ${lookup.name} does not end.`)
      seen.add(token)
      await keep({ place: placeOf(at, from), dueIn: null })
    }
  } catch (error) {
    const isLost = error instanceof ApiProtocolError || isExpiredToken(error, at.token !== null)
    if (isLost) await keep({ place: { ...from, id: '' }, dueIn: restAfter(at.pages) })
    const isTimeUp = signal.aborted && signal.reason instanceof ApiUnavailableError
    if (!isTimeUp || at === begun) throw error
  }
  return { place: placeOf(at, from), dueIn: '0' }
}

interface Cursor {
  readonly pages: number
  /** Of the next page. */
  readonly token: string | null
}

function cursorOf(id: string): Cursor {
  const { pages, token } = /^(?<pages>\d+) (?<token>.+)$/s.exec(id)?.groups ?? {}
  return { pages: Number(pages ?? 0), token: token ?? null }
}

function placeOf({ pages, token }: Cursor, { until }: Place): Place {
  return { until, id: `${pages} ${token}` }
}

const restAfter = (pages: number) => `${Math.max(60, pages * MINUTES_A_PAGE)} minutes`

async function readPageAt(
  reading: Reading,
  lookup: Lookup,
  token: string | null,
  signal: AbortSignal,
): Promise<string | null> {
  const query = { ...scopeQuery(reading), ...(token === null ? {} : { page_token: token }) }
  const page = await readPage(
    reading,
    {
      ...lookup,
      send: (client, init, items) => lookup.call(client, { ...query, page_size: items }, init).asResponse(),
    },
    signal,
  )
  return page.token
}
