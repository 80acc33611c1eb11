import { isExpiredToken, type ListedPage, readPages } from '../api/pages.ts'
import { ApiProtocolError } from '../errors.ts'
import { observationTime } from '../store/lease.ts'
import { type Judged, judgePage } from './commit.ts'
import type { ListQuery } from './job-list.ts'
import type { RunContext } from './run.ts'

/** A page as it is committed. */
export interface JudgedPage extends Judged, ListedPage {}

/**
 * The pages of a listing, from a token on or from its beginning. The next page is asked for while the one before is
 * being committed; whoever stops early ends that request. A page is judged as it comes: while it waits, its jobs take a
 * quarter of the memory of its items.
 */
export async function* listPages(
  run: RunContext,
  query: ListQuery,
  from: string | null = null,
): AsyncGenerator<JudgedPage, void, void> {
  const stop = new AbortController()
  const signal = AbortSignal.any([run.signal, stop.signal])
  const fetchPage = async (token: string | null): Promise<JudgedPage> => {
    const observedAt = observationTime(run.lease)
    const page = await run.jobs.readPage(token === null ? query : { ...query, pageToken: token }, signal)
    const { items, nextPageToken } = page
    return { ...judgePage(run.jobs, page, observedAt), received: items.length, nextPageToken }
  }
  try {
    yield* ahead(readPages(fetchPage, from))
  } finally {
    stop.abort()
  }
}

/** The same pages, each asked for before the one before it is taken. */
export async function* ahead<T>(pages: AsyncGenerator<T, void, void>): AsyncGenerator<T, void, void> {
  let next = pages.next()
  for (;;) {
    const result = await next
    if (result.done) return
    next = pages.next()
    next.catch(() => {}) // thrown where it is awaited, if anyone still wants the page
    yield result.value
  }
}

/** A listing that knows where it stands. */
export interface Listing {
  /** Whether its latest request went by a token: the first of a fresh listing does not. */
  readonly hadToken: boolean
  read(): Promise<boolean>
}

/** A listing whose token expires this often is not being read but chased. */
const MOST_RESTARTS = 3

/**
 * Reads a listing; when its page token has expired (A2) it is begun again, a few times.
 *
 * @param begin makes the listing: where it stands at first, from its beginning when `again`
 * @throws ApiProtocolError when the token expires again and again, and what the listing throws
 */
export async function readWithRestarts(begin: (again: boolean) => Listing): Promise<boolean> {
  for (let restarts = 0; restarts <= MOST_RESTARTS; restarts += 1) {
    const listing = begin(restarts > 0)
    try {
      return await listing.read()
    } catch (error) {
      if (!isExpiredToken(error, listing.hadToken)) throw error
    }
  }
  throw new ApiProtocolError(
    `The API let the page token of one listing expire ${MOST_RESTARTS + 1} times: it takes longer to answer than its ` +
      'tokens live. Try again when it is less busy.',
  )
}
