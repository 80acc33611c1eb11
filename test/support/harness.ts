import { onTestFinished } from 'vitest'
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
import { createMigratedDatabase } from './migrated-database.ts'
import { settingsFor } from './settings.ts'
import { createVirtualClock, seededRandom, type VirtualClock } from './virtual-clock.ts'

/** Time-outs of requests are not to pass by themselves: real replies take real time. */
const HOLD_FROM_MS = 30_000
/** No machine is so slow that a worker would lose it. */
const LEASE_MS = 3_600_000

export interface HarnessOptions {
  readonly start?: string
  readonly simulator?: Partial<SimulatorOptions>
  readonly run?: Partial<RunOptions>
}

/** A world, the API that serves it, an empty migrated database and a source between them, in simulated time. */
export interface Harness {
  readonly world: World
  readonly api: Simulator
  readonly database: TestDatabase
  readonly clock: VirtualClock
  readonly source: Source
  /** The world's time. */
  now(): Instant
  advance(by: Instant): void
  /** One cycle; another `Source` object stands for another process. */
  sync(source?: Source, limits?: Partial<RunLimits>): Promise<RunResult>
  /** Another worker for the same source. */
  worker(changes?: Partial<CountedSource>): CountedSource
}

export async function createHarness(options: HarnessOptions = {}): Promise<Harness> {
  const start = parseInstant(options.start ?? '2026-03-02T08:00:00Z')!
  const clock = createVirtualClock({ wall: start / MILLISECOND, holdFrom: HOLD_FROM_MS })
  const now = () => Math.floor(clock.now() * MILLISECOND)
  const world = new World({ now })
  const api = await startSimulator({ world, clock, ...options.simulator })
  const database = await createMigratedDatabase()
  const pool = openPool(database.url, { max: 10, applicationName: 'test' })
  onTestFinished(async () => {
    await api.close()
    await pool.end()
    await database.drop()
  })
  let workers = 0
  const worker = (changes: Partial<CountedSource> = {}): CountedSource => {
    workers += 1
    return {
      ...createTestSource({ api, database: { url: database.url, pool }, clock, options }),
      owner: `worker ${workers}`,
      ...changes,
    }
  }
  const source = worker()
  return {
    world,
    api,
    database,
    clock,
    source,
    now,
    advance: (by) => clock.advance(by / MILLISECOND),
    sync: (by = source, limits = {}) =>
      syncOnce(by, { signal: new AbortController().signal, maxRuntimeMs: null, ...limits }),
    worker,
  }
}

interface SourceParts {
  readonly api: Simulator
  readonly database: Pick<TestDatabase, 'url' | 'pool'>
  readonly clock: VirtualClock
  readonly options: HarnessOptions
}

function createTestSource({ api, database, clock, options }: SourceParts): CountedSource {
  const run = {
    startAt: parseInstant('2024-01-01T00:00:00Z')!,
    overlap: 5 * MINUTE,
    concurrency: 8,
    pageSize: 100,
    reconcileEveryMs: null,
    ...options.run,
  }
  const settings = settingsFor(api, { run, leaseMs: LEASE_MS, requestTimeoutMs: 60_000 })
  const log = createLogger({ level: 'silent', format: 'json', secrets: () => [] })
  const [source] = createSources(settings, { database, log, clock, fetch, random: seededRandom(1) })
  return source
}

export const text = (instant: Instant) => formatInstant(instant)
