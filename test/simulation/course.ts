import { DAY, HOUR, type Instant, MILLISECOND, MINUTE } from '../../src/values/instant.ts'
import type { Scenario } from './draw.ts'
import type { Difference } from './equality.ts'
import type { Observed } from './observe.ts'

/** When the worker runs after the last fault, and by when what has to be right (I8). Times are counted from that fault. */
export interface Course {
  /** Cycles up to a day after it. */
  readonly firstDay: readonly Instant[]
  /** Until every span was read again. */
  readonly reread: readonly Instant[]
  /** And a day more, for what has vanished. */
  readonly vanished: readonly Instant[]
}

/**
 * A worker runs every five minutes. What is not due is not read, so that a few of those cycles do; in each fourth world
 * there are more of them. With SYNC_RECONCILE_EVERY=off nothing is read again after its day, unless somebody reconciles.
 */
export function courseOf({ seed, options: { overlap, reconcileEveryMs } }: Scenario): Course {
  const isLong = seed % 4 === 0
  const soon = overlap + MINUTE
  const firstDay = [soon, 6 * HOUR, DAY + 10 * MINUTE]
  const more = [soon + 5 * MINUTE, soon + HOUR, 14 * HOUR]
  const every = reconcileEveryMs === null ? 0 : reconcileEveryMs * MILLISECOND
  const end = DAY + 20 * MINUTE + every
  return {
    firstDay: isLong ? [...firstDay, ...more].toSorted((left, right) => left - right) : firstDay,
    reread: isLong && every > DAY ? [end - every / 2, end] : [end],
    vanished: [
      end + 3 * HOUR,
      ...(isLong ? [end + 10 * HOUR] : []),
      end + DAY + 5 * MINUTE,
      end + DAY + 7 * HOUR,
    ],
  }
}

export interface Judging {
  readonly scenario: Scenario
  /** At the last fault. */
  readonly seen: Observed
  readonly faultAt: Instant
}

/** Of what differs a day after the last fault, what should not: of jobs that were younger than a day, or open. */
export function overdueAfterDay(
  found: readonly Difference[],
  { scenario, seen, faultAt }: Judging,
): Difference[] {
  const lives = new Map(scenario.lives.map((life) => [life.id, life]))
  return found.filter(({ id, kind }) => {
    if (kind === 'surplus' || kind === 'lost') return false
    const createdAt = lives.get(id)?.job.createdAt ?? null
    const isYoung = createdAt !== null && createdAt > faultAt - DAY && createdAt >= scenario.options.startAt
    return isYoung || seen.jobs.get(id)?.isOpen === true
  })
}

/** Of what differs once all was read again, what should not: all but what no span holds. */
export function overdueAfterReading(found: readonly Difference[], { scenario, seen }: Judging): Difference[] {
  const lives = new Map(scenario.lives.map((life) => [life.id, life]))
  const begin = Math.min(seen.coverage?.coveredFrom ?? Infinity, scenario.options.startAt)
  return found.filter(({ id, kind }) => {
    const createdAt = lives.get(id)?.job.createdAt ?? null
    return kind !== 'surplus' && kind !== 'lost' && createdAt !== null && createdAt >= begin
  })
}

/**
 * Of the stored jobs that the API has no more, those that should be marked by now: where other jobs of their project show,
 * and in the part of time that is read.
 */
export function overdueSurplus(
  found: readonly Difference[],
  shown: readonly string[],
  { scenario, seen }: Judging,
): Difference[] {
  const lives = new Map(scenario.lives.map((life) => [life.id, life]))
  const shownProjects = new Set(
    shown.flatMap((id) => seen.jobs.get(id) ?? []).map(({ projectId }) => projectId ?? ''),
  )
  return found.filter(({ id, kind }) => {
    const createdAt = lives.get(id)?.job.createdAt ?? null
    const isOld = createdAt !== null && createdAt < (seen.coverage?.coveredFrom ?? Infinity)
    return kind === 'surplus' && !isOld && shownProjects.has(seen.jobs.get(id)?.projectId ?? '')
  })
}
