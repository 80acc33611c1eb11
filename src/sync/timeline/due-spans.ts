import { ApiProtocolError } from '../../errors.ts'
import { growCoverage, loadCoverage } from '../../store/coverage.ts'
import { dueSpans, putSpans, type Span } from '../../store/spans.ts'
import { formatInstant, type Instant, MILLISECOND, parseInstant } from '../../values/instant.ts'
import type { Judged } from '../commit/commit.ts'
import { Committer } from '../commit/committer.ts'
import { answersOthers, failureOf, bisect, mayBeOfOne } from '../isolation.ts'
import type { Written } from '../job-list.ts'
import { inLanes } from '../lanes.ts'
import { commitRun, isPast, type RunContext } from '../run.ts'
import { WindowPlan } from './plan.ts'
import { type Pass, readSpan, type SpanProgress, saveProgress } from './reading.ts'
import { isSettled, nextTry, stageOf } from './schedule.ts'

/** How many due spans are looked up at once. */
const LOOK_UP = 500
/** Spans of more pages than this are not joined. */
const MOST_PAGES = 40
/** So many requests of one run are spent on finding the instants that make requests fail. */
const ISOLATION_BUDGET = 200
/** A span is not cut finer than this. */
const NARROWEST = MILLISECOND

const UNBEGUN = { beganAt: null, pageToken: null, pages: 0 } as const

/** Where a reading of spans ends. */
export interface Goal {
  /** Spans due by then, of the database's clock. */
  readonly dueBy: Instant
  /** Stops at a page boundary after this time of `clock.monotonic()`; null for never. */
  readonly deadline: number | null
}

/**
 * Reads the spans that are due, side by side and the newest first: what was never read (the history), and what is to be
 * read again as it ages. A span that fails although the API answers others is cut until what is at fault stands alone.
 *
 * @returns false when the deadline came first; what was read so far is kept
 * @throws what concerns more than one span
 */
export async function readDueSpans(run: RunContext, { dueBy, deadline }: Goal): Promise<boolean> {
  for (;;) {
    const due = await dueSpans(run.pool, run.lease.source, dueBy, LOOK_UP)
    if (due.length === 0) return true
    for (const span of due) if (span.reason !== null) await retry(run, span)
    const failed = await readSideBySide(
      run,
      due.filter(({ reason }) => reason === null),
      deadline,
    )
    if (isPast(deadline, run)) return false
    await isolate(run, failed, deadline)
  }
}

/** Returns those that failed by themselves. */
async function readSideBySide(run: RunContext, due: readonly Span[], deadline: number | null): Promise<Span[]> {
  const isMeasured = (span: Span) => span.pageToken !== null || (span.items !== null && span.readAt !== null)
  const waiting = joinedForReading(due.filter(isMeasured), run)
  const plan = new WindowPlan(
    due.filter((span) => !isMeasured(span)),
    run.options,
  )
  const coverage = await loadCoverage(run.pool, run.lease.source)
  const committer = new Committer<SpanProgress>(run, {
    count: (page, written) => ({ repairs: countRepairs(page, written, promisedBy(coverage, run)) }),
    save: saveProgress(run),
  })
  const pass: Pass = { plan, committer, deadline }
  const failed: Span[] = []
  const total = widthOf(due)
  const active = new Set<Span>()
  await inLanes(
    run,
    () => (isPast(deadline, run) ? undefined : (waiting.shift() ?? unbegun(plan.next()))),
    async (lane, span) => {
      active.add(span)
      await readOrSetAside(lane, span, pass, failed)
      active.delete(span)
      const left = widthOf([...plan.remaining, ...waiting, ...active])
      run.onProgress({ part: 'spans', done: 1 - left / total, received: run.tally.counts.received })
    },
  )
  return failed
}

function unbegun(span: Span | undefined): Span | undefined {
  return span && { ...span, ...UNBEGUN }
}

async function readOrSetAside(run: RunContext, span: Span, pass: Pass, failed: Span[]): Promise<void> {
  const since = run.clock.monotonic()
  try {
    const end = await readSpan(run, span, pass)
    if (end === 'expired') await cutExpired(run, span)
  } catch (error) {
    if (!mayBeOfOne(error) || !(await answersOthers(run, 'span', since))) throw error
    failed.push(span)
  }
}

/**
 * The token of a span expired before its last page came (A2): the span is too long for how slowly it is read. Its halves
 * are read from their beginnings.
 */
async function cutExpired(run: RunContext, span: Span): Promise<void> {
  const { lower, upper } = span
  if (upper - lower < 2 * NARROWEST)
    throw new ApiProtocolError('The page tokens of the API expire before a listing of one instant ends.')
  run.log.info({ lower, upper }, 'A page token expired; the span is read again in two halves.')
  await saveSpans(run, halved({ ...span, ...UNBEGUN }))
}

