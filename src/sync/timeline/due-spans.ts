import { ApiProtocolError } from '../../errors.ts'
import { growCoverage } from '../../store/coverage.ts'
import { type Bounds, dueSpans, putSpans, type Span, UNBEGUN } from '../../store/spans.ts'
import { formatInstant, type Instant, MILLISECOND } from '../../values/instant.ts'
import { Committer } from '../commit/committer.ts'
import { bisect, failureOf, mayBeOfOne } from '../isolation.ts'
import { inLanes } from '../lanes.ts'
import { answersOthers } from '../recheck/known-jobs.ts'
import { commitRun, isPast, type RunContext } from '../run.ts'
import { WindowPlan } from './plan.ts'
import { type Pass, readSpan, type SpanProgress, saveProgress } from './reading.ts'
import { isSettled, nextTry, stageOf } from './schedule.ts'

/** How many due spans are looked up at once. */
const LOOK_UP = 500
/** Spans of more pages than this are not joined. */
const MOST_PAGES = 40
/** Of a part that is looked at for what is at fault, so many items are read at first. */
const LONG = 4_500
/** A span is not cut finer than this. */
const NARROWEST = MILLISECOND

/** Where a reading of spans ends. */
export interface Goal {
  /** Spans due by then, of the database's clock. */
  readonly dueBy: Instant
  /** Stops at a page boundary after this time of `clock.monotonic()`; null for never. */
  readonly deadline: number | null
  /** Only what lies in this piece; of a span that was never read, only that part. */
  readonly within?: Bounds
}

/**
 * Reads the spans that are due, side by side and the newest first: what was never read (the history), and what is to be
 * read again as it ages. A span that fails although the API answers others is cut until what is at fault stands alone.
 *
 * @returns false when the deadline came first; what was read so far is kept
 * @throws what concerns more than one span
 */
export async function readDueSpans(run: RunContext, { dueBy, deadline, within }: Goal): Promise<boolean> {
  for (;;) {
    const found = await dueSpans(run.pool, run.lease.source, dueBy, { within, limit: LOOK_UP })
    const due = within ? found.map((span) => clipped(span, within)) : found
    if (due.length === 0) return true
    for (const span of due) if (span.reason !== null) await retry(run, span)
    const failed = await readSideBySide(
      run,
      due.filter(({ reason }) => reason === null),
      deadline,
    )
    await isolate(run, failed)
    if (isPast(deadline, run)) return false
  }
}

