import { createRandom, type Random } from '../../src/simulator/random.ts'
import type { RunKind } from '../../src/store/runs.ts'
import { DAY, HOUR, type Instant, MINUTE, SECOND } from '../../src/values/instant.ts'
import type { Knobs } from '../support/misbehaviour.ts'
import type { DatabaseFault } from './connection.ts'

/** What happens in one cycle beside its work. Steps are counted from the start of the cycle. */
export interface CyclePlan {
  /** Since the end of the cycle before. */
  readonly gap: Instant
  readonly kind: RunKind
  readonly knobs: Partial<Knobs>
  readonly database: DatabasePlan
  readonly interruption: Interruption | null
  /** Whether it is the process of the cycle before, with all that it remembers. */
  readonly sameProcess: boolean
  /** How wrong the worker's wall clock is, and at which step it jumps by an hour. */
  readonly wallSkew: Instant
  readonly jumpAt: number | null
  readonly maxRuntimeMs: number | null
  /** Nothing of the above goes wrong. */
  readonly isFaultFree: boolean
  /** Also one listing without filters. */
  readonly whole?: boolean
  readonly mishap?: Mishap
}

/** What people do to a worker, and a cluster to its database. */
export type Mishap =
  /** A20: the key of another project, in this cycle. */
  | { readonly kind: 'other key' }
  /** Somebody empties the table of jobs before this cycle. */
  | { readonly kind: 'truncated' }
  /**
   * A standby that has only what was committed before a step of this cycle takes over, at a later step or, with Infinity,
   * while the worker is paused.
   */
  | { readonly kind: 'failover'; readonly replicatedAt: number; readonly at: number }
  /** This cycle is that of another source, whose scope lies within the first one's. */
  | { readonly kind: 'second source' }
  /** From this cycle on the source has another name. */
  | { readonly kind: 'renamed' }

export interface DatabasePlan {
  /** Shares of statements. */
  readonly errors: number
  readonly kills: number
  readonly lostAnswers: number
  /** One of them alone, counted from the start of the cycle. */
  readonly faultAt: { readonly statement: number; readonly fault: DatabaseFault } | null
  /** The server goes away at this step, and is back after so long. */
  readonly restartAt: number | null
  readonly downFor: Instant
}

export type Interruption =
  /** The process is killed before a step, or when the step is done but its answer has not come. */
  | { readonly kind: 'crash'; readonly at: number; readonly when: 'before' | 'after' }
  /** It is stopped, another worker takes over, and then it goes on. */
  | { readonly kind: 'stopped'; readonly at: number }
  /** SIGTERM */
  | { readonly kind: 'asked to stop'; readonly at: number }

type Faults = Omit<CyclePlan, 'gap' | 'kind' | 'sameProcess' | 'isFaultFree'>

export const NO_FAULTS: Faults = {
  knobs: {},
  database: { errors: 0, kills: 0, lostAnswers: 0, faultAt: null, restartAt: null, downFor: 0 },
  interruption: null,
  wallSkew: 0,
  jumpAt: null,
  maxRuntimeMs: null,
}

/** When a cycle begins, after the start, if those before it take no time. */
export function gapsUpTo(cycles: readonly CyclePlan[], index: number): Instant {
  return cycles.slice(0, index + 1).reduce((sum, { gap }) => sum + gap, 0)
}

/** Soon after the one before, and at most one thing goes wrong, but often: a knob, or answers that lag. */
export function drawBusyCycle(random: Random, index: number): CyclePlan {
  const share = random.pick([0.2, 0.4])
  return {
    ...NO_FAULTS,
    gap: random.pick([10 * SECOND, 30 * SECOND, 5 * MINUTE]) + random.int(0, SECOND),
    kind: random.pick(['sync', 'sync', 'sync', 'sync', 'reconcile']),
    sameProcess: index > 0 && random.chance(0.5),
    knobs: random.chance(0.6) ? { [random.pick(ONE_KNOB)]: share } : {},
    isFaultFree: false,
  }
}

/** Each in a way of its own ends a listing too early, or brings a job twice. */
const ONE_KNOB: readonly (keyof Knobs)[] = [
  'emptyPages',
  'emptyPages',
  'emptyPages',
  'expiredTokens',
  'repeatedItems',
  'cutBodies',
]

