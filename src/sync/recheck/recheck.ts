import { ApiProtocolError, ApiRequestError, FilterIgnoredError } from '../../errors.ts'
import { type DueAt, dueRechecks, earlyRechecks } from '../../store/rechecks.ts'
import { Committer } from '../commit/committer.ts'
import { bisect, mayBeOfOne, withinBudget } from '../isolation.ts'
import type { JobList } from '../job-list.ts'
import { inParallel } from '../parallel.ts'
import { isPast, type RunContext, turnsUntil } from '../run.ts'
import { askById } from './ask.ts'
import { halved, idsARequest, MOST_IDS } from './batches.ts'
import { answersOthers } from './known-jobs.ts'
import { batchesOf } from './neighbours.ts'
import { failureOfIds, retryQuarantined, setAside } from './set-aside.ts'

/** How many due jobs are looked up at once. */
const LOOK_UP = 2_000
/** So much of what the head cost may be spent on jobs that are not due yet. */
const EARLY_SHARE = 1 / 3

/** Times are the database's. What the head, or an earlier call, has shown in this cycle is not asked for again. */
export interface Due extends DueAt {
  /** How many requests the head took. */
  readonly headPages: number
}

/**
 * Asks by id for the jobs of the recheck list that are due, until none is left: this is what makes a timeline by
 * created_at right for jobs that change (A6) and for jobs that vanish (A8). Where it costs little, open jobs that are not
 * due are asked for as well: they fill up the last request, and a busy source spends a third of its head's requests.
 *
 * @returns false when the deadline came first
 */
export async function recheckDue(run: RunContext, { headPages, ...dueAt }: Due): Promise<boolean> {
  const { pool, lease } = run
  const committer = new Committer<null>(run)
  const most = dueARequest(run.jobs)
  await retryQuarantined(run, dueAt.at, committer)
  const mayBegin = turnsUntil(run.deadline, run)
  for (let isFirst = true; ; isFirst = false) {
    if (!isFirst && isPast(run.deadline, run)) return false
    const due = wholeRequests(await dueRechecks(pool, lease.source, dueAt, LOOK_UP), run)
    const room = isFirst ? roomFor(due.length, headPages, most) : 0
    const early = room > 0 ? await earlyRechecks(pool, lease.source, dueAt, room) : []
    if (due.length + early.length === 0) break
    const batches = await batchesOf(run, [...due, ...early], dueARequest(run.jobs, run.jobs.pageSize.mostIds))
    const failed: Failed[] = []
    await inParallel(
      run,
      () => (mayBegin() ? batches.shift() : undefined),
      (branch, batch) => askOrSetAside(branch, withWitnesses(run, batch), committer, failed),
    )
    await isolate(run, failed, committer)
    if (run.options.saves) break
  }
  return true
}

/** How many due jobs one request asks for: one place is kept for a job that is known to be there. */
function dueARequest(jobs: JobList, most = MOST_IDS): number {
  return Math.max(1, idsARequest(jobs, most) - 1)
}

/** Where nothing at all comes, it shows that the answer is worth nothing. */
function withWitnesses({ jobs, projects }: RunContext, batch: readonly string[]): readonly string[] {
  if (!jobs.asksById) return batch
  return [...batch, ...projects.witnesses(batch, { room: Math.max(1, jobs.pageSize.mostIds - batch.length) })]
}

/** Where the next cycle is seconds away, what does not fill a request more waits for it. */
function wholeRequests(due: readonly string[], { options, jobs }: RunContext): readonly string[] {
  const most = dueARequest(jobs)
  if (!options.saves || due.length <= most) return due
  return due.slice(0, due.length - (due.length % most))
}

/** Whether the head took so much that jobs which are not due may be asked for even where none is. */
export function asksEarly(headPages: number): boolean {
  return headPages * EARLY_SHARE >= 1
}

/** How many ids more than those due may be asked for. */
function roomFor(due: number, headPages: number, most: number): number {
  const requests = Math.max(Math.ceil(due / most), Math.floor(headPages * EARLY_SHARE))
  return due < LOOK_UP ? requests * most - due : 0
}

interface Failed {
  readonly ids: readonly string[]
  readonly error: Error
}

/** A batch that fails although the API returns other jobs holds an id that is at fault (A19). */
async function askOrSetAside(
  run: RunContext,
  batch: readonly string[],
  committer: Committer<null>,
  failed: Failed[],
): Promise<void> {
  try {
    await askById(run, batch, committer)
  } catch (error) {
    // An answer that does not end is no matter of one id; that another job comes in its place may be.
    const kind = run.jobs.asksById ? 'ids' : 'span'
    const isOdd = error instanceof FilterIgnoredError && run.jobs.asksById
    const mayBeOfId = isOdd || (mayBeOfOne(error) && !(error instanceof ApiProtocolError))
    if (!mayBeOfId || !(await answersOthers(run, kind))) throw error
    failed.push({ ids: batch, error })
  }
}

/**
 * Halves the batches that fail until each id at fault stands alone, and puts that in quarantine. Where none is and they were
 * rejected, the queries are too long for something on the way.
 */
async function isolate(
  run: RunContext,
  failed: readonly Failed[],
  committer: Committer<null>,
): Promise<void> {
  if (failed.length === 0) return
  // Of each id that was not answered; one may have been beside others in several batches.
  const reasons = new Map(
    failed.flatMap(({ ids, error }) => ids.map((id) => [id, run.explain(error).message])),
  )
  let mostAnswered = 0
  const batches = failed.map(({ ids }) => ids)
  const culprits = await bisect(batches, {
    size: (ids) => ids.length,
    halves: (ids) => (run.isolation.requestsLeft <= 0 || isPast(run.deadline, run) ? [] : halved(ids)),
    isWell: async (ids) => {
      const reason = await withinBudget(run, () => failureOfIds(run, ids, committer))
      for (const id of ids) {
        if (reason === undefined) reasons.delete(id)
        else if (reasons.has(id)) reasons.set(id, reason)
      }
      if (reason === undefined) mostAnswered = Math.max(mostAnswered, ids.length)
      return reason === undefined
    },
  })
  // An API that answers now and then only is no reason to ask for less.
  const wereRejected = failed.every(({ error }) => error instanceof ApiRequestError)
  if (culprits.length === 0 && wereRejected) run.jobs.pageSize.allowsIds(mostAnswered)
  for (const id of new Set(culprits.flat())) {
    const reason = reasons.get(id)
    if (reason !== undefined) await setAside(run, id, reason)
  }
}
