import type { Pool } from 'pg'
import { systemClock } from '../../src/clock.ts'
import { openPool, transaction } from '../../src/store/pool.ts'

/** What dashboards ask again and again. What would read all jobs is only planned, which takes the same locks. */
const READS: readonly string[] = [
  'select * from llamacloud.sync_freshness',
  'select * from llamacloud.classify_job_details order by created_at desc limit 100',
  'select * from llamacloud.classify_daily where day >= current_date - 1',
  'select * from llamacloud.classify_review_queue limit 100',
  'select * from llamacloud.classify_job_changes order by id desc limit 100',
  `select 1 from llamacloud.classify_type_stats, llamacloud.classify_rule_stats, llamacloud.classify_failures limit 0`,
]
const PAUSE_MS = 50
const COMMIT_EVERY_MS = 250

/** A worker's commit: its source's row, new jobs, and the end of those before, in any version. */
const COMMIT: readonly string[] = [
  `update llamacloud_sync.sources set last_success_at = clock_timestamp() where name = 'default'`,
  `insert into llamacloud.classify_jobs (id, source, project_id, status, created_at, updated_at, first_seen_at, synced_at)
  select 'traffic-' || gen_random_uuid(), 'default', '11111111-1111-4111-8111-111111111111', 'PENDING', now(), now(), now(), now()
  from generate_series(1, 100)`,
  `with ended as (
    update llamacloud.classify_jobs set status = 'COMPLETED', result_type = 'invoice', result_confidence = 0.9, synced_at = now()
    where id in (
      select id from llamacloud.classify_jobs
      where created_at between now() - interval '10 seconds' and now() - interval '1 millisecond' and status = 'PENDING'
      order by created_at limit 100
    ) returning id
  )
  insert into llamacloud.classify_job_changes (job_id, observed_at, from_status, to_status)
  select id, now(), 'PENDING', 'COMPLETED' from ended`,
]

const ITS_JOBS = `created_at > now() - interval '1 day' and id like 'traffic-%'`
const REMOVE: readonly string[] = [
  `delete from llamacloud.classify_job_changes where job_id in (select id from llamacloud.classify_jobs where ${ITS_JOBS})`,
  `delete from llamacloud.classify_jobs where ${ITS_JOBS}`,
]

/** Readers, each on a connection of its own, and a worker that holds its rhythm. */
export async function startTraffic(url: string) {
  const pool = openPool(url, { max: READS.length + 1, applicationName: 'traffic', queryTimeout: 0 })
  const stopped = new AbortController()
  const takings = { wait: new Takings(), commit: new Takings() }
  const running = [
    ...READS.map((sql) => repeat(stopped.signal, PAUSE_MS, () => read(pool, sql, takings.wait))),
    repeat(stopped.signal, COMMIT_EVERY_MS, () => takings.commit.of(() => commit(pool))),
  ]
  return {
    /** Milliseconds of the longest, since this was asked last; what is under way counts as far as it has come. */
    longest: () => ({ wait: takings.wait.longest(), commit: takings.commit.longest() }),
    stop: async () => {
      stopped.abort()
      await Promise.all(running)
      await transaction(
        pool,
        async (client) => {
          for (const sql of REMOVE) await client.query(sql)
        },
        { statementTimeout: 0 },
      )
      await pool.end()
    },
  }
}

/** What it waits for are locks: the same question for no row takes them all, and next to no time of its own. */
async function read(pool: Pool, sql: string, wait: Takings): Promise<void> {
  await transaction(
    pool,
    async (client) => {
      await wait.of(() => client.query(`select from (${sql}) as asked limit 0`))
      await client.query(sql)
    },
    { statementTimeout: 0, lockTimeout: 0 },
  )
}

async function commit(pool: Pool): Promise<void> {
  await transaction(
    pool,
    async (client) => {
      for (const sql of COMMIT) await client.query(sql)
    },
    { statementTimeout: 0, lockTimeout: 0 },
  )
}

class Takings {
  readonly #underWay = new Set<number>()
  #longest = 0

  async of(work: () => Promise<unknown>): Promise<void> {
    const begun = systemClock.monotonic()
    this.#underWay.add(begun)
    await work()
    this.#underWay.delete(begun)
    this.#longest = Math.max(this.#longest, systemClock.monotonic() - begun)
  }

  longest(): number {
    const now = systemClock.monotonic()
    const longest = Math.max(this.#longest, ...[...this.#underWay].map((begun) => now - begun))
    this.#longest = 0
    return longest
  }
}

async function repeat(signal: AbortSignal, pauseMs: number, work: () => Promise<unknown>): Promise<void> {
  while (!signal.aborted) {
    await work()
    await systemClock.sleep(pauseMs)
  }
}
