import { loadSettings, type Settings } from '../../src/config.ts'
import type { Simulator } from '../../src/simulator/server.ts'
import type { RunOptions } from '../../src/sync/run.ts'

/** No request waits for its turn: the rate has tests of its own. */
const UNLIMITED = { count: 1_000_000, perMs: 1_000 }

export interface TestSettings {
  readonly run: RunOptions
  readonly lookups?: readonly string[]
  readonly credits?: boolean
  readonly rateLimit?: Settings['api']['rateLimit']
  readonly leaseMs: number
  readonly requestTimeoutMs: number
}

/** The settings of a worker with one source, which reads a simulated API by the key that it has at the moment. */
export function settingsFor(
  api: Simulator,
  { run, lookups = [], credits = false, rateLimit = UNLIMITED, leaseMs, requestTimeoutMs }: TestSettings,
): Settings {
  const env = { LLAMA_CLOUD_API_KEY: api.settings.apiKey, LLAMA_CLOUD_BASE_URL: api.url }
  const loaded = loadSettings(env, { readFile: () => '' }, { apiKey: true })
  const { startAt, overlap, concurrency, pageSize, reconcileEveryMs } = run
  const source = { startAt, overlapUs: overlap, pageSize, reconcileEveryMs }
  return {
    ...loaded,
    sources: [{ ...loaded.sources[0], ...source, apiKey: () => api.settings.apiKey }],
    api: { ...loaded.api, concurrency, rateLimit, requestTimeoutMs, retryForMs: 300_000 },
    sync: { ...loaded.sync, lookups, credits, leaseMs },
  }
}
