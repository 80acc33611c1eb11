import { ApiProtocolError } from '../../errors.ts'
import { type Bounds, dueSpans, type Span, spansAbove, UNBEGUN } from '../../store/spans.ts'
import type { Instant } from '../../values/instant.ts'
import { Committer } from '../commit/committer.ts'
import { mayBeOfOne } from '../isolation.ts'
import { inParallel } from '../parallel.ts'
import { answersOthers } from '../recheck/known-jobs.ts'
import { isPast, pagesUntil, type RunContext, turnsUntil } from '../run.ts'
import { halved, widthOf } from './halves.ts'
import { inPieces } from './pieces.ts'
import { densityOf, WindowPlan } from './plan.ts'
import { type SpanProgress, saveProgress } from './progress.ts'
import { type Pass, readSpan } from './reading.ts'
import { retryAll } from './retry.ts'
import { isPastOverlap } from './schedule.ts'
import { type Failed, isolate, saveSpans } from './set-aside.ts'

/** How many due spans are looked up at once. */
const LOOK_UP = 500

/** How many spans above what was never read are looked at; some of them are being read. */
const NEIGHBOURS = 40

/** Where a reading of spans ends. */
export interface Goal {
  /** Spans due by then, of the database's clock. */
  readonly dueBy: Instant
  /** Stops at a page boundary after this time of `clock.monotonic()`; null for never. */
  readonly deadline: number | null
  /** Only what lies in this piece; of a span that was never read, only that part. */
  readonly within?: Bounds | undefined
}

/**
 * Reads the spans that are due, in parallel and the newest first: what was never read (the history), and what is to be
 * read again as it ages. A span that fails although the API answers others is cut until what is at fault stands alone.
 *
 * @returns false when the deadline came first; what was read so far is kept
 * @throws what concerns more than one span
 */
export async function readDueSpans(run: RunContext, { dueBy, deadline, within }: Goal): Promise<boolean> {
  for (;;) {
    const found = await dueSpans(run.pool, run.lease.source, dueBy, { within, limit: LOOK_UP })
    const due = sorted(within ? found.map((span) => clipped(span, within)) : found, run, deadline)
    if (due.begun.length + due.unread.length + due.again.length + due.setAside.length === 0) return true
    await isolate(run, await readSideBySide(run, due, deadline))
    if (!(await retryAll(run, due.setAside, deadline)) || isPast(deadline, run)) return false
  }
}

interface DueSpans {
  /** Being read for the first time. */
  readonly begun: Span[]
  readonly unread: Span[]
  readonly again: Span[]
  readonly setAside: readonly Span[]
}

function sorted(due: readonly Span[], run: RunContext, deadline: number | null): DueSpans {
  const well = due.filter(({ reason }) => reason === null)
  const isFirst = ({ readAt, items }: Span) => readAt === null || items === null
  const again = well.filter((span) => !isFirst(span) && !waitsForHead(span, run))
  return {
    begun: well.filter((span) => isFirst(span) && span.pageToken !== null),
    unread: well.filter((span) => isFirst(span) && span.pageToken === null),
    again: inPieces(again, run, pagesUntil(deadline, run)),
    setAside: due.filter(({ reason }) => reason !== null),
  }
}

/** Where cycles follow each other within seconds, the head's own listing shows what is young. */
function waitsForHead(span: Span, { options, lease }: RunContext): boolean {
  return options.saves === true && !isPastOverlap(span, lease.now(), options.overlap)
}

/** Returns those that failed by themselves. */
async function readSideBySide(
  run: RunContext,
  { begun, unread, again }: DueSpans,
  deadline: number | null,
): Promise<Failed[]> {
  const density = await densityBeside(run, unread)
  const plan = new WindowPlan(unread, { ...run.options, mostPages: pagesUntil(deadline, run), density })
  const committer = new Committer<SpanProgress>(run, saveProgress(run))
  const pass: Pass = { plan, committer, deadline }
  const failed: Failed[] = []
  const total = widthOfAll([...begun, ...unread, ...again])
  const active = new Set<Span>()
  const mayBegin = turnsUntil(deadline, run)
  // By turns: neither may starve.
  let taken = 0
  const next = () => {
    if (!mayBegin()) return undefined
    taken += 1
    const history = () => begun.shift() ?? unbegun(plan.next())
    return taken % 2 === 1 ? (history() ?? again.shift()) : (again.shift() ?? history())
  }
  await inParallel(run, next, async (branch, span) => {
    active.add(span)
    await readOrSetAside(branch, span, pass, failed)
    active.delete(span)
    const left = widthOfAll([...plan.remaining, ...begun, ...again, ...active])
    run.onProgress({ part: 'spans', done: 1 - left / total, received: run.tally.counts.received })
  })
  return failed
}

/** A history that goes on is as dense as what was read of it last, right above. */
async function densityBeside({ pool, lease, options }: RunContext, unread: readonly Span[]) {
  const [newest] = unread
  if (newest === undefined) return null
  const above = await spansAbove(pool, lease.source, newest.upper, NEIGHBOURS)
  // What was young when it was read is too short to tell.
  const read = above.filter(
    (span) => span.readAt !== null && isPastOverlap(span, span.readAt, options.overlap),
  )
  return densityOf(read, options.pageSize)
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
  const setAside = (error: Error) => failed.push({ span, error })
  try {
    const end = await readSpan(run, span, pass)
    // Its first page has just shown that the API answers.
    if (end === 'expired' && !(await cutExpired(run, span)))
      setAside(
        new ApiProtocolError('The page tokens of the API expire before even the shortest listing ends.'),
      )
    if (end === 'crowded') await saveSpans(run, unbegunHalves(span))
  } catch (error) {
    if (!mayBeOfOne(error) || !(await answersOthers(run, 'span'))) throw error
    setAside(error)
  }
}

/** What a cut costs: the request that was refused, and a first page more. */
const REQUESTS_A_CUT = 2

/**
 * The token of a span expired before its last page came (A2): the span is too long for how slowly it is read. Its halves
 * are not joined before they are read.
 *
 * @returns false where it cannot be cut: it is too narrow, or the run's budget is spent (I11)
 */
async function cutExpired(run: RunContext, span: Span): Promise<boolean> {
  const { lower, upper } = span
  const halves = unbegunHalves(span)
  if (halves.length === 0 || run.isolation.requestsLeft < REQUESTS_A_CUT) return false
  run.isolation.requestsLeft -= REQUESTS_A_CUT
  run.log.info({ lower, upper }, 'A page token expired: reading the span again in two halves.')
  await saveSpans(run, halves)
  return true
}

/** To be read from their beginnings; nobody knows how many items each holds. */
function unbegunHalves(span: Span): Span[] {
  return halved({ ...span, ...UNBEGUN, items: null })
}

function widthOfAll(spans: readonly Span[]): number {
  return spans.reduce((sum, span) => sum + widthOf(span), 0)
}
