import type { Order, Paging } from '../../src/simulator/page.ts'
import { createRandom, type Random } from '../../src/simulator/random.ts'
import type { RunKind } from '../../src/store/runs.ts'
import type { RunOptions } from '../../src/sync/run.ts'
import {
  DAY,
  HOUR,
  type Instant,
  MILLISECOND,
  MINUTE,
  parseInstant,
  SECOND,
} from '../../src/values/instant.ts'
import type { Knobs } from '../support/misbehaviour.ts'
import type { DatabaseFault } from './connection.ts'
import { drawJobs, type Life } from './draw-jobs.ts'

/** What happens in one cycle beside its work. Steps are counted from the start of the process. */
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
}

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

export interface Scenario {
  readonly seed: number
  readonly start: Instant
  /** From here on nothing changes any more. */
  readonly end: Instant
  readonly lives: readonly Life[]
  readonly order: Order
  readonly paging: Paging
  /** The longest that a request takes. */
  readonly latency: Instant
  /** Some answers come from a replica that is so far behind (A7). */
  readonly lag: Instant
  readonly leaseMs: number
  readonly requestTimeoutMs: number
  readonly options: RunOptions
  /** How far the database's clock is from the API's. */
  readonly databaseSkew: Instant
  /** The share of commits whose answer is lost, in cycles that are not free of faults. */
  readonly lostCommits: number
  readonly cycles: readonly CyclePlan[]
}

const START = parseInstant('2026-03-02T08:00:00Z')!

/** A world, its settings and what goes wrong in it: all from one number. */
export function drawScenario(seed: number): Scenario {
  const random = createRandom(`simulation ${seed}`)
  const start = START + random.int(0, 2 * HOUR)
  // Where everything goes wrong at once little comes through: in a quarter of the worlds much happens and one thing fails.
  const isBusy = random.chance(0.25)
  const drawOne = isBusy ? drawBusyCycle : drawCycle
  const cycles = Array.from({ length: isBusy ? random.int(3, 5) : random.int(1, 4) }, (_, index) =>
    drawOne(random, index),
  )
  const end = start + gapsUpTo(cycles, cycles.length - 1) + random.pick([0, MINUTE, DAY])
  const overlap = isBusy
    ? random.pick([0, 0, HOUR])
    : random.pick([0, 2 * SECOND, MINUTE, 5 * MINUTE, HOUR, HOUR])
  const history = random.pick([MINUTE, HOUR, 3 * DAY, 60 * DAY])
  const count = random.pick([3, 20, 30, 40, 60])
  // Both delays together are what the overlap has to make up for.
  const lag = isBusy || random.chance(0.5) ? Math.floor(overlap / 2) : 0
  const paging = random.chance(0.25) ? 'offset' : 'keyset'
  return {
    seed,
    start,
    end,
    order: random.pick(['ascending', 'descending', 'shuffled']),
    paging,
    lag,
    latency: isBusy ? 2 * SECOND : random.pick([MILLISECOND, 50 * MILLISECOND, 2 * SECOND]),
    leaseMs: random.pick([15_000, 60_000]),
    requestTimeoutMs: random.pick([5_000, 30_000]),
    databaseSkew: random.pick([0, -DAY, 3 * HOUR, SECOND / 2]),
    lostCommits: drawLostCommits(seed),
    lives: drawJobs({
      random,
      count,
      span: { from: start - history, now: start, to: end },
      isBusy,
      cyclesAt: cycles.map((_, index) => start + gapsUpTo(cycles, index)),
      end,
      overlap: overlap - lag,
      deletedShare: count < 20 ? 0 : random.pick([0, 0, 0.05, 0.15]),
      hostileShare: random.pick([0, 0.1, 0.5]),
    }),
    options: {
      // Some jobs lie before it: only a reconcile finds those.
      startAt: start - Math.floor(history * random.pick([0.5, 1, 1, 20])),
      overlap,
      concurrency: random.pick([1, 2, 4, 8]),
      pageSize: Math.ceil(count / random.pick([3, 5, 5, 10, 20])),
      reconcileEveryMs: random.pick([null, 60_000, 86_400_000]),
    },
    cycles,
  }
}

/** By a random of its own: the world of a seed is the same with this fault and without it. */
function drawLostCommits(seed: number): number {
  const random = createRandom(`lost commits ${seed}`)
  return random.chance(0.15) ? random.pick([0.05, 0.2]) : 0
}

/** When a cycle begins, after the start, if those before it take no time. */
function gapsUpTo(cycles: readonly CyclePlan[], index: number): Instant {
  return cycles.slice(0, index + 1).reduce((sum, { gap }) => sum + gap, 0)
}

/** Soon after the one before, and at most one thing goes wrong, but often: a knob, or answers that lag. */
function drawBusyCycle(random: Random, index: number): CyclePlan {
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

function drawCycle(random: Random, index: number): CyclePlan {
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

type Faults = Omit<CyclePlan, 'gap' | 'kind' | 'sameProcess' | 'isFaultFree'>

export const NO_FAULTS: Faults = {
  knobs: {},
  database: { errors: 0, kills: 0, lostAnswers: 0, faultAt: null, restartAt: null, downFor: 0 },
  interruption: null,
  wallSkew: 0,
  jumpAt: null,
  maxRuntimeMs: null,
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
