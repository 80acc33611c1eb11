import type { Pool, PoolClient } from 'pg'
import { formatInstant, type Instant, SECOND } from '../values/instant.ts'
import { and, asc, drizzle, eq, gt, isNull, lt, lte, or, sql } from './drizzle.cjs'
import { openJobs } from './schema.ts'

export interface OpenJob {
  readonly jobId: string
  /** By the clock of the API, as all times here. */
  readonly nextCheckAt: Instant
  /** When the API last showed it. */
  readonly seenAt: Instant
}

const REMEMBER = `
insert into llamacloud_sync.open_jobs as known (source, job_id, next_check_at, seen_at)
select $1, job_id, next_check_at, seen_at
from unnest($2::text[], $3::timestamptz[], $4::timestamptz[]) as item(job_id, next_check_at, seen_at)
order by job_id collate "C"
on conflict (source, job_id) do update set
  next_check_at = excluded.next_check_at, seen_at = excluded.seen_at, misses = 0, missed_in_run = null
`

/** Notes jobs that were just seen open, with the time of their next check. Each id may occur once. */
export async function rememberOpenJobs(
  client: PoolClient,
  source: string,
  jobs: readonly OpenJob[],
): Promise<void> {
  if (jobs.length === 0) return
  await client.query(REMEMBER, [
    source,
    jobs.map((job) => job.jobId),
    jobs.map((job) => formatInstant(job.nextCheckAt)),
    jobs.map((job) => formatInstant(job.seenAt)),
  ])
}

/**
 * Two commits can each have noted what the other is about to drop. Waiting would deadlock, so what a neighbour holds is
 * left to it: a job that stays in vain is asked for once more and dropped then.
 */
const FORGET = `
with free as (
  select job_id from llamacloud_sync.open_jobs
  where source = $1 and job_id = any ($2::text[])
  for update skip locked
)
delete from llamacloud_sync.open_jobs as known
using free
where known.source = $1 and known.job_id = free.job_id
`

/** Drops jobs that were just seen in a terminal status. */
export async function forgetOpenJobs(
  client: PoolClient,
  source: string,
  ids: readonly string[],
): Promise<void> {
  if (ids.length === 0) return
  await client.query(FORGET, [source, ids])
}

/**
 * Ids of the open jobs due at `now` (the API's clock), the longest due first, at most `limit` of them. Those that `run`
 * has asked for in vain are left out: a miss counts once a run.
 */
export async function dueOpenJobs(
  pool: Pool,
  source: string,
  { now, run, limit }: { readonly now: Instant; readonly run: number; readonly limit: number },
): Promise<string[]> {
  return nextOpenJobs(pool, source, { run, limit, which: lte(openJobs.nextCheckAt, now) })
}

interface Early {
  readonly now: Instant
  readonly seenBefore: Instant
  readonly run: number
  readonly limit: number
}

/** Ids of the open jobs that are not due at `now` and were last seen before `seenBefore`, the next to be due first. */
export async function earlyOpenJobs(
  pool: Pool,
  source: string,
  { now, seenBefore, run, limit }: Early,
): Promise<string[]> {
  const notSeen = or(isNull(openJobs.seenAt), lt(openJobs.seenAt, seenBefore))
  return nextOpenJobs(pool, source, { run, limit, which: and(gt(openJobs.nextCheckAt, now), notSeen) })
}

async function nextOpenJobs(
  pool: Pool,
  source: string,
  {
    which,
    run,
    limit,
  }: { readonly which: ReturnType<typeof and>; readonly run: number; readonly limit: number },
): Promise<string[]> {
  const notAskedInVain = sql`${openJobs.missedInRun} is distinct from ${run}`
  const rows = await drizzle(pool)
    .select({ jobId: openJobs.jobId })
    .from(openJobs)
    .where(and(eq(openJobs.source, source), which, notAskedInVain))
    .orderBy(asc(openJobs.nextCheckAt), asc(openJobs.jobId))
    .limit(limit)
  return rows.map((row) => row.jobId)
}

export async function countOpenJobs(pool: Pool, source: string): Promise<number> {
  const [row] = await drizzle(pool)
    .select({ count: sql<string>`count(*)` })
    .from(openJobs)
    .where(eq(openJobs.source, source))
  return Number(row?.count ?? 0)
}

const NOTE_MISSES = `
update llamacloud_sync.open_jobs
set
  missed_in_run = case when seen_at > $4 then missed_in_run else $3 end,
  next_check_at = case when seen_at > $4 then seen_at + make_interval(secs => $5) else next_check_at end
where source = $1 and job_id = any ($2::text[])
returning (seen_at > $4) is not true as "isMiss"
`

interface InVain {
  readonly run: number
  /** The clock of the API. */
  readonly now: Instant
  /** How late a job may become visible, microseconds. */
  readonly overlap: Instant
}

/**
 * Notes that `run` asked for jobs by id and the API did not return them. It counts only once `countMisses` is called. One
 * that was shown within the overlap may yet be hidden where the answer came from (A7): that is no miss, and it is due
 * again when it would be one. Returns how many misses there are.
 */
export async function noteMisses(
  client: PoolClient,
  source: string,
  ids: readonly string[],
  { run, now, overlap }: InVain,
): Promise<number> {
  const { rows } = await client.query<{ isMiss: boolean }>(NOTE_MISSES, [
    source,
    ids,
    run,
    formatInstant(now - overlap),
    overlap / SECOND,
  ])
  return rows.filter(({ isMiss }) => isMiss).length
}

/** Whether jobs are missing that `run` asked for: those that it saw later on are not. */
export async function hasMisses(pool: Pool, source: string, run: number): Promise<boolean> {
  const { rows } = await pool.query<{ found: boolean }>(
    `select exists (
      select from llamacloud_sync.open_jobs where source = $1 and missed_in_run = $2
    ) as found`,
    [source, run],
  )
  return rows[0]?.found ?? false
}

const COUNT_MISSES = `
with missed as (
  select job_id from llamacloud_sync.open_jobs
  where source = $1 and missed_in_run = $2
  order by job_id collate "C"
  limit $3
)
update llamacloud_sync.open_jobs as known
set misses = misses + 1, missed_in_run = null
from missed
where known.source = $1 and known.job_id = missed.job_id
returning known.job_id as "jobId", known.misses
`

/** Counts what `run` noted as missing, at most `limit` jobs a call, and returns them with their misses so far. */
export async function countMisses(
  client: PoolClient,
  source: string,
  run: number,
  limit: number,
): Promise<{ jobId: string; misses: number }[]> {
  const { rows } = await client.query<{ jobId: string; misses: number }>(COUNT_MISSES, [source, run, limit])
  return rows
}

/** For a statement of a list: whether the job of this id is to be asked for again by id. */
export const isOpen = (source: string, id: string) => `exists (
    select from llamacloud_sync.open_jobs as open where open.source = ${source} and open.job_id = ${id}
  )`

/** Which of these jobs are to be asked for again by id. */
export async function openAmong(pool: Pool, source: string, ids: readonly string[]): Promise<Set<string>> {
  const { rows } = await pool.query<{ id: string }>(
    'select job_id as id from llamacloud_sync.open_jobs where source = $1 and job_id = any ($2::text[])',
    [source, ids],
  )
  return new Set(rows.map((row) => row.id))
}
