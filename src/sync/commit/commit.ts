import type { PoolClient } from 'pg'
import type { Page } from '../../api/request.ts'
import type { Observation } from '../../store/observations.ts'
import { savePageSize } from '../../store/page-size.ts'
import { saveProjects } from '../../store/projects.ts'
import { forgetRechecks, rememberOpen } from '../../store/rechecks.ts'
import { keepRejects, type Reject } from '../../store/rejects.ts'
import { type Counts, NO_COUNTS } from '../../store/runs.ts'
import { formatJson } from '../../values/json.ts'
import type { JobList, ListedJob, Observed, Written } from '../job-list.ts'
import { commitRun, type RunContext } from '../run.ts'

/** What one request saw, told apart into jobs and the rest (I9). */
export interface Judged {
  readonly jobs: readonly Observed<ListedJob>[]
  readonly rejects: readonly Reject[]
  /** Bytes of its JSON. */
  readonly size: number
  /** Ends once the page is committed. */
  readonly observation: Observation
}

export function judgePage(jobList: JobList, { items, size }: Page, observation: Observation): Judged {
  const jobs: Observed<ListedJob>[] = []
  const rejects: Reject[] = []
  for (const item of items) {
    const judgement = jobList.judge(item)
    if ('job' in judgement) jobs.push({ job: judgement.job, observedAt: observation.at })
    else rejects.push({ reason: judgement.reject, payload: formatJson(item) })
  }
  return { jobs, rejects, size, observation }
}

/** The items of all pages of a commit. */
export type Items = Pick<Judged, 'jobs' | 'rejects'>

/** What a commit does beside writing the rows, in the same transaction. */
export interface BesideRows {
  /** More to count of what was written. */
  readonly count?: (items: Items, written: Written) => Partial<Counts>
  /** Comes last: progress must never be ahead of the rows (I2). */
  readonly save?: (client: PoolClient, written: Written) => Promise<void>
}

/**
 * Commits pages: the lease is checked, then come the rows, the recheck list, the spans' progress, and last the coverage,
 * all in one transaction (I1, I2, I6). No request is made inside.
 */
export async function commitPages(
  run: RunContext,
  pages: readonly Judged[],
  { count, save }: BesideRows,
): Promise<void> {
  const all: Items = {
    jobs: pages.flatMap(({ jobs }) => jobs),
    rejects: pages.flatMap(({ rejects }) => rejects),
  }
  const jobs = all.jobs.map(({ job }) => job)
  const pageSize = run.jobs.pageSize.unsaved
  await commitRun(run, async (client) => {
    const written = await writeRows(client, run, all)
    const { source } = run.lease
    await saveProjects(client, source, run.projects.newAmong(jobs))
    await save?.(client, written)
    if (pageSize !== undefined) await savePageSize(client, source, pageSize)
    const counts = { ...countsOf(all, written), pages: pages.length, ...count?.(all, written) }
    return { result: undefined, counts }
  })
  run.projects.stored(jobs)
  if (pageSize !== undefined) run.jobs.pageSize.saved(pageSize)
  for (const { observation } of pages) observation.end()
}

async function writeRows(client: PoolClient, run: RunContext, { jobs, rejects }: Items): Promise<Written> {
  const { source } = run.lease
  const written = await run.jobs.write(client, source, jobs, run.options)
  const { openIds } = written
  await keepRejects(client, source, rejects)
  await rememberOpen(client, source, openIds, run.lease.now())
  // A job stored for the first time cannot be on the recheck list yet.
  const known = written.updated + written.unchanged + written.stale > 0
  const open = new Set(openIds)
  const ended = known ? jobs.flatMap(({ job }) => (open.has(job.id) ? [] : [job.id])) : []
  await forgetRechecks(client, source, [...new Set(ended)])
  return written
}

function countsOf({ jobs, rejects }: Items, { inserted, updated, unchanged, stale }: Written): Counts {
  const rejected = rejects.length
  const received = jobs.length + rejected
  return { ...NO_COUNTS, received, inserted, updated, unchanged, stale, rejected }
}
