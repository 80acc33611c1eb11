import { isExpiredToken } from '../../api/pages.ts'
import { ApiProtocolError, ApiRequestError } from '../../errors.ts'
import { NO_PROJECT } from '../../store/projects.ts'
import type { Committer } from '../commit/committer.ts'
import type { ListQuery } from '../job-list.ts'
import { listPages } from '../listing.ts'
import type { RunContext } from '../run.ts'
import { located, whereCreated } from './located.ts'

/** An answer has as many pages as its jobs take, however few the API puts on one; a few more may bring nothing (A3). */
const MORE_PAGES = 20

export type Attempts = Pick<ListQuery, 'attempts'>

/** How one batch was answered. */
export interface Answer {
  readonly missing: ReadonlySet<string>
  /** Projects of which a job came. */
  readonly shown: ReadonlySet<string>
  /** It was looked for where it was created: nothing else comes with it. */
  readonly isAlone: boolean
  readonly pages: number
}

/** Asks for jobs by their ids, or where they were created, and commits what comes. */
export async function readAnswer(
  run: RunContext,
  ids: readonly string[],
  committer: Committer<null>,
  attempts: Attempts,
): Promise<Answer | 'expired'> {
  const query = await located(run, ids)
  if (!query) return nowhere(ids)
  try {
    return await readListing(run, ids, committer, { ...attempts, ...query })
  } catch (error) {
    if (ids.length > 1 || !isNotFound(error)) throw error
    // It may live and only its id be refused (A19): its listing decides.
    const bounds = await whereCreated(run, ids)
    if (!bounds) return nowhere(ids)
    const answer = await readListing(run, ids, committer, { ...attempts, ...bounds })
    if (answer !== 'expired' && answer.missing.size === 0) throw error
    return answer
  }
}

/** Nobody knows where to look for them. */
function nowhere(ids: readonly string[]): Answer {
  return { missing: new Set(ids), shown: new Set(), isAlone: false, pages: 0 }
}

/** Reads and commits a listing in which these ids are to be. */
export async function readListing(
  run: RunContext,
  ids: readonly string[],
  committer: Committer<null>,
  query: ListQuery,
): Promise<Answer | 'expired'> {
  const missing = new Set(ids)
  const shown = new Set<string>()
  const seen = new Set<string>()
  const commits = committer.open()
  let [pages, idle] = [0, 0]
  try {
    for await (const page of listPages(run, query)) {
      pages += 1
      if (page.jobs.every(({ job }) => seen.has(job.id))) idle += 1
      if (idle > MORE_PAGES)
        throw new ApiProtocolError(
          `The API's listing for ${ids.length} ids does not end. Report it to LlamaCloud.`,
        )
      for (const { job } of page.jobs) {
        seen.add(job.id)
        missing.delete(job.id)
        shown.add(job.projectId ?? NO_PROJECT)
        // It may be of another project than it was: those that are stored of the former one are not hidden for that.
        for (const project of run.projects.knownFor(job.id)) shown.add(project)
      }
      await commits.add(page, null)
    }
    await commits.flush()
    return { missing, shown, isAlone: query.ids === undefined, pages }
  } catch (error) {
    if (query.ids && isExpiredToken(error, pages > 0)) return 'expired'
    throw error
  } finally {
    await commits.settle()
  }
}

/** Some versions of an API answer so where a job is gone, instead of leaving it out. */
function isNotFound(error: unknown): boolean {
  return error instanceof ApiRequestError && (error.status === 404 || error.status === 410)
}
