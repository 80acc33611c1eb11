import { onTestFinished } from 'vitest'
import type { Clock } from '../../src/clock.ts'
import type { Settings, SourceSettings } from '../../src/config.ts'
import type { List } from '../../src/lists/list.ts'
import { createLogger } from '../../src/log.ts'
import { type Simulator, type SimulatorOptions, startSimulator } from '../../src/simulator/server.ts'
import { World } from '../../src/simulator/world.ts'
import { type CountedSource, createSources } from '../../src/sources.ts'
import { openPool } from '../../src/store/pool.ts'
import { syncOnce } from '../../src/sync/cycle.ts'
import type { RunOptions } from '../../src/sync/run.ts'
import type { RunLimits, RunResult, Source } from '../../src/sync/source.ts'
import { formatInstant, type Instant, MILLISECOND, MINUTE, parseInstant } from '../../src/values/instant.ts'
import type { TestDatabase } from './database.ts'
import { clockedPool } from './database-clock.ts'
import { InFlight } from './in-flight.ts'
import { createMigratedDatabase } from './migrated-database.ts'
import { settingsFor } from './settings.ts'
import { createVirtualClock, seededRandom, type VirtualClock } from './virtual-clock.ts'

/** Time-outs of requests pass only where nothing but a reply that never comes is awaited. */
const HOLD_FROM_MS = 30_000
/** No pause that an API asks for is longer. */
export const LONGEST_PAUSE_MS = 300_000
/** Renewed at a third of it: like a time-out, and no reason for the time to jump. */
const LEASE_MS = 120_000

/** The workers' connections by their name in pg_stat_activity. */
export const WORKERS = 'test'

export interface HarnessOptions {
  /** Every one that is declared by default. */
  readonly lists?: readonly List[]
  readonly start?: string
  readonly simulator?: Partial<SimulatorOptions>
  readonly run?: Partial<RunOptions>
  /** None by default: requests are counted. */
  readonly lookups?: readonly string[]
  /** Asks for the credits of classify jobs. */
  readonly credits?: boolean
  /** None by default. */
  readonly rateLimit?: { readonly count: number; readonly perMs: number }
  /** Sleeps from this on are time-outs, and held. Longer where the API asks to wait, and each request is answered. */
  readonly holdFromMs?: number
}

/**
 * A world, the API that serves it, an empty migrated database and a source between them, in simulated time. Three clocks:
 * the world's is the API's as well, where no fault changes its Date; `worker` takes another wall clock; the database's
 * runs ahead of the world's as told.
 */
export interface Harness {
  readonly world: World
  readonly api: Simulator
  /** Its pool sees the simulated time, as the workers' does. */
  readonly database: TestDatabase
  readonly clock: VirtualClock
  readonly source: Source
  /** The world's time. */
  now(): Instant
  advance(by: Instant): void
  /** Sets the database's clock so far ahead of the world's; negative: behind. */
  setDatabaseAhead(by: Instant): void
  /** One cycle; another `Source` object stands for another process. */
  sync(source?: Source, limits?: Partial<RunLimits>): Promise<RunResult>
  /** Another worker: for the same source, or for one with other settings. */
  worker(
    changes?: Partial<CountedSource>,
    settings?: Partial<SourceSettings>,
    sync?: Partial<Settings['sync']>,
  ): CountedSource
}

export async function createHarness(options: HarnessOptions = {}): Promise<Harness> {
  const start = parseInstant(options.start ?? '2026-03-02T08:00:00Z')!
  const awaited = new InFlight(() => api.requests)
  const activity = () => (waiting() > 0 ? 'busy' : awaited.activity())
  const clock = createVirtualClock({
    wall: start / MILLISECOND,
    holdFrom: options.holdFromMs ?? HOLD_FROM_MS,
    activity,
  })
  const now = () => Math.floor(clock.now() * MILLISECOND)
  let databaseAhead = 0
  const world = new World({ now })
  const api = await startSimulator({ world, clock: awaited.clock(clock), ...options.simulator })
  const database = await createMigratedDatabase()
  const real = openPool(database.url, { max: 10, applicationName: WORKERS })
  onTestFinished(async () => {
    await api.close()
    await real.end()
    await database.drop()
  })
  const { pool, waiting } = clockedPool(real, () => now() + databaseAhead)
  let workers = 0
  const worker: Harness['worker'] = (changes = {}, settings = {}, sync = {}) => {
    workers += 1
    const own = { clock: changes.clock ?? clock, fetch: awaited.fetch }
    const parts = { api, database: { url: database.url, pool }, ...own, options }
    return {
      ...createTestSource(parts, settings, sync),
      leaseClock: clock,
      owner: `worker ${workers}`,
      ...changes,
    }
  }
  const source = worker()
  return {
    world,
    api,
    database: { ...database, pool: clockedPool(database.pool, () => now() + databaseAhead).pool },
    clock,
    source,
    now,
    advance: (by) => clock.advance(by / MILLISECOND),
    setDatabaseAhead: (by) => {
      databaseAhead = by
    },
    sync: (by = source, limits = {}) =>
      syncOnce(by, { signal: new AbortController().signal, maxRuntimeMs: null, ...limits }),
    worker,
  }
}

interface SourceParts {
  readonly api: Simulator
  readonly database: Pick<TestDatabase, 'url' | 'pool'>
  readonly clock: Clock
  readonly fetch: typeof fetch
  readonly options: HarnessOptions
}

function createTestSource(
  { api, database, clock, fetch, options }: SourceParts,
  changes: Partial<SourceSettings>,
  sync: Partial<Settings['sync']>,
): CountedSource {
  const run = {
    startAt: parseInstant('2024-01-01T00:00:00Z')!,
    overlap: 5 * MINUTE,
    concurrency: 8,
    pageSize: 100,
    reconcileEveryMs: null,
    goneAfterMs: 3_600_000,
    ...options.run,
  }
  const { run: _, start: __, simulator: ___, lists, ...rest } = options
  const loaded = settingsFor(api, { run, ...rest, leaseMs: LEASE_MS, requestTimeoutMs: 60_000 })
  const settings = {
    ...loaded,
    sources: [{ ...loaded.sources[0], ...changes }] as const,
    sync: { ...loaded.sync, ...sync },
  }
  const log = createLogger({ level: 'silent', format: 'json', secrets: () => [] })
  const [source] = createSources(settings, {
    ...(lists && { lists }),
    database,
    log,
    clock,
    fetch,
    random: seededRandom(1),
  })
  return source
}

export const text = (instant: Instant) => formatInstant(instant)
