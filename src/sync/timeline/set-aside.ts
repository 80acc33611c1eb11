import { growCoverage } from '../../store/coverage.ts'
import { putSpans } from '../../store/put-spans.ts'
import { type Bounds, type Span, UNBEGUN } from '../../store/spans.ts'
import { formatInstant, HOUR, type Instant, MINUTE } from '../../values/instant.ts'
import { Committer } from '../commit/committer.ts'
import { bisect, failureOf, withinBudget } from '../isolation.ts'
import type { ListQuery } from '../job-list.ts'
import { queryOf } from '../listing.ts'
import { commitProgress, isPast, type RunContext } from '../run.ts'
import { halved, widthOf } from './halves.ts'
import { WindowPlan } from './plan.ts'
import { type SpanProgress, saveProgress } from './progress.ts'
import { type Pass, readSpan } from './reading.ts'
import { nextTry } from './schedule.ts'

/** Of a part that is looked at for what is at fault, so many pages are read at first. */
const LONG = 45
/** Some listings fail for large pages only. */
export const SMALL_PAGE = 10
/** What is no longer than this is read in small pages before it is cut on. */
const SHORT = HOUR
/** What is tried again is not cut finer than this: of an hour that cannot be read each minute fails, each time. */
export const FINE = 5 * MINUTE

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
  const pass: Pass = { plan, committer, deadline: run.deadline, attempts: 'one' }
  const read = (span: Span, how: Pick<Pass, 'mostPages' | 'pageItems'>) =>
    failureOf(run, async () => {
      if ((await readSpan(run, span, { ...pass, ...how })) !== 'complete') isolation.begun.push(span)
    })
  // What it reads is no search, unless it leads nowhere.
  const readSmall = async (span: Span) => {
    const { requests } = run.usage()
    const failure = await read(span, { pageItems: SMALL_PAGE })
    if (failure !== undefined) isolation.requestsLeft -= run.usage().requests - requests
    return failure
  }
  const failureIn = async (span: Span) => {
    const failure = await withinBudget(run, () => read(span, { mostPages: LONG }))
    const isFirstShort = isShort(span) && 2 * widthOf(span) > SHORT
    return failure !== undefined && isFirstShort ? readSmall(span) : failure
  }
  const left: Failed[] = []
  for (const { span, error } of failed) {
    // One that was begun may be what only small pages can read: it goes on in them.
    const maySuffice = isolation.requestsLeft > 0 && (isShort(span) || span.pageToken !== null)
    const isRead = maySuffice && (await readSmall(span)) === undefined
    if (!isRead) left.push({ span: { ...span, ...UNBEGUN }, error })
  }
  const reasons = new Map(left.map(({ span, error }) => [span, run.explain(error).message]))
  await setAsideCulprits(run, reasons, failureIn)
}

/** `failureIn` reads a part and returns why that fails. */
export async function setAsideCulprits(
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
      const reason = await failureIn(span)
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

/** Of an hour that cannot be read each minute fails: it is one span all the same. */
export function neighboursJoined(spans: readonly Span[]): Span[] {
  const joined: Span[] = []
  for (const span of spans.toSorted((left, right) => right.lower - left.lower)) {
    const last = joined.at(-1)
    if (last?.lower === span.upper && (last.readAt === null) === (span.readAt === null)) {
      const [tries, readAt] = [Math.min(last.tries, span.tries), earlier(last.readAt, span.readAt)]
      const quarantinedAt = earlier(last.quarantinedAt, span.quarantinedAt)
      joined[joined.length - 1] = { ...last, lower: span.lower, tries, readAt, quarantinedAt }
    } else joined.push(span)
  }
  return joined
}

function earlier(left: Instant | null, right: Instant | null): Instant | null {
  return left === null || right === null ? null : Math.min(left, right)
}

function isMostOf(span: Span, part: Bounds): boolean {
  const lies = span.lower < part.upper && span.upper > part.lower
  return lies && widthOf(span) > widthOf(part) / 2
}

/** Why the first page of a span cannot be read; undefined when it can. */
export function listingFailure(run: RunContext, span: Span, pageItems?: number): Promise<string | undefined> {
  const query: ListQuery = { ...queryOf(span), attempts: 'one', aside: true, pageItems }
  return withinBudget(run, () =>
    failureOf(run, async () => {
      await run.jobs.readPage(query, run.signal)
    }),
  )
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

export function isShort(span: Span): boolean {
  return widthOf(span) <= SHORT
}

export async function saveSpans(run: RunContext, spans: readonly Span[]): Promise<void> {
  if (spans.length === 0) return
  await commitProgress(run, async (client) => {
    await putSpans(client, run.lease.source, spans)
    await growCoverage(client, run.lease.source)
  })
}
