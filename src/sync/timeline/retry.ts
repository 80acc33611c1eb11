import { type Span, UNBEGUN } from '../../store/spans.ts'
import { isPast, type RunContext } from '../run.ts'
import { halved, widthOf } from './halves.ts'
import {
  FINE,
  isShort,
  listingFailure,
  neighboursJoined,
  SMALL_PAGE,
  saveSpans,
  setAsideCulprits,
} from './set-aside.ts'

/** After this time of a run nothing is cut on: requests hang. */
const MOST_MS = 120_000

/**
 * Tries again what was set aside. Neighbours are tried as one: where their requests hang, they take no more time than one.
 *
 * @returns false when the deadline came first
 */
export async function retryAll(
  run: RunContext,
  aside: readonly Span[],
  deadline: number | null,
): Promise<boolean> {
  const endsAt = run.clock.monotonic() + MOST_MS
  // What is longer may have been cut in the run before: joined, it would be cut there again.
  const { fine = [], long = [] } = Object.groupBy(aside, (span) => (isFine(span) ? 'fine' : 'long'))
  for (const span of [...neighboursJoined(fine), ...long]) {
    if (isPast(deadline, run)) return false
    await retry(run, span, endsAt)
  }
  return true
}

/**
 * Where it is long it is cut on, so that what is well of it is read in this run, whatever kept the search from its end
 * before.
 */
async function retry(run: RunContext, span: Span, endsAt: number): Promise<void> {
  const well: Span[] = []
  const failureIn = async (part: Span) => {
    const failure = await listingFailure(run, part, isShort(part) ? SMALL_PAGE : undefined)
    if (failure === undefined) well.push(freed(part))
    return failure
  }
  const reasons = new Map<Span, string>()
  for (const part of isFine(span) ? [span] : halved(span)) {
    const failure = await failureIn(part)
    if (failure !== undefined) reasons.set(part, failure)
  }
  await setAsideCulprits(run, reasons, failureIn, (part) => isFine(part) || isPast(endsAt, run))
  await saveSpans(run, well)
}

function isFine(span: Span): boolean {
  return widthOf(span) <= FINE
}

/** Its time stays, so that it is read in this run; should it fail again, its tries count on. */
function freed(span: Span): Span {
  return { ...span, ...UNBEGUN, reason: null, quarantinedAt: null }
}