/** Neighbours that are due and of the same stage are read as one span, as long as it stays small. */
function joinedForReading(due: readonly Span[], { options, lease }: RunContext): Span[] {
  const now = lease.now()
  const stage = (span: Span) => stageOf(span, now, options.overlap)
  const joined: Span[] = []
  for (const span of due) {
    const last = joined.at(-1)
    const items = (last?.items ?? 0) + (span.items ?? 0)
    const fits =
      last?.lower === span.upper && last.pageToken === null && span.pageToken === null &&
      isSettled(span, now, options.overlap) && stage(last) === stage(span) && items <= MOST_PAGES * options.pageSize
    if (last && fits) {
      const readAt = Math.min(last.readAt ?? now, span.readAt ?? now)
      joined[joined.length - 1] = { ...last, lower: span.lower, items, readAt, empties: Math.min(last.empties, span.empties) }
    } else joined.push(span)
  }
  return joined
}

/** Cuts spans that fail until what is at fault stands alone, puts that in quarantine, and leaves the rest to be read. */
async function isolate(run: RunContext, failing: readonly Span[], deadline: number | null): Promise<void> {
  if (failing.length === 0) return
  const reasons = new Map<Span, string>()
  const well: Span[] = []
  const culprits = await bisect(failing, {
    size: ({ lower, upper }) => upper - lower,
    halves: (span) => (span.upper - span.lower < 2 * NARROWEST || isPast(deadline, run) ? [] : halved(span)),
    isWell: async (span) => {
      const reason = await listingFailure(run, span)
      if (reason === undefined) well.push(span)
      else reasons.set(span, reason)
      return reason === undefined
    },
    budget: ISOLATION_BUDGET,
  })
  const setAside = culprits.map((span) => quarantined(run, span, reasons.get(span) ?? 'Its listing failed.'))
  await saveSpans(run, [...well.map((span) => freed(run, span)), ...setAside])
}

/** What was set aside is tried as a whole, and then in halves, of which one may be well. */
async function retry(run: RunContext, span: Span): Promise<void> {
  const reason = await listingFailure(run, span)
  if (reason === undefined) return saveSpans(run, [freed(run, span)])
  const halves = span.upper - span.lower < 2 * NARROWEST ? [] : halved(span)
  const failures: (string | undefined)[] = []
  for (const half of halves) failures.push(await listingFailure(run, half))
  const isPartWell = failures.some((failure) => failure === undefined)
  const after = halves.map((half, index) => {
    const failure = failures[index]
    return failure === undefined ? freed(run, half) : quarantined(run, half, failure)
  })
  await saveSpans(run, isPartWell ? after : [quarantined(run, span, reason)])
}

/** Why the first page of a span cannot be read; undefined when it can. */
function listingFailure(run: RunContext, { lower, upper }: Span): Promise<string | undefined> {
  return failureOf(run, async () => {
    await run.jobs.readPage({ lower, upper, attempts: 'one' }, run.signal)
  })
}

function freed(run: RunContext, span: Span): Span {
  return { ...span, ...UNBEGUN, reason: null, tries: 0, quarantinedAt: null, dueAt: run.lease.now() }
}

function quarantined(run: RunContext, span: Span, reason: string): Span {
  const { lower, upper } = span
  run.log.warn(
    { from: formatInstant(lower), to: formatInstant(upper), reason },
    'A span cannot be read and is set aside; it is tried again by itself.',
  )
  const now = run.lease.now()
  return {
    ...span,
    ...UNBEGUN,
    reason,
    tries: span.tries + 1,
    quarantinedAt: span.quarantinedAt ?? now,
    dueAt: nextTry(now, span.tries),
  }
}

function halved(span: Span): Span[] {
  const middle = Math.floor((span.lower + span.upper) / 2)
  if (middle <= span.lower) return [span]
  const items = span.items === null ? null : Math.ceil(span.items / 2)
  return [
    { ...span, lower: middle, items },
    { ...span, upper: middle, items },
  ]
}

async function saveSpans(run: RunContext, spans: readonly Span[]): Promise<void> {
  if (spans.length === 0) return
  await commitRun(run, async (client) => {
    await run.lease.lockProgress(client)
    await putSpans(client, run.lease.source, spans)
    await growCoverage(client, run.lease.source)
    return { result: undefined }
  })
}

function widthOf(spans: readonly Span[]): number {
  return spans.reduce((sum, { lower, upper }) => sum + (upper - lower), 0)
}

interface Promised {
  readonly from: Instant
  readonly to: Instant
}

/** The part of created_at in which every job should have been stored before. */
function promisedBy(
  coverage: { readonly coveredFrom: Instant; readonly watermark: Instant } | null,
  { options }: RunContext,
): Promised | null {
  return coverage && { from: coverage.coveredFrom, to: coverage.watermark - options.overlap }
}

/** How many of a page's writes should not have been necessary: late jobs, and finished ones that differed. */
function countRepairs({ jobs }: Judged, written: Written, promised: Promised | null): number {
  const createdAt = new Map(jobs.map(({ job }) => [job.id, job.createdAt]))
  const late = written.insertedIds.filter((id) => {
    const text = createdAt.get(id)
    const created = text === null || text === undefined ? undefined : parseInstant(text)
    return created !== undefined && promised !== null && created >= promised.from && created <= promised.to
  })
  return late.length + written.revisedIds.length
}
