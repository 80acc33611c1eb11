import { onTestFinished } from 'vitest'
import { createApi } from '../../src/api/client.ts'
import { createPace } from '../../src/api/pace.ts'
import { systemClock } from '../../src/clock.ts'
import { createClassifyJobs } from '../../src/lists/classify/job-list.ts'
import { type Simulator, type SimulatorOptions, startSimulator } from '../../src/simulator/server.ts'
import { World } from '../../src/simulator/world.ts'
import { explainStoreError } from '../../src/store/database-error.ts'
import { migrate } from '../../src/store/migrate.ts'
import { openPool } from '../../src/store/pool.ts'
import { syncOnce } from '../../src/sync/cycle.ts'
import type { RunOptions } from '../../src/sync/run.ts'
import type { RunLimits, RunResult, Source } from '../../src/sync/source.ts'
import { formatInstant, type Instant, MILLISECOND, MINUTE, parseInstant } from '../../src/values/instant.ts'
import { createTestDatabase, type TestDatabase } from './database.ts'
import { createVirtualClock, seededRandom, type VirtualClock } from './virtual-clock.ts'

/** Time-outs of requests are not to pass by themselves: real replies take real time. */
const HOLD_FROM_MS = 30_000
/** No request waits for its turn, so that time stands still in a cycle unless the API is given a latency. */
const UNLIMITED = { count: 1_000_000, perMs: 1_000 }

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
  worker(changes?: Partial<Source>): Source
}

export async function createHarness(options: HarnessOptions = {}): Promise<Harness> {
  const start = parseInstant(options.start ?? '2026-03-02T08:00:00Z')!
  const clock = createVirtualClock({ wall: start / MILLISECOND, holdFrom: HOLD_FROM_MS })
  const now = () => Math.floor(clock.now() * MILLISECOND)
  const world = new World({ now })
  const api = await startSimulator({ world, clock, ...options.simulator })
  const database = await createTestDatabase()
  const pool = openPool(database.url, { max: 10, applicationName: 'test' })
  onTestFinished(async () => {
    await api.close()
    await pool.end()
    await database.drop()
  })
  await migrate(pool)
  let workers = 0
  const worker = (changes: Partial<Source> = {}): Source => {
    workers += 1
    return {
      ...createTestSource({ api, pool, url: database.url, clock, owner: `worker ${workers}`, options }),
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
  readonly pool: Source['pool']
  readonly url: string
  readonly clock: VirtualClock
  readonly owner: string
  readonly options: HarnessOptions
}

function createTestSource({ api, pool, url, clock, owner, options }: SourceParts): Source {
  const scope = { baseUrl: api.url, projectId: null, organizationId: null, configurationId: null }
  const run = {
    startAt: parseInstant('2024-01-01T00:00:00Z')!,
    overlap: 5 * MINUTE,
    concurrency: 8,
    pageSize: 100,
    reconcileEveryMs: null,
    ...options.run,
  }
  const client = createApi({
    baseUrl: api.url,
    apiKey: () => api.settings.apiKey,
    fetch,
    clock,
    random: seededRandom(1),
    pace: createPace({ clock, concurrency: run.concurrency, rate: UNLIMITED }),
    requestTimeoutMs: 60_000,
    retryForMs: 300_000,
    redact: (text) => text,
  })
  return {
    name: 'default',
    scope,
    pool,
    jobs: createClassifyJobs({ api: client, pageSize: run.pageSize, ...scope }),
    apiClock: client.upstreamClock,
    renewKey: client.renewKey,
    requests: client.stats,
    clock,
    leaseClock: systemClock,
    leaseMs: 15_000,
    owner,
    options: run,
    explain: (error) => explainStoreError(error, url),
    log: { debug: () => {}, info: () => {}, warn: () => {} },
    onProgress: () => {},
  }
}

export const text = (instant: Instant) => formatInstant(instant)
