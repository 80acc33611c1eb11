import { type Clock, systemClock } from '../clock.ts'
import { loadSettings, type Settings } from '../config.ts'
import type { Logger } from '../log.ts'
import { createPipeline, generatePipeline } from '../simulator/pipeline.ts'
import { DEFAULT_API_KEY, type Simulator, startSimulator } from '../simulator/server.ts'
import { DEFAULT_ORGANIZATION } from '../simulator/world.ts'
import { createSources } from '../sources.ts'
import type { Database } from '../store/database.ts'
import { syncOnce } from '../sync/cycle.ts'
import type { RunResult } from '../sync/source.ts'
import { DAY, type Instant, MILLISECOND, MINUTE, parseInstant } from '../values/instant.ts'

/** The demo's world is the same on every day and every machine, so its answers can be compared with those in the docs. */
const NOW = '2026-02-18T16:00:00Z'
const JOBS = { parse: 1_500, classify: 3_000, extract: 600 }
const DAYS = 30
const SEED = 'demo'

/** The simulated API over the demo's world. Whoever starts it closes its `api`. */
export interface DemoWorld {
  readonly api: Simulator
  readonly time: { now: Instant }
}

export async function startDemoWorld(): Promise<DemoWorld> {
  const time = { now: parseInstant(NOW) ?? 0 }
  const worlds = createPipeline({ now: () => time.now })
  generatePipeline(worlds, {
    seed: SEED,
    jobs: JOBS,
    from: time.now - DAYS * DAY,
    to: time.now + 3 * DAY,
    arrival: 'bursty',
    fate: { medianDuration: 3 * MINUTE, stuckShare: 0.001 },
  })
  const { classify: world, parse, extract } = worlds
  return { api: await startSimulator({ world, others: [parse, extract], order: 'descending' }), time }
}

/** The settings of a worker that reads the demo's world; `env` may say where data lies and how to log. */
export function demoSettings(
  { api }: DemoWorld,
  env: Readonly<Record<string, string | undefined>>,
): Settings {
  const { SYNC_DATA_DIR, LOG_LEVEL = 'warn', LOG_FORMAT } = env
  const all = {
    SYNC_DATA_DIR,
    LOG_LEVEL,
    LOG_FORMAT,
    LLAMA_CLOUD_API_KEY: DEFAULT_API_KEY,
    LLAMA_CLOUD_BASE_URL: api.url,
    SYNC_SOURCE: 'demo',
    SYNC_LISTS: 'classify,parse,extract',
    LLAMA_CLOUD_ORGANIZATION_ID: DEFAULT_ORGANIZATION,
    SYNC_LOOKUPS: 'projects,configurations,files,usage',
    SYNC_RATE_LIMIT: '1000/s',
  }
  return loadSettings(all, { readFile: () => '' }, { apiKey: true })
}

export interface DemoWorker {
  readonly settings: Settings
  readonly database: Pick<Database, 'url' | 'pool'>
  readonly log: Logger
  readonly signal: AbortSignal
}

/** What one cycle of a list did. */
export interface DemoCycle extends RunResult {
  readonly list: string
}

/**
 * Two cycles of each list into a migrated database, ten minutes of the demo's time apart: the second finds the jobs that
 * were still open in the first, and those that are new.
 */
export async function* demoCycles({ time }: DemoWorld, worker: DemoWorker): AsyncGenerator<DemoCycle> {
  const { settings, database, log, signal } = worker
  const sync = async function* (): AsyncGenerator<DemoCycle> {
    const clock: Clock = { ...systemClock, now: () => time.now / MILLISECOND }
    for (const source of createSources(settings, { database, log, clock, fetch, random: Math.random })) {
      yield { ...(await syncOnce(source, { signal, maxRuntimeMs: null })), list: source.scope.list }
      await source.lookUp?.(signal)
    }
  }
  yield* sync()
  time.now += 10 * MINUTE
  yield* sync()
}
