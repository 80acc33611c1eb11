import type { Bounds, Span } from '../../store/spans.ts'
import { MILLISECOND } from '../../values/instant.ts'

/** A span is not cut finer than this. */
const NARROWEST = MILLISECOND

export function widthOf({ lower, upper }: Bounds): number {
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
