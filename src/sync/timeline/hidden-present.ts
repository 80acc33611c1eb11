import { ApiUnavailableError } from '../../errors.ts'
import { newestSpans, type Span, unreadSpan } from '../../store/spans.ts'
import { DAY, formatInstant, type Instant } from '../../values/instant.ts'
import { ownTime, presentOf, type RunContext } from '../run.ts'
import { widthOf } from './halves.ts'
import { around } from './head-reading.ts'
import { retryAll } from './retry.ts'
import { listingFailure, setAsideCulprits } from './set-aside.ts'

/** What is wider than this is no instant: a head that reads around it has not read the present. */
const WIDE = DAY
/** So many pieces of the future may fail, each for itself. */
const MOST_CULPRITS = 8
/** A search leaves fewer pieces than this. */
const MOST_SPANS = 200

/**
 * Makes sure that all from an instant on can be read, apart from what is set aside: what cannot is found, and the head reads
 * around it (A11).
 *
 * @throws `error` where no single instant is at fault, or no request is left to look for it; ApiUnavailableError where
 *   the search ended early, and the present lies in what is left of it
 */
export async function assertReadable(run: RunContext, lower: Instant, error: Error): Promise<void> {
  const { pool, lease, isolation } = run
  const holes = (await newestSpans(pool, lease.source, MOST_SPANS)).filter(({ reason }) => reason !== null)
  const reasons = new Map<Span, string>()
  for (const piece of around(lower, holes)) {
    const span = unreadSpan({ upper: Number.MAX_SAFE_INTEGER, ...piece }, lease.now())
    const reason = await listingFailure(run, span)
    if (reason !== undefined) reasons.set(span, reason)
  }
  if (reasons.size === 0) return
  if (isolation.requestsLeft <= 0) throw error
  let excess = 0
  await setAsideCulprits(run, reasons, async (part) => {
    const failure = await listingFailure(run, part)
    // Of each culprit one half fails and the other is well.
    if (widthOf(part) > WIDE) excess += failure === undefined ? -1 : 1
    if (excess > MOST_CULPRITS) throw error
    return failure
  })
  await assertUncovered(run)
}

/**
 * Goes on with a search that ended early and left the present within what is set aside.
 *
 * @returns whether there was any
 * @throws ApiUnavailableError where the present still lies in it
 */
export async function uncoverPresent(run: RunContext, newest: readonly Span[]): Promise<boolean> {
  const hiding = newest.filter((span) => hidesPresent(run, span))
  if (hiding.length === 0) return false
  await retryAll(run, hiding, run.deadline)
  await assertUncovered(run)
  return true
}

/** Nothing new is stored while the present cannot be read, and that is no success (I8). */
async function assertUncovered(run: RunContext): Promise<void> {
  const newest = await newestSpans(run.pool, run.lease.source, MOST_SPANS)
  const hiding = newest.find((span) => hidesPresent(run, span))
  if (hiding)
    throw new ApiUnavailableError(
      `The API does not list the jobs created since ${formatInstant(hiding.lower)}; the next run tries again. Last failure: ${hiding.reason}`,
    )
}

/** By any clock: each may be wrong (A14, A17). */
function hidesPresent(run: RunContext, span: Span): boolean {
  const clocks = [presentOf(run), ownTime(run.clock), run.lease.now()]
  const isWide = span.reason !== null && widthOf(span) > WIDE
  return isWide && clocks.some((now) => span.lower <= now && now <= span.upper)
}
