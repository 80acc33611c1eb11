import type { Coverage, Span, Window } from '../store/coverage.ts'
import type { Instant } from '../values/instant.ts'

/**
 * Windows as arithmetic. All spans are inclusive at both ends, like the API's filters, so neighbouring windows share
 * their boundary instant: a job on it is read twice and stored once, and none falls between.
 */

/** The parts of `target` that none of `taken` spans, newest first. Parts that touch `taken` share the boundary. */
export function gaps(target: Span, taken: readonly Span[]): Span[] {
  if (target.lower === target.upper) return taken.some((span) => isWithin(target, span)) ? [] : [target]
  const found: Span[] = []
  let upper = target.upper
  for (const span of taken.toSorted((left, right) => right.upper - left.upper)) {
    if (span.lower >= upper || span.upper < target.lower) continue
    if (span.upper < upper) found.push({ lower: Math.max(span.upper, target.lower), upper })
    upper = Math.min(upper, span.lower)
    if (upper <= target.lower) return found
  }
  if (upper > target.lower) found.push({ lower: target.lower, upper })
  return found
}

function isWithin(inner: Span, outer: Span): boolean {
  return outer.lower <= inner.lower && inner.upper <= outer.upper
}

/** What a window can cover: its span, but nothing later than the API's clock when its listing began (I3). */
export function spanOf({ lower, upper, reach }: Window): Span {
  return { lower, upper: reach === null ? upper : Math.min(upper, reach) }
}

/**
 * What need not be read again of a window that an earlier pass began: not its last `overlap` before that moment, where
 * jobs may have become visible since (A7).
 */
export function settledSpan(window: Window, overlap: Instant): Span {
  const { lower, upper } = spanOf(window)
  return { lower, upper: Math.max(lower, Math.min(upper, (window.reach ?? upper) - overlap)) }
}

export interface Absorbed {
  readonly coverage: Coverage
  /** The windows that are part of the coverage now, also those that others made superfluous before they were drained. */
  readonly absorbed: readonly Window[]
}

/**
 * Grows the coverage over the drained windows that touch it, one after the other, so that it stays one span without a
 * hole (I2) and never shrinks (I3). A drained window that does not touch it waits for those between.
 */
export function absorb(coverage: Coverage, windows: readonly Window[]): Absorbed {
  const drained = windows.filter((window) => window.drained).map(spanOf)
  let { coveredFrom, watermark } = coverage
  for (let grown = true; grown; ) {
    grown = false
    for (const { lower, upper } of drained) {
      const touches = lower <= watermark && upper >= coveredFrom
      if (!touches || (lower >= coveredFrom && upper <= watermark)) continue
      coveredFrom = Math.min(coveredFrom, lower)
      watermark = Math.max(watermark, upper)
      grown = true
    }
  }
  const covered = { lower: coveredFrom, upper: watermark }
  const absorbed = windows.filter((window) => isWithin(spanOf(window), covered))
  return { coverage: { coveredFrom, watermark }, absorbed }
}
