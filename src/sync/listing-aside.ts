import { isExpiredToken, type ListedPage, readPages } from '../api/pages.ts'
import { ApiUnavailableError } from '../errors.ts'
import { jobsIn, type ListedJob, type ListQuery } from './job-list.ts'
import { ahead } from './listing.ts'
import { halvesOf } from './recheck/ask.ts'
import { located } from './recheck/located.ts'
import { batchesOf } from './recheck/neighbours.ts'
import type { Source } from './source.ts'

/** A listing by id that this ends is begun again; for any other, the reader has to. */
class TokenExpiredError extends ApiUnavailableError {}

interface JobsPage extends ListedPage {
  /** Each id once. */
  readonly jobs: readonly ListedJob[]
}

/**
 * The pages of a listing, to be compared and not stored.
 *
 * @throws ApiUnavailableError when the token of a page expires (A2)
 */
export async function* listAside(
  { jobs }: Source,
  query: ListQuery,
  signal: AbortSignal,
): AsyncGenerator<JobsPage, void, void> {
  let hadToken = false
  try {
    const pages = readPages(async (token): Promise<JobsPage> => {
      hadToken = token !== null
      const asked = token === null ? query : { ...query, pageToken: token }
      const page = await jobs.readPage({ ...asked, aside: true }, signal)
      const { items, nextPageToken } = page
      const distinct = new Map(jobsIn(jobs, page).map((job) => [job.id, job]))
      return { jobs: [...distinct.values()], received: items.length, nextPageToken }
    })
    yield* ahead(pages)
  } catch (error) {
    if (!isExpiredToken(error, hadToken)) throw error
    throw new TokenExpiredError('A page token expired before the comparison was done: run it again.')
  }
}

/** What the API shows of these jobs, a page at a time. Where the token of a page expires (A2), the rest is asked for again. */
export async function* askAside(
  source: Source,
  ids: readonly string[],
  signal: AbortSignal,
): AsyncGenerator<readonly ListedJob[], void, void> {
  for (const batch of await batchesOf(source, ids, source.jobs.pageSize.most)) {
    const left = new Set(batch)
    const query = await located(source, batch)
    if (!query) continue
    try {
      for await (const { jobs } of listAside(source, query, signal)) {
        yield jobs.filter(({ id }) => left.delete(id))
      }
    } catch (error) {
      if (!(error instanceof TokenExpiredError)) throw error
      if (left.size < batch.length) yield* askAside(source, [...left], signal)
      else for (const half of halvesOf(batch)) yield* askAside(source, half, signal)
    }
  }
}
