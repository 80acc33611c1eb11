/**
 * How long each view takes to answer: `npm exec -- node bench/views.ts [JOBS]`, 1,000,000 by default, in an embedded
 * PostgreSQL of its own that is removed afterwards; or, with `DATABASE_URL`, in a database that is filled already, as
 * `bench/migrations.ts` leaves it. Prints the table that docs/performance-of-views.md shows.
 */
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Pool } from 'pg'
import { systemClock } from '../src/clock.ts'
import { table } from '../src/commands/table.ts'
import { CLASSIFY_SUMS } from '../src/lists/classify/sums.ts'
import { loadFigures } from '../src/report/figures.ts'
import { openDatabase } from '../src/store/database.ts'
import { migrate } from '../src/store/migrate.ts'
import { openPool, transaction } from '../src/store/pool.ts'
import { sumUpDay } from '../src/store/sums.ts'
import { sessionCpuMs } from './support/database.ts'
import { fillWithJobs, markDays } from './views-data.ts'

const RUNS = 5
/** What takes longer is run once. */
const ONCE_MS = 10_000

/** What is asked of each view: all of it, and what people ask most. Timed with the rows brought to the client. */
const QUERIES: readonly string[] = [
  `select * from llamacloud.classify_job_details order by created_at desc limit 100`,
  `select * from llamacloud.classify_job_details where created_at >= now() - interval '7 days'`,
  `select outcome, count(*) from llamacloud.classify_job_details group by outcome`,
  `select * from llamacloud.classify_daily`,
  `select * from llamacloud.classify_daily where day >= current_date - 30`,
  `select outcome, sum(jobs) from llamacloud.classify_daily where day >= current_date - 365 group by outcome`,
  `select day, sum(jobs) from llamacloud.classify_statistics where day >= current_date - 30 group by day`,
  `select day, configuration_hash, outcome, sum(jobs) from llamacloud.classify_statistics group by 1, 2, 3`,
  `select day, outcome, sum(jobs) from llamacloud.classify_statistics where day >= current_date - 365 group by 1, 2`,
  `select * from llamacloud.classify_type_stats`,
  `select * from llamacloud.classify_type_stats_between(current_date - 30)`,
  `select * from llamacloud.classify_type_stats_between(current_date - 365)`,
  `select * from llamacloud.classify_rule_stats`,
  `select * from llamacloud.classify_failures`,
  `select error, sum(jobs) from llamacloud.classify_daily_failures where day >= current_date - 30 group by error`,
  `select error, sum(jobs) from llamacloud.classify_daily_failures where day >= current_date - 365 group by error`,
  `select * from llamacloud.classify_sla where day >= current_date - 30`,
  `select * from llamacloud.classify_sla where day >= current_date - 365`,
  `select * from llamacloud.classify_weekly`,
  `select * from llamacloud.classify_rule_changes`,
  `select * from llamacloud.job_costs where day >= current_date - 30`,
  `select * from llamacloud.job_costs where day >= current_date - 365`,
  `select * from llamacloud.classify_type_costs where day >= current_date - 30`,
  `select * from llamacloud.classify_review_queue limit 100`,
  `select * from llamacloud.classify_review_queue where created_at >= now() - interval '30 days'`,
  `select count(*) from llamacloud.classify_review_queue where created_at >= now() - interval '365 days'`,
  `select * from llamacloud.sync_freshness`,
]
/** What the statistics would take from the jobs themselves: minutes where there are many. */
const FROM_JOBS: readonly string[] = [
  `select * from llamacloud_sync.classify_exact where day >= current_date - 30`,
  `select * from llamacloud_sync.classify_exact`,
  `select day, sum(jobs) from llamacloud_sync.classify_sums where day >= current_date - 30 group by day`,
  `select day, configuration_hash, outcome, sum(jobs) from llamacloud_sync.classify_sums group by 1, 2, 3`,
]
const REPORT_DAYS = [30, 365]

const print = (text: string) => process.stdout.write(`${text}\n`)
await (process.env.DATABASE_URL
  ? measure(process.env.DATABASE_URL)
  : measureOwn(Number(process.argv[2] ?? 1_000_000)))

