import { type ListedPage, readPages } from '../api/pages.ts'
import { FilterIgnoredError } from '../errors.ts'
import { observationTime } from '../store/lease.ts'
import { formatInstant } from '../values/instant.ts'
import { type Judged, judgePage } from './commit/commit.ts'
import type { ListedJob, ListQuery } from './job-list.ts'
import { admit } from './recheck/known-jobs.ts'
import type { RunContext } from './run.ts'

/** A page as it is committed. */
export interface JudgedPage extends Judged, ListedPage {}

/**
 * The pages of a listing, from a token on or from its beginning. The next page is asked for while the one before is
 * being committed; whoever stops early ends that request. A page is judged as it comes: while it waits, its jobs take a
 * quarter of the memory of its items.
 *
 * @throws FilterIgnoredError, WrongProjectError, ApiProtocolError, and what the list's `readPage` throws
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
    run.replies.lastAt = run.clock.monotonic()
    const { items, nextPageToken } = page
    const judged = judgePage(run.jobs, page, observedAt)
    const jobs = judged.jobs.map(({ job }) => job)
    assertFiltered(query, jobs)
    await admit({ ...run, signal }, jobs)
    return { ...judged, received: items.length, nextPageToken }
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

/**
 * A cache or a proxy may ignore a filter (A22). Such an answer says nothing about what was asked for, and following its
 * pages would read the whole list each time. One odd created_at alone is a strange value, and no proof.
 */
function assertFiltered({ ids, lower, upper }: ListQuery, jobs: readonly ListedJob[]): void {
  if (ids !== undefined) {
    const wanted = new Set(ids)
    if (jobs.some(({ id }) => !wanted.has(id))) throw ignored('job_ids')
    return
  }
  const [from, to] = [lower, upper].map((bound) => (bound === undefined ? undefined : formatInstant(bound)))
  const outside = jobs.filter(
    ({ createdAt }) =>
      createdAt !== null &&
      ((from !== undefined && createdAt < from) || (to !== undefined && createdAt > to)),
  )
  if (outside.length > 1 && outside.length > jobs.length / 2) throw ignored('created_at')
}

function ignored(filter: string): FilterIgnoredError {
  return new FilterIgnoredError(
    `The API returned jobs that were not asked for: something in between ignores the filter ${filter}. ` +
      'Look for a cache or a proxy in front of LLAMA_CLOUD_BASE_URL.',
  )
}
