import { isExpiredToken } from '../../api/pages.ts'
import { ApiProtocolError, ApiRequestError } from '../../errors.ts'
import { extentOf, projectsOf } from '../../store/listed-jobs.ts'
import { NO_PROJECT } from '../../store/projects.ts'
import { noteMisses } from '../../store/rechecks.ts'
import { makeDue } from '../../store/spans.ts'
import { HOUR, type Instant, MILLISECOND, parseInstant } from '../../values/instant.ts'
import type { Committer } from '../commit/committer.ts'
import type { ListQuery } from '../job-list.ts'
import { listPages } from '../listing.ts'
import { commitRun, type RunContext } from '../run.ts'
import { isProjectShown } from './known-jobs.ts'

/** An answer has as many pages as its jobs take; a few more may be empty, or hold less (A3). */
const MORE_PAGES = 20
/** Fewer missing jobs say nothing of their neighbours. */
const FEW = 10

/**
 * Asks for one batch of jobs by id and commits what comes. What does not come gets its next time as well, so that nothing
 * is asked for twice before everything due was asked for once; it counts as a miss where other jobs of its project came.
 * Where the token of a further page expires (A2), the batch is asked for in halves.
 */
export async function askById(
  run: RunContext,
  ids: readonly string[],
  committer: Committer<null>,
  query: Pick<ListQuery, 'attempts'> = {},
): Promise<void> {
  const missing = await readAnswer(run, ids, committer, query)
  if (missing === 'expired') {
    for (const half of halvesOf(ids)) await askById(run, half, committer, query)
    return
  }
  run.asked.returned += ids.length - missing.size
  run.projects.answered(ids, missing)
  if (missing.size > 0) await noteMissing(run, [...missing], ids.length)
}

/** Returns what did not come. */
async function readAnswer(
  run: RunContext,
  ids: readonly string[],
  committer: Committer<null>,
  query: Pick<ListQuery, 'attempts'>,
): Promise<Set<string> | 'expired'> {
  const missing = new Set(ids)
  const commits = committer.open()
  let pages = 0
  try {
    for await (const page of listPages(run, { ...query, ids })) {
      pages += 1
      if (pages > MORE_PAGES + ids.length / run.jobs.pageSize.most)
        throw new ApiProtocolError(
          `The API's listing for ${ids.length} ids does not end. Report it to LlamaCloud.`,
        )
      for (const { job } of page.jobs) missing.delete(job.id)
      await commits.add(page, null)
    }
    await commits.flush()
    return missing
  } catch (error) {
    if (isExpiredToken(error, pages > 0)) return 'expired'
    if (ids.length === 1 && isNotFound(error)) return missing
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

async function noteMissing(run: RunContext, missing: readonly string[], asked: number): Promise<void> {
  const { lease, pool, jobs } = run
  const projects = await projectsOf(pool, jobs.table, missing)
  const counted: string[] = []
  const uncounted: string[] = []
  for (const id of missing) {
    const isShown = await isProjectShown(run, projects.get(id) ?? NO_PROJECT)
    ;(isShown ? counted : uncounted).push(id)
  }
  const isWave = counted.length >= FEW && counted.length > asked / 2
  const extent = isWave ? await extentOf(pool, jobs.table, counted) : null
  await commitRun(run, async (client) => {
    const times = { now: lease.now(), apart: missesApart(run) }
    await noteMisses(client, lease.source, { ids: counted, counted: true }, times)
    await noteMisses(client, lease.source, { ids: uncounted, counted: false }, times)
    if (extent) {
      const within = { lower: bound(extent.lower), upper: bound(extent.upper) }
      // What the upstream cleans up is adjacent (A15): its neighbours are looked at as well.
      await makeDue(client, lease.source, { now: times.now, within, notReadSince: times.now - HOUR })
    }
    return { result: undefined }
  })
}

function bound(text: string): Instant {
  return parseInstant(text.replace(' ', 'T')) ?? 0
}

/** How far apart two misses have to be: the API may hide a job for as long as the overlap (A7). */
export function missesApart({ options }: Pick<RunContext, 'options'>): Instant {
  return Math.max(options.goneAfterMs * MILLISECOND, 2 * options.overlap)
}
