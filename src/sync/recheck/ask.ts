import { isExpiredToken } from '../../api/pages.ts'
import { ApiProtocolError, ApiRequestError } from '../../errors.ts'
import { projectsOf } from '../../store/jobs-by-id.ts'
import { noteMisses } from '../../store/misses.ts'
import { NO_PROJECT } from '../../store/projects.ts'
import { makeDue } from '../../store/put-spans.ts'
import { HOUR, type Instant, MILLISECOND } from '../../values/instant.ts'
import type { Committer } from '../commit/committer.ts'
import type { ListQuery } from '../job-list.ts'
import { listPages } from '../listing.ts'
import { commitRun, type RunContext } from '../run.ts'
import { isProjectShown } from './known-jobs.ts'
import { located, whereCreated } from './located.ts'

/** An answer has as many pages as its jobs take; a few more may be empty, or hold less (A3). */
const MORE_PAGES = 20
/** Fewer missing jobs say nothing of their neighbours. */
const FEW = 10

type Attempts = Pick<ListQuery, 'attempts'>

/** How one batch was answered. */
interface Answer {
  readonly missing: ReadonlySet<string>
  /** Projects of which a job came. */
  readonly shown: ReadonlySet<string>
  /** It was looked for where it was created: nothing else comes with it. */
  readonly isAlone: boolean
}

/**
 * Asks for one batch of jobs by id and commits what comes. What does not come gets its next time as well, so that nothing
 * is asked for twice before everything due was asked for once; it counts as a miss where others of its project came in the
 * same answer. Where the token of a further page expires (A2), the batch is asked for in halves.
 */
export async function askById(
  run: RunContext,
  ids: readonly string[],
  committer: Committer<null>,
  attempts: Attempts = {},
): Promise<void> {
  const answer = await readAnswer(run, ids, committer, attempts)
  if (answer === 'expired') {
    for (const half of halvesOf(ids)) await askById(run, half, committer, attempts)
    return
  }
  const { missing } = answer
  run.asked.returned += ids.length - missing.size
  run.projects.answered(ids, missing)
  if (missing.size > 0) await noteMissing(run, answer, ids.length)
}

async function readAnswer(
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
  return { missing: new Set(ids), shown: new Set(), isAlone: false }
}

/** Reads and commits a listing in which these ids are to be. */
async function readListing(
  run: RunContext,
  ids: readonly string[],
  committer: Committer<null>,
  query: ListQuery,
): Promise<Answer | 'expired'> {
  const missing = new Set(ids)
  const shown = new Set<string>()
  const commits = committer.open()
  let pages = 0
  try {
    for await (const page of listPages(run, query)) {
      pages += 1
      if (pages > MORE_PAGES + ids.length / run.jobs.pageSize.most)
        throw new ApiProtocolError(
          `The API's listing for ${ids.length} ids does not end. Report it to LlamaCloud.`,
        )
      for (const { job } of page.jobs) {
        missing.delete(job.id)
        shown.add(job.projectId ?? NO_PROJECT)
        // It may be of another project than it was: those that are stored of the former one are not hidden for that.
        for (const project of run.projects.knownFor(job.id)) shown.add(project)
      }
      await commits.add(page, null)
    }
    await commits.flush()
    return { missing, shown, isAlone: query.ids === undefined }
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

/** @throws ApiProtocolError where there is only one */
export function halvesOf(ids: readonly string[]): readonly (readonly string[])[] {
  if (ids.length < 2)
    throw new ApiProtocolError(
      'The page tokens of the API expire before the listing for one id ends. Report it to LlamaCloud.',
    )
  const middle = Math.ceil(ids.length / 2)
  return [ids.slice(0, middle), ids.slice(middle)]
}

async function noteMissing(run: RunContext, answer: Answer, asked: number): Promise<void> {
  const { lease, pool, jobs } = run
  const missing = [...answer.missing]
  const projects = await projectsOf(pool, jobs.table, missing)
  const counted: string[] = []
  const uncounted: string[] = []
  for (const id of missing) {
    const counts = await isWitnessed(run, projects.get(id) ?? NO_PROJECT, answer)
    ;(counts ? counted : uncounted).push(id)
  }
  const isWave = counted.length >= FEW && counted.length > asked / 2
  const within = isWave ? await whereCreated(run, counted) : null
  await commitRun(run, async (client) => {
    const times = { now: lease.now(), apart: missesApart(run) }
    await noteMisses(client, lease.source, { ids: counted, counted: true }, times)
    await noteMisses(client, lease.source, { ids: uncounted, counted: false }, times)
    if (within) {
      // What the upstream cleans up is adjacent (A15): its neighbours are looked at as well.
      const due = { now: times.now, within, notReadSince: times.now - HOUR }
      await makeDue(client, lease.source, due)
    }
    return { result: undefined }
  })
}

/** An answer without any job of a project says nothing of it, whatever other requests show (A18). */
async function isWitnessed(run: RunContext, project: string, { shown, isAlone }: Answer): Promise<boolean> {
  if (shown.has(project)) return true
  // Notes as well whether the project is dark.
  const isShown = await isProjectShown(run, project)
  return isAlone && isShown
}

/** How far apart two misses have to be: the API may hide a job for as long as the overlap (A7). */
export function missesApart({ options }: Pick<RunContext, 'options'>): Instant {
  return Math.max(options.goneAfterMs * MILLISECOND, 2 * options.overlap)
}
