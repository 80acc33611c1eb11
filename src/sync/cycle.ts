import { ApiThrottledError, FilterIgnoredError } from '../errors.ts'
import type { Coverage } from '../store/coverage.ts'
import { tookTooLong } from '../store/database-error.ts'
import { forgetPlaces } from '../store/lookups.ts'
import { loadOutlook, type Outlook } from '../store/outlook.ts'
import { fillGaps, makeDue } from '../store/put-spans.ts'
import type { Bounds } from '../store/spans.ts'
import { sumUpDays } from '../store/sums.ts'
import { formatInstant, type Instant, MILLISECOND } from '../values/instant.ts'
import { mayBeOfOne } from './isolation.ts'
import { askAlone } from './recheck/alone.ts'
import { markGone } from './recheck/gone.ts'
import { asksEarly, recheckDue } from './recheck/recheck.ts'
import { commitProgress, isPast, type RunContext, type RunOptions } from './run.ts'
import type { RunLimits, RunResult, Source } from './source.ts'
import { readDueSpans } from './timeline/due-spans.ts'
import { type HeadSight, lookAtHead, readHead } from './timeline/head.ts'
import { readWhole } from './timeline/whole.ts'
import { underLease } from './under-lease.ts'
import { checkSums, extendTo, followInterval, lookAndCheck, noteProjects, probe } from './upkeep.ts'

/** During long work the head and the open jobs are looked at again this often, so that new jobs flow in meanwhile. */
const SLICE_MS = 300_000

/**
 * One cycle of a source: the head, the jobs of the recheck list, and the spans that are due.
 *
 * @throws what made the cycle fail, after everything else was done and it was noted in `runs`; ScopeChangedError before
 *   anything is done
 */
export function syncOnce(source: Source, limits: RunLimits): Promise<RunResult> {
  return underLease(source, 'sync', limits, (run) => cycle(run))
}

export interface ReconcileOptions {
  /** Also reads one listing without time filters, the only one that shows jobs without created_at (A11). */
  readonly whole?: boolean
}

/** A cycle that reads every span again, due or not. */
export function reconcileOnce(
  source: Source,
  limits: RunLimits,
  { whole = false }: ReconcileOptions = {},
): Promise<RunResult> {
  return underLease(source, 'reconcile', limits, async (run) => {
    await makeSpansDue(run)
    await checkSums(run)
    return (await cycle(run)) && (!whole || (await readWhole(run)))
  })
}

/** A cycle that also reads a piece of created_at again. What lies before the timeline becomes part of it. */
export function backfillOnce(
  source: Source,
  { lower, upper }: Bounds,
  limits: RunLimits,
): Promise<RunResult> {
  // A span has a width.
  const piece = { lower, upper: Math.max(upper, lower + MILLISECOND) }
  return underLease(source, 'backfill', limits, async (run) => {
    await makeSpansDue(run, piece)
    return cycle(run, { begin: Math.min(piece.lower, run.options.startAt), within: piece })
  })
}

function makeSpansDue(run: RunContext, within?: Bounds): Promise<void> {
  const { lease } = run
  return commitProgress(run, async (client) => {
    await fillGaps(client, lease.source, lease.now())
    await makeDue(client, lease.source, { now: lease.now(), within })
    if (within === undefined) await forgetPlaces(client, lease.source)
  })
}

interface Reach {
  /** Where the timeline begins, at the latest. */
  readonly begin: Instant
  /** The one piece of it whose spans are read; all when left out. */
  readonly within?: Bounds
}

/** @returns false when the run's deadline came first */
async function cycle(run: RunContext, reach: Reach = { begin: run.options.startAt }): Promise<boolean> {
  const parts = new Parts()
  const read = await readInSlices(run, reach, parts)
  let { isComplete } = read
  // What the spans did not show is asked for at once, unless the API cannot be asked by id now, or the next cycle is near.
  if (isComplete && !read.isIdle && !parts.hasFailed && !run.options.saves)
    isComplete =
      (await parts.try(() =>
        recheckDue(run, { at: run.lease.now(), unseenSince: read.beganAt, headPages: 0 }),
      )) ?? false
  if (!read.isIdle) await markGone(run)
  await noteProjects(run, read.outlook)
  parts.throwFailure()
  if (isComplete) await askAlone(run)
  return isComplete
}

