import type { Coverage } from '../store/coverage.ts'
import { isReconcileDue } from '../store/walk.ts'
import { formatInstant } from '../values/instant.ts'
import { type Backfill, readBackfill } from './backfill.ts'
import { settleMisses } from './deletions.ts'
import { readHead } from './head.ts'
import { isHistoryDone, readHistory } from './history.ts'
import { refreshOpenJobs } from './open-jobs.ts'
import { walkList } from './reconcile.ts'
import { apiTimeAt, isPast, presentOf, type RunContext, type RunOptions } from './run.ts'
import type { RunLimits, RunResult, Source } from './source.ts'
import { underLease } from './under-lease.ts'

/** During long work the head and the open jobs are looked at again this often, so that new jobs flow in meanwhile. */
const SLICE_MS = 300_000

/**
 * One cycle of a source: head, open jobs, the history as far as it is missing, and a reconcile when one is due.
 *
 * @throws what made the cycle fail, after it was noted in `runs`; ScopeChangedError before anything is done
 */
export function syncOnce(source: Source, limits: RunLimits): Promise<RunResult> {
  return underLease(source, 'sync', limits, (run) =>
    cycle(run, async (deadline) => {
      if (!(await readHistory(run, deadline))) return false
      return (await isDue(run)) ? reconcile(run, deadline) : true
    }),
  )
}

/** A cycle with a whole reconcile, due or not. */
export function reconcileOnce(source: Source, limits: RunLimits): Promise<RunResult> {
  return underLease(source, 'reconcile', limits, (run) => cycle(run, (deadline) => reconcile(run, deadline)))
}

/** A cycle that also reads a span again. */
export function backfillOnce(source: Source, span: Backfill, limits: RunLimits): Promise<RunResult> {
  return underLease(source, 'backfill', limits, (run) =>
    cycle(run, (deadline) => readBackfill(run, span, deadline)),
  )
}

/**
 * Head and open jobs, then `rest`, in slices with head and open jobs between them until it is complete; last, what was
 * asked for in vain is settled.
 *
 * @returns false when the run's deadline came first
 */
async function cycle(run: RunContext, rest: (deadline: number) => Promise<boolean>): Promise<boolean> {
  for (;;) {
    if (!(await readPresent(run))) return false
    const sliceEnd = run.clock.monotonic() + SLICE_MS
    const complete = await rest(run.deadline === null ? sliceEnd : Math.min(sliceEnd, run.deadline))
    if (complete) break
    if (isPast(run.deadline, run)) return false
  }
  await settleMisses(run)
  return true
}

/** The head, and the open jobs that it did not show. */
async function readPresent(run: RunContext): Promise<boolean> {
  const startedAt = run.clock.monotonic()
  const pagesBefore = run.tally.counts.pages
  if (!(await readHead(run))) return false
  return refreshOpenJobs(run, apiTimeAt(run, startedAt), run.tally.counts.pages - pagesBefore)
}

async function isDue({ pool, lease, options }: RunContext): Promise<boolean> {
  return options.reconcileEveryMs !== null && isReconcileDue(pool, lease.source, options.reconcileEveryMs)
}

/** The walk, and the question by id for what it did not come by. */
async function reconcile(run: RunContext, deadline: number): Promise<boolean> {
  return (await walkList(run, deadline)) && refreshOpenJobs(run, presentOf(run), 0)
}

/** For people: how far the coverage reaches. */
export function describeCoverage(coverage: Coverage | null, options: RunOptions): string {
  if (!coverage) return 'nothing covered yet'
  const done = isHistoryDone(coverage, options) ? 'complete' : 'history still being read'
  return `${formatInstant(coverage.coveredFrom)} .. ${formatInstant(coverage.watermark)}, ${done}`
}
