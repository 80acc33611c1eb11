import { createRandom, type Random } from '../../src/simulator/random.ts'
import { DAY, HOUR, type Instant, MILLISECOND, MINUTE } from '../../src/values/instant.ts'
import type { Refusal } from '../support/upstream-faults.ts'
import type { Life } from './draw-jobs.ts'
import type { UpstreamFault } from './upstream.ts'

export interface UpstreamOptions {
  readonly random: Random
  readonly lives: readonly Life[]
  /** When cycles begin, more or less. */
  readonly cyclesAt: readonly Instant[]
  /** From here on nothing changes any more. */
  readonly end: Instant
}

type Kind = UpstreamFault['kind']

const KINDS: readonly Kind[] = [
  'retention',
  'clean-up',
  'clean-up',
  'lost shard',
  'lost shard',
  'darkness',
  'poisoned ids',
  'poisoned instants',
  'wrong Date',
  'wrong Date',
  'ids ignored',
  'created_at ignored',
  'volatile field',
]

/** Whether a world of this seed has an upstream that misbehaves for long. */
export function isTroubled(seed: number): boolean {
  return createRandom(`troubled ${seed}`).chance(0.5)
}

/** What the upstream does for hours and days, A15 to A22: mostly one thing, and two at once now and then. */
export function drawUpstream(options: UpstreamOptions): UpstreamFault[] {
  const { random } = options
  const count = random.pick([1, 1, 1, 2])
  return Array.from({ length: count }, () => drawFault(options, random.pick(KINDS)))
}

function drawFault(options: UpstreamOptions, kind: Kind): UpstreamFault {
  const { random } = options
  const { from, to } = drawPeriod(options)
  const how: Refusal = random.pick([500, 500, 422, 'hang'])
  switch (kind) {
    case 'retention':
      return { kind, from, to: Infinity, age: random.pick([10 * MINUTE, 6 * HOUR, DAY, 30 * DAY]) }
    case 'clean-up':
      return { kind, from, to: Infinity, share: random.pick([0.1, 0.5, 0.9, 0.9]) }
    case 'lost shard':
      return { kind, from, to, share: random.pick([0.1, 0.3, 0.8]) }
    case 'poisoned ids':
      return { kind, from, to, ids: drawIds(options), how }
    case 'poisoned instants':
      return { kind, from, to, bounds: drawBounds(options), how }
    case 'wrong Date':
      return {
        kind,
        from,
        to,
        ahead: random.pick([DAY, HOUR, -HOUR, -DAY]),
        replies: random.pick([1, 3, Infinity]),
      }
    default:
      return { kind, from, to }
  }
}

/** From about the time of one cycle to about that of the same or of a later one. */
function drawPeriod({ random, cyclesAt, end }: UpstreamOptions): { from: Instant; to: Instant } {
  const first = random.int(0, cyclesAt.length - 1)
  const last = random.int(first, cyclesAt.length - 1)
  const from = Math.min(end, cyclesAt[first]! + random.int(-1, 1) * random.int(0, MINUTE))
  return { from, to: Math.min(end, Math.max(from, cyclesAt[last]! + random.pick([MINUTE, HOUR]))) }
}

function drawIds({ random, lives }: UpstreamOptions): string[] {
  return Array.from({ length: random.int(1, 3) }, () => random.pick(lives).id)
}

/** Not one of the year 2099, which would lie in every listing of the present. */
function drawBounds({ random, lives, end }: UpstreamOptions): { lower: Instant; upper: Instant } {
  const { createdAt } = random.pick(lives).job
  const lower = createdAt === null || createdAt > end ? 0 : createdAt
  return { lower, upper: lower + random.pick([0, MILLISECOND, MINUTE]) }
}