/** Returns those that failed by themselves. */
async function readSideBySide(
  run: RunContext,
  due: readonly Span[],
  deadline: number | null,
): Promise<Failed[]> {
  const isMeasured = (span: Span) => span.pageToken !== null || (span.items !== null && span.readAt !== null)
  const waiting = joinedForReading(due.filter(isMeasured), run)
  const plan = new WindowPlan(
    due.filter((span) => !isMeasured(span)),
    run.options,
  )
  const committer = new Committer<SpanProgress>(run, {
    save: saveProgress(run),
  })
  const pass: Pass = { plan, committer, deadline }
  const failed: Failed[] = []
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

/** What was read before keeps its size; of the rest only the part is wanted. */
function clipped(span: Span, { lower, upper }: Bounds): Span {
  const part = { ...span, lower: Math.max(span.lower, lower), upper: Math.min(span.upper, upper) }
  return span.readAt === null && span.pageToken === null ? part : span
}

function unbegun(span: Span | undefined): Span | undefined {
  return span && { ...span, ...UNBEGUN }
}

async function readOrSetAside(run: RunContext, span: Span, pass: Pass, failed: Failed[]): Promise<void> {
  try {
    const end = await readSpan(run, span, pass)
    if (end === 'expired') await cutExpired(run, span)
  } catch (error) {
    if (!mayBeOfOne(error) || !(await answersOthers(run, 'span'))) throw error
    failed.push({ span: { ...span, ...UNBEGUN }, error })
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
      last?.lower === span.upper &&
      last.pageToken === null &&
      span.pageToken === null &&
      (options.saves === true || isSettled(span, now, options.overlap)) &&
      stage(last) === stage(span) &&
      items <= MOST_PAGES * options.pageSize
    if (last && fits) {
      const readAt = Math.min(last.readAt ?? now, span.readAt ?? now)
      joined[joined.length - 1] = {
        ...last,
        lower: span.lower,
        items,
        readAt,
        empties: Math.min(last.empties, span.empties),
      }
    } else joined.push(span)
  }
  return joined
}

interface Failed {
  readonly span: Span
  readonly error: Error
}

/**
 * Cuts spans that fail until what is at fault stands alone, and puts that in quarantine. The parts are read on the way, or
 * begun where they are long. A listing that does not end (A4) is not cut, nor a part that fails although it had looked
 * well: whatever the API does, each step at least halves what is left.
 */
async function isolate(run: RunContext, failed: readonly Failed[]): Promise<void> {
  if (failed.length === 0) return
  const { isolation, deadline } = run
  const reasons = new Map(failed.map(({ span, error }) => [span, run.explain(error).message]))
  const isHopeless = ({ span, error }: Failed) =>
    error instanceof ApiProtocolError || isolation.begun.some((part) => isWhole(span, part))
  const cut = failed.filter((each) => !isHopeless(each)).map(({ span }) => span)
  const committer = new Committer<SpanProgress>(run, { save: saveProgress(run) })
  const pass = {
    plan: new WindowPlan<Span>([], run.options),
    committer,
    deadline,
    attempts: 'one',
    mostItems: LONG,
  } as const
  const culprits = await bisect(cut, {
    size: ({ lower, upper }) => upper - lower,
    halves: (span) => (isolation.requestsLeft <= 0 || isPast(deadline, run) ? [] : halved(span)),
    isWell: async (span) => {
      const before = run.tally.counts.pages
      const reason = await failureOf(run, async () => {
        if ((await readSpan(run, span, pass)) !== 'complete') isolation.begun.push(span)
      })
      isolation.requestsLeft -= 1 + run.tally.counts.pages - before
      if (reason !== undefined) reasons.set(span, reason)
      return reason === undefined
    },
  })
  const hopeless = failed.filter(isHopeless).map(({ span }) => span)
  const setAside = [...culprits, ...hopeless].map((span) => ({ ...span, reason: reasons.get(span) ?? null }))
  const joined = neighboursJoined(setAside)
  await saveSpans(
    run,
    joined.map((span) => quarantined(run, span, span.reason ?? 'Its listing failed.')),
  )
}

/** Of an hour that cannot be read each minute fails: it is one span all the same. */
function neighboursJoined(spans: readonly Span[]): Span[] {
  const joined: Span[] = []
  for (const span of spans.toSorted((left, right) => right.lower - left.lower)) {
    const last = joined.at(-1)
    const touches = last?.lower === span.upper && last.readAt === span.readAt
    if (last && touches) joined[joined.length - 1] = { ...last, lower: span.lower }
    else joined.push(span)
  }
  return joined
}

function isWhole(span: Bounds, part: Bounds): boolean {
  const lies = span.lower < part.upper && span.upper > part.lower
  return lies && span.upper - span.lower > (part.upper - part.lower) / 2
}

/** What was set aside is tried as a whole, and then in halves, of which one may be well. */
async function retry(run: RunContext, span: Span): Promise<void> {
  const reason = await listingFailure(run, span)
  if (reason === undefined) return saveSpans(run, [freed(span)])
  const halves = halved(span)
  const failures: (string | undefined)[] = []
  for (const half of halves) failures.push(await listingFailure(run, half))
  const isPartWell = failures.some((failure) => failure === undefined)
  const after = halves.map((half, index) => {
    const failure = failures[index]
    return failure === undefined ? freed(half) : quarantined(run, half, failure)
  })
  await saveSpans(run, isPartWell ? after : [quarantined(run, span, reason)])
}

/** Why the first page of a span cannot be read; undefined when it can. */
function listingFailure(run: RunContext, { lower, upper }: Span): Promise<string | undefined> {
  return failureOf(run, async () => {
    await run.jobs.readPage({ lower, upper, attempts: 'one', aside: true }, run.signal)
  })
}

/** Its time stays, so that it is read in this run. */
function freed(span: Span): Span {
  return { ...span, ...UNBEGUN, reason: null, tries: 0, quarantinedAt: null }
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

/** Two halves; nothing where it is too narrow. */
function halved(span: Span): Span[] {
  if (span.upper - span.lower < 2 * NARROWEST) return []
  const middle = Math.floor((span.lower + span.upper) / 2)
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