export function drawCycle(random: Random, index: number): CyclePlan {
  const isFaultFree = random.chance(0.3)
  return {
    gap:
      random.pick([SECOND, 10 * SECOND, 30 * SECOND, 5 * MINUTE, 6 * HOUR, 2 * DAY]) + random.int(0, SECOND),
    kind: random.pick(['sync', 'sync', 'sync', 'sync', 'reconcile', 'backfill']),
    sameProcess: index > 0 && random.chance(0.5),
    isFaultFree,
    ...(isFaultFree ? NO_FAULTS : drawFaults(random)),
  }
}

/** While the upstream misbehaves for long, the worker mostly runs as it should. */
export function drawLongCycle(random: Random, index: number): CyclePlan {
  const gap = random.pick([MINUTE, 20 * MINUTE, 70 * MINUTE, 3 * HOUR, DAY]) + random.int(0, SECOND)
  return random.chance(0.25)
    ? { ...drawCycle(random, index), gap }
    : { ...NO_FAULTS, gap, kind: 'sync', sameProcess: index > 0 && random.chance(0.7), isFaultFree: true }
}

function drawFaults(random: Random): Faults {
  const sometimes = (share: number, highest: number) => (random.chance(share) ? random.next() * highest : 0)
  return {
    knobs: random.chance(0.6) ? drawKnobs(random) : {},
    database: {
      errors: sometimes(0.15, 0.03),
      kills: sometimes(0.15, 0.02),
      lostAnswers: sometimes(0.15, 0.02),
      faultAt: null,
      restartAt: random.chance(0.08) ? drawStep(random) : null,
      downFor: random.pick([SECOND, 20 * SECOND, 2 * MINUTE]),
    },
    interruption: drawInterruption(random),
    wallSkew: random.pick([0, 0, HOUR, -HOUR, -30 * DAY]),
    jumpAt: random.chance(0.2) ? drawStep(random) : null,
    maxRuntimeMs: random.chance(0.15) ? random.pick([0, 100, 5_000]) : null,
  }
}

function drawKnobs(random: Random): Partial<Knobs> {
  const share = () => (random.chance(0.25) ? random.pick([0.02, 0.1, 0.3]) : 0)
  return {
    expiredTokens: share(),
    emptyPages: share(),
    repeatedTokens: share() / 4,
    repeatedItems: share(),
    rateLimits: share(),
    clientErrors: share(),
    serverErrors: share(),
    resets: share(),
    hangs: share() / 4,
    cutBodies: share(),
    garbage: share(),
  }
}

function drawInterruption(random: Random): Interruption | null {
  const at = drawStep(random)
  if (random.chance(0.4)) return { kind: 'crash', at, when: random.pick(['before', 'after']) }
  if (random.chance(0.2)) return { kind: 'stopped', at }
  return random.chance(0.1) ? { kind: 'asked to stop', at } : null
}

/** Early steps as likely as late ones: many runs are short, and some are long. */
function drawStep(random: Random): number {
  return random.int(1, random.pick([20, 60, 200]))
}

/** By a random of their own: the world of a seed is the same with them and without. One kind in a world. */
export function withMishaps(seed: number, cycles: readonly CyclePlan[]): CyclePlan[] {
  const random = createRandom(`mishaps ${seed}`)
  if (!random.chance(0.3)) return [...cycles]
  const kind = random.pick([
    'other key',
    'truncated',
    'failover',
    'failover',
    'second source',
    'renamed',
  ] as const)
  const first = random.int(0, cycles.length - 1)
  return cycles.map((cycle, index) => {
    const isHit = kind === 'renamed' ? index >= first : index === first || random.chance(0.3)
    if (!isHit) return cycle
    const sameProcess =
      cycle.sameProcess && kind !== 'second source' && !(kind === 'renamed' && index === first)
    if (kind !== 'failover') return { ...cycle, sameProcess, mishap: { kind } }
    const at = drawStep(random)
    const isPaused = random.chance(0.3)
    // After a pause nobody could tell whether a standby knows of the worker that took over meanwhile.
    const other = cycle.interruption?.kind === 'stopped' ? null : cycle.interruption
    const interruption: Interruption | null = isPaused ? { kind: 'stopped', at } : other
    const replicatedAt = isPaused || random.chance(0.3) ? 1 : random.int(Math.ceil(at / 2), at)
    return {
      ...cycle,
      isFaultFree: false,
      interruption,
      mishap: { kind, replicatedAt, at: isPaused ? Infinity : at },
    }
  })
}
