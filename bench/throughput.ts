/**
 * Figure c: what one worker does when the API answers at once, against COPY of the rows that it stored, from a file,
 * into a table like theirs on the same server. Worker, simulated API and PostgreSQL share the machine.
 */
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import type { Pool } from 'pg'
import { numberFrom } from './support/database.ts'
import { atLeast, type BenchOptions, type Figure, median, told } from './support/figure.ts'
import { fetchPages } from './support/pages.ts'
import { describeLoad, type Stage } from './support/stage.ts'

const COPIES = 3
const FORMATS = ['binary', 'text'] as const
type Format = (typeof FORMATS)[number]

export function throughputJobs(quick: boolean): number {
  return quick ? 60_000 : 300_000
}

export async function throughput({ quick, stages }: BenchOptions): Promise<Figure> {
  const stage = await stages.of(throughputJobs(quick))
  const { jobs, load } = stage
  const copies = await copyAgain(stage)
  const alone = await fetchAlone(stage, () => {})
  const parsed = await fetchAlone(stage, JSON.parse)
  const letter = 'c'
  const unit = 'jobs/s'
  const floor = jobs / (copies.ms / 1_000)
  // COPY keeps one processor busy; the API, a client that does nothing but parse, and COPY share all there are.
  const least = (parsed.apiCpuMs + parsed.clientCpuMs + copies.ms) / availableParallelism()
  return {
    rows: [
      atLeast(0.7, {
        letter,
        figure: `backfill of ${jobs} jobs, API at once; against COPY`,
        value: load.jobsPerSecond,
        floor,
        unit,
      }),
      told({
        letter,
        figure: 'the most that this machine allows: API, bare client with JSON.parse, COPY',
        value: jobs / (least / 1_000),
        floor,
        unit,
      }),
    ],
    notes: [
      describeLoad(load),
      `COPY (${copies.format}): median of ${COPIES}, ${seconds(copies.ms)}`,
      `fetching alone, by a bare client: ${Math.round(jobs / (alone.ms / 1_000))} jobs/s, ${alone.pages} pages in ` +
        `${seconds(alone.ms)}, the simulated API's processor time ${seconds(alone.apiCpuMs)}`,
      `the same with JSON.parse: ${Math.round(jobs / (parsed.ms / 1_000))} jobs/s, the client's processor time ` +
        seconds(parsed.clientCpuMs),
    ],
  }
}

/** The same rows again, in the order in which they lie in the worker's table. */
async function copyAgain({ database }: Stage): Promise<{ format: Format; ms: number }> {
  const { pool, folder } = database
  const files = { binary: join(folder, 'jobs.binary'), text: join(folder, 'jobs.text') }
  const times: Record<Format, number[]> = { binary: [], text: [] }
  for (const format of FORMATS) {
    await pool.query(`copy llamacloud.classify_jobs to '${files[format]}' (format ${format})`)
    times[format].push(await copyOnce(pool, files[format], format))
  }
  const format =
    FORMATS.toSorted((left, right) => (times[left][0] ?? 0) - (times[right][0] ?? 0))[0] ?? 'text'
  while (times[format].length < COPIES) times[format].push(await copyOnce(pool, files[format], format))
  await pool.query('drop schema copied cascade')
  return { format, ms: median(times[format]) }
}

async function copyOnce(pool: Pool, file: string, format: Format): Promise<number> {
  await pool.query(`
    drop schema if exists copied cascade;
    create schema copied;
    create table copied.classify_jobs (like llamacloud.classify_jobs including all);
    alter table copied.classify_jobs
      add foreign key (configuration_hash) references llamacloud.classify_configurations`)
  await pool.query('checkpoint')
  const begun = performance.now()
  await pool.query(`copy copied.classify_jobs from '${file}' (format ${format})`)
  const ms = performance.now() - begun
  const missing = await numberFrom(
    pool,
    'select (select count(*) from llamacloud.classify_jobs) - (select count(*) from copied.classify_jobs)',
  )
  if (missing !== 0) throw new Error(`COPY left out ${missing} rows`)
  return ms
}

async function fetchAlone({ api, span }: Stage, onPage: (body: string) => void) {
  await api.report()
  const begun = performance.now()
  const cpu = process.cpuUsage()
  const pages = await fetchPages(api.url, span, onPage)
  const ms = performance.now() - begun
  const { user, system } = process.cpuUsage(cpu)
  return { ms, pages, clientCpuMs: (user + system) / 1_000, apiCpuMs: (await api.report()).cpuMs }
}

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`
}
