import type { Span } from '../../store/spans.ts'
import type { RunContext } from '../run.ts'
import { isPastOverlap, stageOf } from './schedule.ts'

/** Spans of more pages than this are not joined. */
const MOST_PAGES = 40

/**
 * What is to be read again, newest first: neighbours of the same stage as one span, as long as that stays small and may be
 * read in the time that is left.
 */
export function inPieces(due: readonly Span[], run: RunContext, pages: number): Span[] {
  const most = Math.min(MOST_PAGES, pages) * run.options.pageSize
  const groups: Span[][] = []
  for (const span of due) {
    const group = groups.at(-1)
    const last = group?.at(-1)
    if (group && last && areAlike(last, span, run) && itemsOf([...group, span]) <= most) group.push(span)
    else groups.push([span])
  }
  const full = run.options.saves ? groups.map((group) => fullPages(group, run)) : groups
  return full.flatMap((group) => joined(group))
}

function areAlike(newer: Span, older: Span, { options, lease }: RunContext): boolean {
  const now = lease.now()
  const isPlain = ({ pageToken, tries }: Span) => pageToken === null && tries === 0
  return (
    newer.lower === older.upper &&
    isPlain(newer) &&
    isPlain(older) &&
    isPastOverlap(older, now, options.overlap) &&
    stageOf(newer, now, options.overlap) === stageOf(older, now, options.overlap)
  )
}

/** Where the next cycle is seconds away, what fills no page more waits for its neighbours, half of the overlap at most. */
function fullPages(group: Span[], { options, lease }: RunContext): Span[] {
  const { pageSize, overlap } = options
  const isOverdue = (group.at(-1)?.dueAt ?? 0) < lease.now() - overlap / 2
  if (isOverdue) return group
  const most = itemsOf(group) - (itemsOf(group) % pageSize)
  return group.filter((_, index) => itemsOf(group.slice(index)) <= most)
}

/** As young as its newest, and read as long ago as its oldest reading. */
function joined(group: readonly Span[]): Span[] {
  const [newest] = group
  const oldest = group.at(-1)
  if (!newest || !oldest) return []
  const readAt = Math.min(...group.map((span) => span.readAt ?? 0))
  const empties = Math.min(...group.map((span) => span.empties))
  return [{ ...newest, lower: oldest.lower, items: itemsOf(group), readAt, empties }]
}

function itemsOf(spans: readonly Span[]): number {
  return spans.reduce((sum, { items }) => sum + (items ?? 0), 0)
}
