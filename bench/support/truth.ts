import type { Pool } from 'pg'
import type { Instant } from '../../src/values/instant.ts'
import type { Life, SteadyJobs } from './steady-jobs.ts'

const CHUNK = 20_000

/** Puts the whole life of every job beside the worker's tables, so that the server can compare them. */
export async function storeTruth(pool: Pool, jobs: SteadyJobs, lives: readonly Life[]): Promise<void> {
  await pool.query(`
    create schema yardstick;
    create table yardstick.truth
      (id text primary key, created_at bigint, starts_at bigint, ends_at bigint, ends_as text)`)
  for (let from = 0; from < lives.length; from += CHUNK) {
    const chunk = lives.slice(from, from + CHUNK)
    await pool.query(
      `insert into yardstick.truth
      select * from unnest($1::text[], $2::bigint[], $3::bigint[], $4::bigint[], $5::text[])`,
      [
        chunk.map((_, index) => jobs.idAt(from + index)),
        chunk.map((life) => life.createdAt),
        chunk.map((life) => life.startsAt),
        chunk.map((life) => life.endsAt),
        chunk.map((life) => life.end),
      ],
    )
  }
  await pool.query('analyze yardstick.truth')
}

export interface Wrong {
  /** Jobs whose stored status is not the API's, or that are not stored. */
  readonly jobs: number
  /** For how long the one that changed first has been wrong. */
  readonly longest: Instant
}

const COMPARE = `
with truth as (
  select
    id,
    case when ends_at <= $1::bigint then ends_as when starts_at <= $1::bigint then 'RUNNING' else 'PENDING' end as status,
    case when ends_at <= $1::bigint then ends_at when starts_at <= $1::bigint then starts_at else created_at end as since
  from yardstick.truth
  where created_at <= $1::bigint and not (starts_at > $1 and starts_at <= $2) and not (ends_at > $1 and ends_at <= $2)
)
select count(*) as jobs, coalesce($1 - min(since), 0) as longest
from truth
left join llamacloud.classify_jobs as stored using (id)
where stored.status is distinct from truth.status
`

/** Compares every job that existed when a cycle began, and did not change until it ended, with what is stored. */
export async function compareWithTruth(pool: Pool, began: Instant, ended: Instant): Promise<Wrong> {
  const { rows } = await pool.query<Record<keyof Wrong, string>>(COMPARE, [began, ended])
  return { jobs: Number(rows[0]?.jobs), longest: Number(rows[0]?.longest) }
}
