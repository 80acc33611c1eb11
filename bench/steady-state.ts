/**
 * Figure a: what a steady stream of jobs costs in requests. The engine itself, wired as `src/sources.ts` does it with
 * the default settings, against the simulated API over HTTP; the time is simulated, the database is real.
 */
import { loadSettings } from '../src/config.ts'
import { createLogger } from '../src/log.ts'
import { DEFAULT_API_KEY, type Simulator, startSimulator } from '../src/simulator/server.ts'
import { World } from '../src/simulator/world.ts'
import { createSources } from '../src/sources.ts'
import { openDatabase } from '../src/store/database.ts'
import { migrate } from '../src/store/migrate.ts'
import { syncOnce } from '../src/sync/cycle.ts'
import type { Source } from '../src/sync/source.ts'
import { DAY, formatInstant, HOUR, type Instant, MILLISECOND, MINUTE } from '../src/values/instant.ts'
import { clockedPool } from '../test/support/database-clock.ts'
import { createVirtualClock, seededRandom, type VirtualClock } from '../test/support/virtual-clock.ts'
import { withBenchDatabase } from './support/database.ts'
import { atLeast, atMost, type BenchOptions, type Figure, noMoreThan } from './support/figure.ts'
import { countTouched, drawLives, type Life, SteadyJobs } from './support/steady-jobs.ts'
import { compareWithTruth, storeTruth, type Wrong } from './support/truth.ts'

const PER_DAY = 100_000
const EVERY = 5 * MINUTE
const LATENCY_MS = 200
export const WARM_UP = 3 * DAY
const SEED = 'steady'
/** A Monday; any would do. */
export const BEGIN: Instant = Date.UTC(2026, 2, 2) * MILLISECOND
/** The time-outs of requests are not to pass by themselves: real replies take real time. */
const HOLD_FROM_MS = 30_000

interface Cycle {
  readonly began: Instant
  readonly ended: Instant
  readonly requests: number
}

interface Checked extends Cycle {
  /** Requests that nobody can do without, by what happened since the cycle before. */
  readonly floor: number
  /** Requests to read the jobs of the last 24 hours again. */
  readonly trailing: number
  readonly wrong: Wrong
}

export async function steadyState({ quick, print }: BenchOptions): Promise<Figure> {
  const hours = quick ? 3 : 24
  const drawn = drawLives({
    seed: SEED,
    perDay: PER_DAY,
    from: BEGIN - WARM_UP,
    to: BEGIN + (hours + 1) * HOUR,
  })
  // What ended long before the first cycle takes part in nothing but the time that it takes to read it.
  const lives = quick ? drawn.filter(({ endsAt }) => endsAt > BEGIN - HOUR) : drawn
  return withBenchDatabase(async ({ url, pool }) => {
    const { source, api, clock, close } = await connect(url, lives)
    try {
      await storeTruth(pool, new SteadyJobs(lives, SEED), lives)
      const cycle = () => runCycle(source, api, clock)
      const history = await cycle()
      print(`  a: history read with ${history.requests} requests`)
      await waitForTick(clock)
      // The first after a long run has a wide overlap.
      await cycle()
      const cycles: Checked[] = []
      for (let before = await nextCycle(clock, cycle); cycles.length < (hours * HOUR) / EVERY; ) {
        const done = await nextCycle(clock, cycle)
        const wrong = await compareWithTruth(pool, done.began, done.ended)
        cycles.push({ ...done, ...floorsOf(done, before, lives, drawn), wrong })
        before = done
      }
      return figureOf(cycles, hours)
    } finally {
      await close()
    }
  })
}