async function measureOwn(jobs: number): Promise<void> {
  const dataDir = await mkdtemp(join(tmpdir(), 'llamacloud-sync-bench-'))
  // As root the server runs as another user, who has to enter it.
  await chmod(dataDir, 0o755)
  try {
    const database = await openDatabase({ url: undefined, dataDir, clock: systemClock, log: print })
    try {
      await migrate(database.pool)
      const patient = openPool(database.url, { max: 1, applicationName: 'bench', queryTimeout: 0 })
      await fillWithJobs(patient, jobs)
        .then(() => markDays(patient))
        .finally(() => patient.end())
      await measure(database.url)
    } finally {
      await database.close()
    }
  } finally {
    await rm(dataDir, { recursive: true, force: true })
  }
}

async function measure(url: string): Promise<void> {
  const pool = openPool(url, { max: 1, applicationName: 'bench', queryTimeout: 0 })
  try {
    await describe(pool)
    await sumUpAll(pool)
    await time(pool)
  } finally {
    await pool.end()
  }
}

async function describe(pool: Pool): Promise<void> {
  const { rows } = await pool.query<Record<string, string>>(`
    select current_setting('server_version') as version, (select count(*) from llamacloud.classify_jobs) as jobs,
      pg_size_pretty(pg_table_size('llamacloud.classify_jobs')) as rows,
      pg_size_pretty(pg_indexes_size('llamacloud.classify_jobs')) as indexes`)
  const size = rows[0]
  print(
    `PostgreSQL ${size?.version}, ${size?.jobs} jobs: ${size?.rows} of rows, ${size?.indexes} of indexes.\n`,
  )
}

/** All days but today's, which never comes to rest while jobs arrive. */
async function sumUpAll(pool: Pool): Promise<void> {
  const start = systemClock.monotonic()
  const { rows } = await pool.query<{ day: string }>(
    `select distinct day::text from llamacloud_sync.classify_dirty_days where day < (now() at time zone 'UTC')::date`,
  )
  for (const { day } of rows) await transaction(pool, (client) => sumUpDay(client, CLASSIFY_SUMS, day))
  const each = (systemClock.monotonic() - start) / Math.max(1, rows.length)
  print(`${rows.length} days were summed up, in ${each.toFixed(0)} ms each.\n`)
  await pool.query('vacuum (analyze) llamacloud_sync.classify_settled_sums')
}

/** Says each as soon as it is known, and all of them as a table. */
async function time(pool: Pool): Promise<void> {
  const lines: string[][] = []
  for (const [what, ask] of questions(pool)) {
    const before = await sessionCpuMs(pool)
    const { rows, runs, ms } = await timesOf(ask)
    const cpu = ((await sessionCpuMs(pool)) - before) / runs
    const line = [what, rows, cpu.toFixed(0), ...ms]
    process.stderr.write(`${line.join(' | ')}\n`)
    lines.push(line)
  }
  print(table(['query', 'rows', 'processor, ms', 'ms (median)', 'ms (slowest)'], lines))
}

function questions(pool: Pool): [string, () => Promise<string>][] {
  const asked = (sql: string): [string, () => Promise<string>] => {
    const answer = () =>
      transaction(pool, (client) => client.query(sql), { statementTimeout: 0, lockTimeout: 0 })
    return [sql, async () => String((await answer()).rowCount ?? 0)]
  }
  const reports = REPORT_DAYS.map((days): [string, () => Promise<string>] => [
    `report --days ${days}: its figures`,
    () => loadFigures(pool, days).then(() => ''),
  ])
  return [...QUERIES.map(asked), ...reports, ...FROM_JOBS.map(asked)]
}

/** How many rows it brought, and the median and the slowest of some runs. */
async function timesOf(run: () => Promise<string>): Promise<{ rows: string; runs: number; ms: string[] }> {
  const times: number[] = []
  let rows = ''
  while (times.length < RUNS && (times[0] ?? 0) < ONCE_MS) {
    const start = systemClock.monotonic()
    rows = await run()
    times.push(systemClock.monotonic() - start)
  }
  times.sort((left, right) => left - right)
  const ms = [times[Math.floor(times.length / 2)] ?? 0, times.at(-1) ?? 0]
  return { rows, runs: times.length, ms: ms.map((each) => each.toFixed(0)) }
}