interface SlicesRead {
  readonly isComplete: boolean
  /** There was nothing to do but to read the head. */
  readonly isIdle: boolean
  /** When the last slice began, by the database's clock. */
  readonly beganAt: Instant
  readonly outlook: Outlook
}

/** Head and recheck list, then the due spans, in slices with head and recheck list between them. */
async function readInSlices(run: RunContext, { begin, within }: Reach, parts: Parts): Promise<SlicesRead> {
  for (let sight = await lookAndCheck(run); ; sight = await lookAtHead(run.pool, run.lease.source)) {
    const beganAt = run.lease.now()
    const pages = run.tally.counts.pages
    const after = isHeadDue(run, sight) ? await parts.try(() => readHead(run, sight)) : null
    const headPages = run.tally.counts.pages - pages
    const outlook = after ?? (await loadOutlook(run.pool, run.lease.source, run.jobs.sums))
    const { commits } = run.tally
    await followInterval(run, outlook)
    await parts.try(() => extendTo(run, begin, outlook))
    await parts.try(() => probe(run, outlook))
    // Whatever was committed since may be due at once.
    if (run.tally.commits === commits && !hasWork(outlook, run.lease.now()) && !asksEarly(headPages)) {
      if (outlook.sumsUp) await sumUp(run)
      return { isComplete: true, isIdle: true, beganAt, outlook }
    }
    const isRechecked = await parts.try(() =>
      recheckDue(run, { at: beganAt, unseenSince: beganAt, headPages }),
    )
    const sliceEnd = run.clock.monotonic() + SLICE_MS
    const deadline = run.deadline === null ? sliceEnd : Math.min(sliceEnd, run.deadline)
    const isRead = await parts.try(() => readDueSpans(run, { dueBy: run.lease.now(), deadline, within }))
    await sumUp(run)
    const isComplete = isRead !== false && isRechecked !== false
    // What fails leaves more to the spans each time, so that there is always something due.
    const isStuck = parts.hasFailed && run.tally.counts.pages === pages
    if (isComplete || isStuck || isPast(run.deadline, run))
      return { isComplete, isIdle: false, beganAt, outlook }
  }
}

/** For readers only: the views are right without it, and slower. */
async function sumUp({ jobs, pool, clock, log, explain }: RunContext): Promise<void> {
  if (jobs.sums === null) return
  await sumUpDays(pool, jobs.sums, clock).catch((error: unknown) => {
    log.warn(
      {},
      `Could not update the sums for the views; the next cycle tries again: ${explain(error).message}`,
    )
  })
}

function hasWork({ recheckAt, spanAt, holds }: Outlook, now: Instant): boolean {
  return holds || [recheckAt, spanAt].some((at) => at !== null && at <= now)
}

/** A list may be refused by id alone, and read by time. */
function mayBeOfPart(error: unknown): boolean {
  const isOfPart = error instanceof FilterIgnoredError || error instanceof ApiThrottledError
  return isOfPart || mayBeOfOne(error) || tookTooLong(error)
}

/** The parts of a cycle: each does what it can, whatever became of the others. */
class Parts {
  #failure: { readonly error: unknown } | null = null

  /** @throws only what ends all: a refused key, another project's key, a lost lease, a dead database, a stop, a bug */
  async try<T>(part: () => Promise<T>): Promise<T | undefined> {
    try {
      return await part()
    } catch (error) {
      if (!mayBeOfPart(error)) throw error
      this.#failure ??= { error }
      return undefined
    }
  }

  get hasFailed(): boolean {
    return this.#failure !== null
  }

  /** @throws the first failure of a part */
  throwFailure(): void {
    if (this.#failure) throw this.#failure.error
  }
}

/** Where cycles follow each other within seconds and open jobs are asked for in each, new ones are looked for in every second. */
function isHeadDue({ lease, headEvery }: RunContext, { head }: HeadSight): boolean {
  // Its last reading lies ahead where the database's clock has stepped back.
  return headEvery === null || head === null || Math.abs(lease.now() - head.readAt) >= headEvery
}

/** For people: how far the coverage reaches. */
export function describeCoverage(coverage: Coverage | null, options: RunOptions): string {
  if (!coverage) return 'nothing read yet'
  const done = coverage.coveredFrom <= options.startAt ? 'complete' : 'history still being read'
  return `${formatInstant(coverage.coveredFrom)} .. ${formatInstant(coverage.watermark)}, ${done}`
}