export async function connect(url: string, lives: readonly Life[], latencyMs = LATENCY_MS) {
  const clock = createVirtualClock({ wall: BEGIN / MILLISECOND, holdFrom: HOLD_FROM_MS })
  const world = new World({ now: () => timeOf(clock) })
  world.addShelf(new SteadyJobs(lives, SEED))
  const api = await startSimulator({ world, clock, order: 'descending', latencyMs })
  const env = {
    LLAMA_CLOUD_API_KEY: DEFAULT_API_KEY,
    LLAMA_CLOUD_BASE_URL: api.url,
    DATABASE_URL: url,
    SYNC_START_AT: formatInstant(BEGIN - WARM_UP),
  }
  const readFile = () => ''
  const settings = loadSettings(env, { readFile }, { apiKey: true })
  const log = createLogger({ level: 'silent', format: 'json', secrets: () => [] })
  const real = await openDatabase({ url, dataDir: '', clock, log: () => {} })
  const database = { ...real, pool: clockedPool(real.pool, () => timeOf(clock)).pool }
  await migrate(database.pool)
  const [created] = createSources(settings, { database, log, clock, fetch, random: seededRandom(1) })
  // Renewed at a third of it: like a time-out, and no reason for the time to jump.
  const source = { ...created, leaseClock: clock, leaseMs: 3_600_000 }
  const close = async () => {
    await api.close()
    await real.close()
  }
  return { source, api, clock, close }
}

async function runCycle(source: Source, api: Simulator, clock: VirtualClock): Promise<Cycle> {
  const began = timeOf(clock)
  const before = api.requests.total
  const { outcome } = await syncOnce(source, { signal: new AbortController().signal, maxRuntimeMs: null })
  if (outcome !== 'succeeded') throw new Error(`a cycle ended as ${outcome}`)
  return { began, ended: timeOf(clock), requests: api.requests.total - before }
}

async function nextCycle(clock: VirtualClock, cycle: () => Promise<Cycle>): Promise<Cycle> {
  await waitForTick(clock)
  return cycle()
}

/** As the schedule has it. */
async function waitForTick(clock: VirtualClock): Promise<void> {
  const now = timeOf(clock)
  clock.advance((EVERY - (now % EVERY)) / MILLISECOND)
}

function timeOf(clock: VirtualClock): Instant {
  return Math.floor(clock.now() * MILLISECOND)
}

function floorsOf(cycle: Cycle, before: Cycle, lives: readonly Life[], drawn: readonly Life[]) {
  const requestsFor = (jobs: number) => Math.max(1, Math.ceil(jobs / 100))
  const { began } = cycle
  const lastDay = drawn.filter(({ createdAt }) => createdAt > began - DAY && createdAt <= began).length
  return {
    floor: requestsFor(countTouched(lives, before.ended, began)),
    trailing: requestsFor(lastDay),
  }
}

function figureOf(cycles: readonly Checked[], hours: number): Figure {
  const sum = (of: (cycle: Checked) => number) => cycles.reduce((total, cycle) => total + of(cycle), 0)
  const requests = sum((cycle) => cycle.requests)
  const letter = 'a'
  const unit = 'requests'
  const wrong = sum((cycle) => cycle.wrong.jobs)
  const longest = Math.max(...cycles.map((cycle) => cycle.wrong.longest))
  const floor = sum((cycle) => cycle.floor)
  const trailing = sum((cycle) => cycle.trailing)
  const figure = `steady state, ${hours} h of 100,000 jobs a day`
  const times = atLeast(50, { letter, figure, value: trailing, floor: requests, unit })
  return {
    rows: [
      atMost(3.5, {
        letter,
        figure: `${figure}: requests against what happened`,
        value: requests,
        floor,
        unit,
      }),
      { ...times, figure: 'requests to read the trailing day each cycle, against ours' },
      noMoreThan(0, {
        letter,
        figure: "statuses wrong, summed over the cycles' ends",
        value: wrong,
        unit: 'jobs',
      }),
    ],
    notes: [
      `${cycles.length} cycles, ${(requests / cycles.length).toFixed(2)} requests each, floor ${(floor / cycles.length).toFixed(2)}`,
      `a cycle takes ${(sum(({ began, ended }) => ended - began) / cycles.length / 1e6).toFixed(1)} simulated s`,
      `wrong at a cycle's end: at most ${Math.max(...cycles.map((cycle) => cycle.wrong.jobs))} jobs, for up to ${(longest / MINUTE).toFixed(0)} min`,
    ],
  }
}
