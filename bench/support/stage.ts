import { DEFAULT_API_KEY } from '../../src/simulator/server.ts'
import type { Bounds } from '../../src/store/spans.ts'
import { DAY, formatInstant, MILLISECOND } from '../../src/values/instant.ts'
import {
  type BenchDatabase,
  connectBench,
  endedSessionsCpuMs,
  startBenchDatabase,
  walPosition,
} from './database.ts'
import { type SimulatorProcess, startSimulatorProcess } from './simulator.ts'
import { runWorker, type WorkerRun } from './worker.ts'

const YEARS = 730 * DAY
/** So that its clock can be moved on without getting ahead of ours. */
const BEHIND_MS = 4 * 3_600_000

/** The first load of an empty, migrated database by the worker. */
export interface Load extends WorkerRun {
  readonly jobsPerSecond: number
  readonly walBytes: number
  readonly requests: number
  /** Of the simulated API. */
  readonly apiCpuMs: number
  /** Of the worker's sessions in PostgreSQL. */
  readonly databaseCpuMs: number
}

/** A database that the worker filled with so many jobs, and the API that it filled it from. */
export interface Stage {
  readonly jobs: number
  readonly database: BenchDatabase
  readonly api: SimulatorProcess
  /** The worker's settings. */
  readonly env: Readonly<Record<string, string>>
  /** Of all `created_at`. */
  readonly span: Bounds
  readonly load: Load
}

/** The source of a stage beside the jobs of others. */
export const BESIDE = 'beside'
/** Of its jobs: what is stored of a source's projects counts as its own. */
const PROJECT_BESIDE = '22222222-2222-4222-8222-222222222222'

/** Each is made when it is first asked for, and kept for the figures after. */
export class Stages {
  readonly #made = new Map<number, Promise<Stage>>()
  readonly #closings: (() => Promise<void>)[] = []
  readonly #print: (text: string) => void

  constructor(print: (text: string) => void) {
    this.#print = print
  }

  of(jobs: number): Promise<Stage> {
    const stage = this.#made.get(jobs) ?? this.#make(jobs)
    this.#made.set(jobs, stage)
    return stage
  }

  async close(): Promise<void> {
    for (let closing = this.#closings.pop(); closing; closing = this.#closings.pop()) await closing()
  }

  /** The same beside what a database holds already, as a source of its own. */
  within(url: string, jobs: number): Promise<Stage> {
    return this.#make(jobs, { url, source: BESIDE })
  }

  async #make(jobs: number, beside?: { url: string; source: string }): Promise<Stage> {
    const { api, env: apiEnv, span } = await startApi(jobs, beside && { projectId: PROJECT_BESIDE })
    this.#closings.push(api.stop)
    const database = beside ? connectBench(beside.url) : await startBenchDatabase()
    this.#closings.push(database.stop)
    const env = {
      ...apiEnv,
      DATABASE_URL: database.url,
      ...(beside && { SYNC_SOURCE: beside.source }),
    }
    await runWorker(['migrate'], env)
    const load = await firstLoad({ api, database, env, jobs })
    this.#print(`  first load of ${jobs} jobs: ${describeLoad(load)}`)
    return { jobs, database, api, env, span, load }
  }
}

/** Jobs of two years that arrived unevenly, served as fast as can be, and settings to read them. */
export async function startApi(jobs: number, more: { seed?: string; projectId?: string } = {}) {
  const to = Math.floor(Date.now() - BEHIND_MS) * MILLISECOND - DAY
  const span = { lower: to - YEARS, upper: to }
  const api = await startSimulatorProcess({
    world: { seed: 'bench', jobs, from: span.lower, to, arrival: 'bursty', ...more },
    server: { order: 'descending' },
    prepared: true,
    behindMs: BEHIND_MS,
  })
  const env = {
    LLAMA_CLOUD_API_KEY: DEFAULT_API_KEY,
    LLAMA_CLOUD_BASE_URL: api.url,
    SYNC_START_AT: formatInstant(span.lower),
    SYNC_RATE_LIMIT: '1000/s',
  }
  return { api, env, span }
}

export async function firstLoad({
  api,
  database,
  env,
  jobs,
}: Pick<Stage, 'api' | 'database' | 'env' | 'jobs'>): Promise<Load> {
  const { pool } = database
  await pool.query('checkpoint')
  await api.report()
  const before = await walPosition(pool)
  const cpuBefore = await endedSessionsCpuMs(pool)
  const run = await runWorker(['sync'], env)
  const walBytes = (await walPosition(pool)) - before
  const databaseCpuMs = (await endedSessionsCpuMs(pool)) - cpuBefore
  const { requests, cpuMs: apiCpuMs } = await api.report()
  if (run.summary.inserted !== jobs) throw new Error(`stored ${run.summary.inserted} jobs of ${jobs}`)
  return { ...run, jobsPerSecond: jobs / (run.wallMs / 1_000), walBytes, requests, apiCpuMs, databaseCpuMs }
}

export function describeLoad(load: Load): string {
  const seconds = (ms: number) => `${(ms / 1_000).toFixed(1)} s`
  return [
    `${Math.round(load.jobsPerSecond)} jobs/s`,
    `${seconds(load.wallMs)}, with processor time of the worker ${seconds(load.cpuMs)}`,
    `its database sessions ${seconds(load.databaseCpuMs)}`,
    `the simulated API ${seconds(load.apiCpuMs)}`,
    `${load.requests} requests`,
    `${Math.round(load.maxRssKb / 1_024)} MB peak`,
  ].join('; ')
}
