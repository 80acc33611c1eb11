import { type Span, UNBEGUN } from '../../store/spans.ts'
import { DAY, HOUR, type Instant, MILLISECOND, MINUTE, SECOND } from '../../values/instant.ts'
import type { RunOptions } from '../run.ts'

/** `saves`: the head is read every few seconds, and young spans with it. */
export type ScheduleOptions = Pick<RunOptions, 'overlap' | 'reconcileEveryMs' | 'pageSize' | 'saves'>

/** What a complete reading of a span came to. Times are the database's. */
export interface Reading {
  /** When it began. */
  readonly at: Instant
  readonly items: number
  /** How many of them were not stored before, although the span had been read. */
  readonly late: number
  /** 0 <= x < 1. */
  readonly random: number
}

/** A span is read again at the first moment that divides by the step and lies so long after its upper end was the present. */
interface Age {
  readonly age: Instant
  readonly step: Instant
}

/** Ages that a span is read again at; those below the overlap, and the overlap itself, are its youth. */
function ages(overlap: Instant, saves = false): Age[] {
  const early = saves ? [30 * SECOND] : [30 * SECOND, 2 * MINUTE]
  const young = [...early.filter((age) => age < overlap), overlap].filter((age) => age > 0)
  const old = [
    // Rounded up to these steps, so that adjacent spans become due together and are read as one.
    { age: HOUR, step: 15 * MINUTE },
    { age: DAY, step: HOUR },
  ]
  return [...young.map((age) => ({ age, step: 1 })), ...old.filter(({ age }) => age > overlap)]
}

/**
 * Cuts a span that was read for the first time where it passes the ages of re-reading, so that only its young parts are
 * read again soon. Newest first.
 */
export function cutByAge(span: Span, at: Instant, overlap: Instant): Span[] {
  const age = at - span.freshAt
  const cuts = ages(overlap)
    .map((each) => span.upper - (each.age - age))
    .filter((cut) => cut < span.upper && cut > span.lower)
  const edges = [span.upper, ...cuts, span.lower]
  return edges.slice(1).map((lower, index) => {
    const upper = edges[index] ?? span.upper
    return { ...span, lower, upper, freshAt: span.freshAt - (span.upper - upper) }
  })
}

/** Whether no job of a span can become visible within the overlap any more. */
export function isPastOverlap({ freshAt }: Pick<Span, 'freshAt'>, at: Instant, overlap: Instant): boolean {
  return at - freshAt >= overlap
}

/** How many of the ages a span has passed: spans of different stages are not merged. */
export function stageOf({ freshAt }: Pick<Span, 'freshAt'>, at: Instant, overlap: Instant): number {
  return ages(overlap).filter(({ age }) => at - freshAt >= age).length
}

/**
 * The span after a complete reading. It is due again as it ages: within the overlap, after an hour, after a day, and from
 * then on every SYNC_RECONCILE_EVERY, or a little earlier, so that not all are due at once. One that came out empty
 * may have been a dark hour of the API (A18), whatever its age: it is read again after an hour and a day. So is one that
 * brought late jobs, after a quarter of its age.
 */
export function afterReading(span: Span, reading: Reading, options: ScheduleOptions): Span {
  const { at, items, late } = reading
  const empties = items === 0 ? span.empties + 1 : 0
  const dues = [
    dueByAge(span, reading, options),
    empties === 1 ? at + HOUR : null,
    empties === 2 ? at + DAY : null,
    late > 0 ? at + Math.max(30 * SECOND, Math.floor((at - span.freshAt) / 4)) : null,
  ].filter((due) => due !== null)
  return {
    ...span,
    readAt: at,
    items,
    empties,
    dueAt: dues.length === 0 ? null : Math.min(...dues),
    ...UNBEGUN,
    reason: null,
    tries: 0,
    quarantinedAt: null,
  }
}

function dueByAge(
  { freshAt, upper }: Span,
  { at, items, random }: Reading,
  { overlap, reconcileEveryMs, pageSize, saves }: ScheduleOptions,
): Instant | null {
  const next = ages(overlap, saves).find(({ age }) => at - freshAt < age)
  if (next) return Math.ceil((freshAt + next.age) / next.step) * next.step
  if (reconcileEveryMs === null) return null
  const every = reconcileEveryMs * MILLISECOND
  return items < pageSize ? nextShared(upper, at, every) : at + Math.floor(every * (1 - random / 4))
}

/** A week of created_at. */
const WEEK = 7 * DAY
/** The golden ratio spreads what is shared over the time between two readings. */
const SPREAD = 0.618_033_988_75

/**
 * The first moment after a reading that the small spans of a week share. They are read as one then, and stay one: where few jobs
 * arrive, each hour of the past would take a request of its own for ever.
 */
function nextShared(upper: Instant, at: Instant, every: Instant): Instant {
  const phase = Math.floor(every * ((Math.floor(upper / WEEK) * SPREAD) % 1))
  return (Math.floor((at - phase) / every) + 1) * every + phase
}

/** When a span in quarantine is tried again: after an hour, then twice as long each time, up to a day. */
export function nextTry(now: Instant, tries: number): Instant {
  return now + Math.min(DAY, HOUR * 2 ** Math.min(tries, 10))
}
