import type { PoolClient } from 'pg'
import type { Page } from '../../api/request.ts'
import { savePageSize } from '../../store/coverage.ts'
import { noteUnbilled } from '../../store/credit-checks.ts'
import type { Observation } from '../../store/observations.ts'
import { saveProjects } from '../../store/projects.ts'
import { quarantineId } from '../../store/quarantine.ts'
import { askAgainAt, askEachAt, forgetRechecks, rememberOpen, suspectMissing } from '../../store/rechecks.ts'
import { keepRejects, type Reject } from '../../store/rejects.ts'
import { type Counts, NO_COUNTS } from '../../store/runs.ts'
import { SECOND } from '../../values/instant.ts'
import { formatJson } from '../../values/json.ts'
import type { JobList, ListedJob, Observed, Written } from '../job-list.ts'
import { commitCounted, type RunContext } from '../run.ts'
import { type Accepted, mayPassInParts, writeParts } from './refused.ts'
import { countRepairs } from './repairs.ts'

/** What one request saw, told apart into jobs and the rest (I9). */
export interface Decoded {
  readonly jobs: readonly Observed<ListedJob>[]
  readonly rejects: readonly Reject[]
  /** Bytes of its JSON. */
  readonly size: number
  /** Ends once the page is committed. */
  readonly observation: Observation
}

export function decodePage(jobList: JobList, { items, size }: Page, observation: Observation): Decoded {
  const jobs: Observed<ListedJob>[] = []
  const rejects: Reject[] = []
  for (const item of items) {
    const decoded = jobList.decode(item)
    if ('job' in decoded) jobs.push({ job: decoded.job, observedAt: observation.at })
    else rejects.push({ reason: decoded.reject, payload: formatJson(item) })
  }
  return { jobs, rejects, size, observation }
}

/** The items of all pages of a commit. */
type Items = Pick<Decoded, 'jobs' | 'rejects'>

/** Fewer refused jobs say nothing of the others. */
const FEW = 10

/**
 * Commits pages: the lease is checked, then come the rows, the recheck list, and what `save` writes of the spans' progress and
 * the coverage, which must never be ahead of the rows; all in one transaction (I1, I2, I6). No request is made inside.
 */
export async function commitPages(
  run: RunContext,
  pages: readonly Decoded[],
  save: (client: PoolClient, written: Written) => Promise<void>,
): Promise<void> {
  const all: Items = {
    jobs: pages.flatMap(({ jobs }) => jobs),
    rejects: pages.flatMap(({ rejects }) => rejects),
  }
  const pageSize = run.jobs.pageSize.unsaved
  const commit = (write: typeof writeAll) =>
    commitCounted(run, async (client) => {
      const { jobs, written, refused } = await writeRows(client, run, all, write)
      const { source } = run.lease
      const stored = jobs.map(({ job }) => job)
      await saveProjects(client, source, run.projects.newAmong(stored))
      await save(client, written)
      if (pageSize !== undefined) await savePageSize(client, source, pageSize)
      const repairs = countRepairs(all, written, run.complete)
      const counts = { ...countsOf(all, written, refused.length), pages: pages.length, repairs }
      return { result: { stored, refused }, counts }
    })
  const { stored, refused } = await commit(writeAll).catch((error: unknown) => {
    if (!mayPassInParts(error, all.jobs)) throw error
    return commit(async (client, each, items) => {
      const accepted = await writeParts(error)(client, each, items)
      // When it refuses most of them, something is wrong with the table: the run fails and says so.
      if (accepted.refused.length > Math.max(FEW, items.length / 2)) throw error
      return accepted
    })
  })
  for (const { id, reason } of refused) {
    run.refused.add(id)
    run.log.warn({ id, reason }, 'The database refuses a job; it is set aside and tried again later.')
  }
  run.projects.stored(stored)
  if (pageSize !== undefined) run.jobs.pageSize.saved(pageSize)
  for (const { observation } of pages) observation.end()
}

async function writeAll(client: PoolClient, run: RunContext, jobs: Items['jobs']): Promise<Accepted> {
  return { jobs, written: await run.jobs.write(client, run.lease.source, jobs, run.options), refused: [] }
}

async function writeRows(
  client: PoolClient,
  run: RunContext,
  { jobs: all, rejects }: Items,
  write: typeof writeAll,
): Promise<Accepted> {
  const { source } = run.lease
  const accepted = await write(client, run, all)
  const { jobs, written, refused } = accepted
  const { openIds, doubtfulIds, ended } = written
  await keepRejects(client, source, rejects)
  // Where the database refuses rows they are written in parts, and a job may be in two of them (A5).
  await rememberOpen(client, source, [...new Set(openIds)], run.lease.now())
  // A job stored for the first time cannot be on the recheck list yet.
  const known = written.updated + written.unchanged + written.stale > 0
  const open = new Set(openIds)
  const terminal = known ? jobs.flatMap(({ job }) => (open.has(job.id) ? [] : [job.id])) : []
  await forgetRechecks(client, source, [...new Set(terminal)])
  await askForCredits(client, run, ended)
  // Then any answer decides (I4).
  const decides = run.lease.now() + 2 * run.options.overlap + SECOND
  await askAgainAt(client, source, [...new Set(doubtfulIds)], decides)
  const now = run.lease.now()
  await suspectMissing(client, source, [...new Set(refused.map(({ id }) => id))], now)
  for (const each of refused) await quarantineId(client, source, { ...each, now })
  return accepted
}

/** When the finished jobs without credits are asked for: alone, or as others are by id. */
async function askForCredits(client: PoolClient, run: RunContext, ended: Written['ended']): Promise<void> {
  const { source } = run.lease
  const latest = new Map(ended.map((job) => [job.id, job]))
  const unbilled = [...latest.values()].filter(({ isBilled }) => !isBilled)
  if (run.jobs.alone) {
    const now = run.lease.now()
    await noteUnbilled(
      client,
      source,
      unbilled.map(({ id, hasChanged, first = now }) => ({ id, hasChanged, at: first })),
    )
  } else {
    await askEachAt(
      client,
      source,
      unbilled.flatMap(({ id, next }) => (next === undefined ? [] : [{ id, at: next }])),
    )
  }
}

function countsOf(
  { jobs, rejects }: Items,
  { inserted, updated, unchanged, stale }: Written,
  refused: number,
): Counts {
  const rejected = rejects.length + refused
  const received = jobs.length + rejects.length
  return { ...NO_COUNTS, received, inserted, updated, unchanged, stale, rejected }
}
