import type { Pool, PoolClient } from 'pg'
import { formatInstant, type Instant, SECOND } from '../values/instant.ts'
import { idsOf, query } from './query.ts'
import { nextTime, openJobsOf } from './rechecks.ts'

const firstMiss = (at: string) => `least(known.missed_at, greatest(${at}::timestamptz, clock_timestamp()))`

/**
 * An answer without a job that was asked for. The first counted miss is remembered, and the second once it lies far enough
 * from the first. $4 is the time of a miss that counts, and 'infinity' for one that does not: the job is missing, and
 * nothing adds up to two. The first is noted with the time of its commit: that of a run lies in the past once its machine has
 * slept, and two misses would look further apart than they were. An open job keeps its pace; others wait for the second miss,
 * or for a tenth of the time for which nothing has been known of them: a project may be dark for ever. A job that is marked as gone is
 * looked for after an hour, a day and a week; then its span alone tells whether it is back. By ids and not by a join: where
 * PostgreSQL does not know yet how many a source has, a join may read them all (I14).
 */
const NOTE_MISSES = `
with missed as (
  select known.job_id
  from llamacloud_sync.rechecks as known
  where known.source = $1 and known.job_id = any ($2::text[])
  order by known.job_id collate "C"
  for update
), ended as (
  delete from llamacloud_sync.rechecks
  where source = $1 and job_id = any (array(select job_id from missed))
    and gone_at <= $3::timestamptz - interval '7 days'
)
update llamacloud_sync.rechecks as known
set
  missed_at = ${firstMiss('$4')},
  missed_again_at = case
    when $4 < 'infinity' and known.missed_at <= $3::timestamptz - make_interval(secs => $5) then $3
    else known.missed_again_at
  end,
  due_at = case
    when known.gone_at is not null then known.gone_at + case
      when $3::timestamptz - known.gone_at < interval '1 hour' then interval '1 hour'
      when $3::timestamptz - known.gone_at < interval '1 day' then interval '1 day'
      else interval '7 days'
    end
    when $4 = 'infinity' and known.seen_at is null
      then $3::timestamptz + greatest(interval '1 hour', ($3::timestamptz - known.noted_at) / 10)
    when $4 = 'infinity' then ${nextTime('known.noted_at')}
    when $3 >= known.missed_at + make_interval(secs => $5)
      then greatest(known.missed_at + interval '1 day', $3::timestamptz + interval '6 hours')
    when known.seen_at is not null then
      least(${nextTime('known.noted_at')}, ${firstMiss('$3')} + make_interval(secs => $5))
    else ${firstMiss('$3')} + make_interval(secs => $5)
  end,
  reason = null,
  tries = 0,
  quarantined_at = null
where known.source = $1 and known.job_id = any (array(select job_id from missed))
  and (known.gone_at <= $3::timestamptz - interval '7 days') is not true
`

export interface Misses {
  readonly ids: readonly string[]
  /** Whether other jobs of the same project came: else the API is dark, and a miss says nothing. */
  readonly counted: boolean
}

/** Notes that jobs were asked for and not returned; each has its next time then. */
export async function noteMisses(
  client: PoolClient,
  source: string,
  { ids, counted }: Misses,
  { now, apart }: { readonly now: Instant; readonly apart: Instant },
): Promise<void> {
  if (ids.length === 0) return
  const at = formatInstant(now)
  await client.query(NOTE_MISSES, [source, ids, at, counted ? at : 'infinity', apart / SECOND])
}

const NOT_MISSED = `
select job_id as id from llamacloud_sync.rechecks
where source = $1 and job_id = any ($2::text[]) and gone_at is null and (missed_at < 'infinity') is not true
`

/** Which of these have no miss yet that counts, and are not marked. */
export function notMissedYet(pool: Pool, source: string, ids: readonly string[]): Promise<string[]> {
  return idsOf(pool, NOT_MISSED, [source, ids])
}

const believable = (which: string) => `
select job_id as id from llamacloud_sync.rechecks
where source = $1 and missed_again_at is not null and gone_at is null
  and missed_again_at - missed_at >= make_interval(secs => $2) and (${which})
order by missed_again_at - missed_at
limit $3
`

const OPEN = believable('seen_at is not null')

/** Open ids that were missed twice, so far apart in microseconds, and are not marked yet. */
export function openMissedTwice(
  pool: Pool,
  source: string,
  { apart, limit }: { readonly apart: Instant; readonly limit: number },
): Promise<string[]> {
  return idsOf(pool, OPEN, [source, apart / SECOND, limit])
}

const BELIEVABLE = `${believable('seen_at is null or job_id = any ($4::text[])')} for update`

/** Ids that were missed twice, so far apart in microseconds, and are not marked yet; of open ones only these. */
export function believablyGone(
  client: PoolClient,
  source: string,
  {
    apart,
    limit,
    open,
  }: { readonly apart: Instant; readonly limit: number; readonly open: readonly string[] },
): Promise<string[]> {
  return idsOf(client, BELIEVABLE, [source, apart / SECOND, limit, open])
}

const HELD = `
select job_id as id from llamacloud_sync.rechecks
where source = $1 and missed_at is not null and gone_at is null
order by missed_at
limit $2
for update
`

/** Ids that are missing and not marked as deleted yet. */
export function heldRechecks(client: PoolClient, source: string, limit: number): Promise<string[]> {
  return idsOf(client, HELD, [source, limit])
}

/** How many are missing and not marked as deleted. */
export function countHeld(pool: Pool, source: string): Promise<number> {
  const held =
    'select from llamacloud_sync.rechecks where source = $1 and missed_at is not null and gone_at is null'
  return countOf(pool, held, [source])
}

/** How many of those have a miss that counts: as many as there are, or `limit`. */
export function countMissed(pool: Pool, source: string, limit: number): Promise<number> {
  const missed = `select from llamacloud_sync.rechecks
    where source = $1 and missed_at < 'infinity' and gone_at is null order by missed_at limit $2`
  return countOf(pool, missed, [source, limit])
}

async function countOf(pool: Pool, selection: string, values: unknown[]): Promise<number> {
  const counting = `select count(*)::int as count from (${selection}) as found`
  const [row] = await query<{ count: number }>(pool, counting, values)
  return row?.count ?? 0
}

/** Notes that jobs were marked as gone: they are looked for once more in an hour. */
export async function noteGone(
  client: PoolClient,
  source: string,
  ids: readonly string[],
  now: Instant,
): Promise<void> {
  await client.query(
    `update llamacloud_sync.rechecks
    set gone_at = $3, due_at = $3::timestamptz + interval '1 hour'
    where source = $1 and job_id = any ($2::text[])`,
    [source, ids, formatInstant(now)],
  )
}

/** Of a source: jobs that are not finished, up to MOST_COUNTED, and jobs that are missing and not marked as deleted. */
export async function countRechecks(
  pool: Pool,
  source: string,
): Promise<{ readonly openJobs: number; readonly held: number }> {
  const [row] = await query<{ openJobs: number; held: number }>(
    pool,
    `select ${openJobsOf('$1')} as "openJobs", (
      select count(*) from llamacloud_sync.rechecks
      where source = $1 and missed_at is not null and gone_at is null
    ) as held`,
    [source],
  )
  return row ?? { openJobs: 0, held: 0 }
}
