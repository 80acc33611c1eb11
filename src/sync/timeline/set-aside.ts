import { growCoverage } from '../../store/coverage.ts'
import { putSpans, type Span, UNBEGUN, unreadSpan } from '../../store/spans.ts'
import { formatInstant, type Instant, MILLISECOND, MINUTE } from '../../values/instant.ts'
import { Committer } from '../commit/committer.ts'
import { bisect, failureOf, withinBudget } from '../isolation.ts'
import { queryOf } from '../listing.ts'
import { commitRun, isPast, type RunContext } from '../run.ts'
import { WindowPlan } from './plan.ts'
import { type SpanProgress, saveProgress } from './progress.ts'
import { type Pass, readSpan } from './reading.ts'
import { nextTry } from './schedule.ts'

/** Of a part that is looked at for what is at fault, so many pages are read at first. */
const LONG = 45
/** A span is not cut finer than this. */
const NARROWEST = MILLISECOND
/** What is tried again is not cut finer than this: of an hour that cannot be read each minute fails, each time. */
const FINE = 5 * MINUTE

export interface Failed {
  readonly span: Span
  readonly error: Error
}

/**
 * Cuts spans that fail until what is at fault stands alone, and puts that in quarantine. The parts are read on the way, or
 * begun where they are long. A part that fails although it had looked well is not cut: whatever the API does, each step at
 * least halves what is left.
 */
export async function isolate(run: RunContext, failed: readonly Failed[]): Promise<void> {
  if (failed.length === 0) return
  const { isolation, options } = run
  const committer = new Committer<SpanProgress>(run, saveProgress(run))
  const plan = new WindowPlan<Span>([], options)
  const pass: Pass = { plan, committer, deadline: run.deadline, attempts: 'one', mostPages: LONG }
  await setAsideCulprits(run, reasonsOf(run, failed), (span) =>
    failureOf(run, async () => {
      if ((await readSpan(run, span, pass)) !== 'complete') isolation.begun.push(span)
    }),
  )
}

/** Only looks: the head reads around what is found between an instant and the end of time (A11). */
export function isolateAbove(run: RunContext, lower: Instant, error: Error): Promise<void> {
  const span = unreadSpan({ lower, upper: Number.MAX_SAFE_INTEGER }, run.lease.now())
  return setAsideCulprits(run, reasonsOf(run, [{ span, error }]), (part) => listingFailure(run, part))
}

/** `failureIn` reads a part and returns why that fails. */
async function setAsideCulprits(
  run: RunContext,
  reasons: Map<Span, string>,
  failureIn: (span: Span) => Promise<string | undefined>,
  isFineEnough = (_span: Span) => false,
): Promise<void> {
  const { isolation } = run
  const isToBeCut = (span: Span) =>
    isolation.requestsLeft > 0 &&
    !isPast(run.deadline, run) &&
    !isFineEnough(span) &&
    !isolation.begun.some((part) => isMostOf(span, part))
  const culprits = await bisect([...reasons.keys()], {
    size: widthOf,
    halves: (span) => (isToBeCut(span) ? halved(span) : []),
    isWell: async (span) => {
      const reason = await withinBudget(run, () => failureIn(span))
      if (reason !== undefined) reasons.set(span, reason)
      return reason === undefined
    },
  })
  const aside = Map.groupBy(culprits, (span) => isPast(run.deadline, run) && widthOf(span) > FINE)
  await saveSpans(run, [
    ...neighboursJoined(
      (aside.get(false) ?? []).map((span) => quarantined(run, span, reasons.get(span) ?? '')),
    ),
    ...(aside.get(true) ?? []).map((span) => cutOff(run, span, reasons.get(span) ?? '')),
  ])
}

function reasonsOf(run: RunContext, failed: readonly Failed[]): Map<Span, string> {
  return new Map(failed.map(({ span, error }) => [span, run.explain(error).message]))
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

function isMostOf(span: Span, part: Pick<Span, 'lower' | 'upper'>): boolean {
  const lies = span.lower < part.upper && span.upper > part.lower
  return lies && span.upper - span.lower > (part.upper - part.lower) / 2
}

/**
 * Tries again what was set aside. Where it is long it is cut on, so that what is well of it is read in this run, whatever
 * kept the search from its end before.
 */
export async function retry(run: RunContext, span: Span): Promise<void> {
  const well: Span[] = []
  const failureIn = async (part: Span) => {
    const failure = await listingFailure(run, part)
    if (failure === undefined) well.push(freed(part))
    return failure
  }
  const halves = halved(span)
  const reasons = new Map<Span, string>()
  for (const part of halves.length > 0 ? halves : [span]) {
    const failure = await failureIn(part)
    if (failure !== undefined) reasons.set(part, failure)
  }
  await setAsideCulprits(run, reasons, failureIn, (part) => widthOf(part) <= FINE)
  await saveSpans(run, well)
}

/** Why the first page of a span cannot be read; undefined when it can. */
function listingFailure(run: RunContext, span: Span): Promise<string | undefined> {
  return failureOf(run, async () => {
    await run.jobs.readPage({ ...queryOf(span), attempts: 'one', aside: true }, run.signal)
  })
}

/** Its time stays, so that it is read in this run; should it fail again, its tries count on. */
function freed(span: Span): Span {
  return { ...span, ...UNBEGUN, reason: null, quarantinedAt: null }
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

/** The run ended before it was looked into: the next one goes on at once, and each step at least halves what is left. */
function cutOff(run: RunContext, span: Span, reason: string): Span {
  return { ...quarantined(run, span, reason), tries: span.tries, dueAt: run.lease.now() }
}

function widthOf({ lower, upper }: Span): number {
  return upper - lower
}

/** Two halves; nothing where it is too narrow. */
export function halved(span: Span): Span[] {
  if (widthOf(span) < 2 * NARROWEST) return []
  const middle = Math.floor((span.lower + span.upper) / 2)
  const items = span.items === null ? null : Math.ceil(span.items / 2)
  return [
    { ...span, lower: middle, items },
    { ...span, upper: middle, items },
  ]
}

export async function saveSpans(run: RunContext, spans: readonly Span[]): Promise<void> {
  if (spans.length === 0) return
  await commitRun(run, async (client) => {
    await run.lease.lockProgress(client)
    await putSpans(client, run.lease.source, spans)
    await growCoverage(client, run.lease.source)
    return { result: undefined }
  })
}
