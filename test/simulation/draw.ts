import type { Job } from '../../src/simulator/job.ts'
import type { Order, Paging } from '../../src/simulator/page.ts'
import { createRandom, type Random } from '../../src/simulator/random.ts'
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
import {
  type CyclePlan,
  drawBusyCycle,
  drawCycle,
  drawLongCycle,
  gapsUpTo,
  withMishaps,
} from './draw-cycles.ts'
import { drawJobs, drawStrangers, type Life } from './draw-jobs.ts'
import { drawUpstream, isTroubled } from './draw-upstream.ts'
import { type DrawnList, drawList, drawOther } from './lists.ts'
import type { UpstreamFault } from './upstream.ts'

export interface Scenario {
  readonly seed: number
  /** What its sources read. */
  readonly list: DrawnList
  /** What the same process reads at the same time; null: nothing. */
  readonly beside: { readonly list: DrawnList; readonly lives: readonly Life[] } | null
  readonly start: Instant
  /** From here on nothing changes any more. */
  readonly end: Instant
  readonly lives: readonly Life[]
  /** The jobs of another project. */
  readonly strangers: readonly Job[]
  readonly upstream: readonly UpstreamFault[]
  readonly order: Order
  readonly paging: Paging
  /** The longest that a request takes. */
  readonly latency: Instant
  /** Some answers come from a replica that is so far behind (A7). */
  readonly lag: Instant
  /** SYNC_CREDITS: finished jobs are asked for one by one. */
  readonly credits: boolean
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
export function drawScenario(seed: number, list = drawList(seed)): Scenario {
  const random = createRandom(`simulation ${seed}`)
  const start = START + random.int(0, 2 * HOUR)
  // Where everything goes wrong at once little comes through: in a quarter of the worlds much happens and one thing fails.
  const isBusy = random.chance(0.25)
  const cycles = drawCycles(random, seed, isBusy)
  const end = start + gapsUpTo(cycles, cycles.length - 1) + random.pick([0, MINUTE, DAY])
  const overlap = random.pick(isBusy ? [0, 0, HOUR] : [0, 2 * SECOND, MINUTE, 5 * MINUTE, HOUR, HOUR])
  const history = random.pick([MINUTE, HOUR, 3 * DAY, 60 * DAY])
  const count = random.pick(isTroubled(seed) ? [20, 40, 60, 90, 120] : [3, 20, 30, 40, 60])
  // Both delays together are what the overlap has to make up for.
  const lag = isBusy || random.chance(0.5) ? Math.floor(overlap / 2) : 0
  const paging = random.chance(0.25) ? 'offset' : 'keyset'
  const span = { from: start - history, now: start, to: end }
  const cyclesAt = cycles.map((_, index) => start + gapsUpTo(cycles, index))
  const course = { span, isBusy, cyclesAt, end, overlap: overlap - lag }
  const lives = drawJobs({
    ...course,
    random,
    list,
    count,
    deletedShare: count < 20 ? 0 : random.pick([0, 0, 0.05, 0.15]),
    hostileShare: random.pick([0, 0.1, 0.5]),
    stepsBack: random.chance(0.25),
  })
  return {
    seed,
    list,
    start,
    end,
    paging,
    lag,
    lives,
    beside: drawBeside(seed, list, { ...course, cycles }),
    strangers: drawStrangers(createRandom(`strangers ${seed}`), span, 10),
    upstream: drawTrouble(seed, { lives, cyclesAt, end }),
    ...drawSurroundings(random, isBusy),
    lostCommits: drawLostCommits(seed),
    credits: list.list.callAlone !== undefined && createRandom(`credits ${seed}`).chance(0.2),
    options: {
      // Some jobs lie before it: only a reconcile of the whole list finds those.
      startAt: start - Math.floor(history * random.pick([0.5, 1, 1, 20])),
      overlap,
      concurrency: random.pick([1, 2, 4, 8]),
      pageSize: Math.min(100, Math.ceil(count / random.pick([3, 5, 5, 10, 20]))),
      reconcileEveryMs: random.pick([null, 3_600_000, 86_400_000, 604_800_000]),
      goneAfterMs: random.pick([3_600_000, 3_600_000, 600_000]),
    },
    cycles: withMishaps(seed, cycles),
  }
}

function drawCycles(random: Random, seed: number, isBusy: boolean): CyclePlan[] {
  const drawOne = isBusy ? drawBusyCycle : drawCycle
  const cycles = Array.from({ length: isBusy ? random.int(3, 5) : random.int(1, 4) }, (_, index) =>
    drawOne(random, index),
  )
  if (!isTroubled(seed)) return cycles
  return [
    ...cycles,
    ...Array.from({ length: random.int(1, 3) }, (_, index) => drawLongCycle(random, index + 1)),
  ]
}

function drawTrouble(
  seed: number,
  about: Omit<Parameters<typeof drawUpstream>[0], 'random'>,
): UpstreamFault[] {
  return isTroubled(seed) ? drawUpstream({ ...about, random: createRandom(`upstream ${seed}`) }) : []
}

function drawSurroundings(random: Random, isBusy: boolean) {
  return {
    order: random.pick(['ascending', 'descending', 'shuffled'] as const),
    latency: isBusy ? 2 * SECOND : random.pick([MILLISECOND, 50 * MILLISECOND, 2 * SECOND]),
    leaseMs: random.pick([15_000, 60_000]),
    requestTimeoutMs: random.pick([5_000, 30_000]),
    databaseSkew: random.pick([0, -DAY, 3 * HOUR, SECOND / 2]),
  }
}

type Course = Omit<
  Parameters<typeof drawJobs>[0],
  'random' | 'list' | 'count' | 'deletedShare' | 'hostileShare' | 'stepsBack'
>

/** Where nothing befalls a world from outside: what does is known of one list only. */
function drawBeside(
  seed: number,
  list: DrawnList,
  { cycles, ...course }: Course & { readonly cycles: readonly CyclePlan[] },
): Scenario['beside'] {
  const random = createRandom(`beside ${seed}`)
  const isDisturbed = isTroubled(seed) || withMishaps(seed, cycles).some(({ mishap }) => mishap)
  if (isDisturbed || !random.chance(0.25)) return null
  const other = drawOther(random, list)
  const lives = drawJobs({
    ...course,
    random,
    list: other,
    count: 20,
    deletedShare: 0,
    hostileShare: 0.1,
    stepsBack: false,
  })
  return { list: other, lives }
}

/** By a random of its own: the world of a seed is the same with this fault and without it. */
function drawLostCommits(seed: number): number {
  const random = createRandom(`lost commits ${seed}`)
  return random.chance(0.15) ? random.pick([0.05, 0.2]) : 0
}
