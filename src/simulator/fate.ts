import { DAY, HOUR, type Instant, SECOND } from '../values/instant.ts'
import type { Status } from './job.ts'
import type { Random } from './random.ts'

/** How generated jobs end, how long they take and how late they show. Shares are 0 to 1. */
export interface FateOptions {
  readonly unmatchedShare: number
  readonly failedShare: number
  readonly cancelledShare: number
  /** Jobs that stay open for 1 to 60 days. */
  readonly stuckShare: number
  /** Half of the other jobs are done within this time, … */
  readonly medianDuration: Instant
  /** … and all but 1 % within this. */
  readonly longDuration: Instant
  /** Jobs that become visible after their `created_at` (A7), … */
  readonly lateShare: number
  /** … by up to this time. */
  readonly lateBy: Instant
}

export const DEFAULT_FATE: FateOptions = {
  unmatchedShare: 0.07,
  failedShare: 0.02,
  cancelledShare: 0.01,
  stuckShare: 0.0005,
  medianDuration: 30 * SECOND,
  longDuration: HOUR,
  lateShare: 0,
  lateBy: 0,
}

/** What befalls one job. Times count from its `created_at`. */
export interface Fate {
  readonly visibleAfter: Instant
  readonly startsAfter: Instant
  readonly endsAfter: Instant
  readonly end: Status
  readonly isMatched: boolean
}

/** The 99th percentile of the standard normal distribution. */
const Z99 = 2.3263

export function drawFate(random: Random, options: FateOptions): Fate {
  const visibleAfter = random.chance(options.lateShare) ? Math.ceil(random.next() * options.lateBy) : 0
  const end = drawEnd(random.next(), options)
  const isMatched = !random.chance(options.unmatchedShare)
  const endsAfter = drawDuration(random, options)
  const startsAfter = Math.max(1, Math.floor(endsAfter * (0.02 + 0.3 * random.next())))
  return { visibleAfter, startsAfter, endsAfter, end, isMatched }
}

function drawEnd(share: number, { failedShare, cancelledShare }: FateOptions): Status {
  if (share < failedShare) return 'FAILED'
  return share < failedShare + cancelledShare ? 'CANCELLED' : 'COMPLETED'
}

function drawDuration(random: Random, options: FateOptions): Instant {
  if (random.chance(options.stuckShare)) return Math.floor((1 + 59 * random.next()) * DAY)
  const spread = Math.log(options.longDuration / options.medianDuration) / Z99
  return Math.max(2, Math.floor(options.medianDuration * Math.exp(spread * random.normal())))
}

/** The status so long after creation, and how long after creation it was reached. */
export function statusAfter(fate: Fate, elapsed: Instant): { status: Status; since: Instant } {
  if (elapsed >= fate.endsAfter) return { status: fate.end, since: fate.endsAfter }
  if (elapsed >= fate.startsAfter) return { status: 'RUNNING', since: fate.startsAfter }
  return { status: 'PENDING', since: 0 }
}
