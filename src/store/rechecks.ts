import type { Pool, PoolClient } from 'pg'
import { formatInstant, type Instant, SECOND } from '../values/instant.ts'
import { inTransaction, transaction } from './pool.ts'

/**
 * When an open job is asked for again: at every cycle while it was noted less than five minutes ago, later after a tenth
 * of the time since, at most six hours.
 */
const NEXT = (noted: string) => `
  $3::timestamptz + case
    when $3::timestamptz - ${noted} < interval '5 minutes' then interval '1 second'
    else least(interval '6 hours', ($3::timestamptz - ${noted}) / 10)
  end`

const REMEMBER = `
insert into llamacloud_sync.rechecks as known (source, job_id, noted_at, seen_at, due_at)
select $1, job_id, $3, $3, $3::timestamptz + interval '1 second'
from unnest($2::text[]) as item(job_id)
order by job_id collate "C"
on conflict (source, job_id) do update set
  seen_at = $3, missed_at = null, missed_again_at = null, gone_at = null,
  due_at = case when known.reason is null then ${NEXT('known.noted_at')} else known.due_at end
`

/** Notes jobs that were just seen open. Each id may occur once. What cannot be asked for by id stays in quarantine. */
export async function rememberOpen(
  client: PoolClient,
  source: string,
  ids: readonly string[],
  now: Instant,
): Promise<void> {
  if (ids.length > 0) await client.query(REMEMBER, [source, ids, formatInstant(now)])
}

/**
 * Two commits can each have noted what the other is about to drop. Waiting would deadlock, so what a neighbour holds is
 * left to it: a job that stays for nothing is asked for once more and dropped then.
 */
const FORGET = `
delete from llamacloud_sync.rechecks
where source = $1 and job_id = any (array(
  select job_id from llamacloud_sync.rechecks
  where source = $1 and job_id = any ($2::text[])
  for update skip locked
))
`

/** Drops jobs that were just seen in a terminal status. */
export async function forgetRechecks(
  client: PoolClient,
  source: string,
  ids: readonly string[],
): Promise<void> {
  if (ids.length > 0) await client.query(FORGET, [source, ids])
}

const SUSPECT = `
insert into llamacloud_sync.rechecks as known (source, job_id, noted_at, due_at)
select $1, job_id, $3, $3
from unnest($2::text[]) as item(job_id)
order by job_id collate "C"
on conflict (source, job_id) do update set due_at = excluded.due_at
where known.missed_at is null and known.gone_at is null and known.reason is null and known.due_at > excluded.due_at
`

/** Notes stored jobs that a complete reading did not show: they are due at once. */
export async function suspectMissing(
  client: PoolClient,
  source: string,
  ids: readonly string[],
  now: Instant,
): Promise<void> {
  if (ids.length > 0) await client.query(SUSPECT, [source, ids, formatInstant(now)])
}

/** Notes stored jobs that are to be asked for once more, at a time to come. */
export function askAgainAt(
  client: PoolClient,
  source: string,
  ids: readonly string[],
  at: Instant,
): Promise<void> {
  return suspectMissing(client, source, ids, at)
}

const ASK_EACH = `
insert into llamacloud_sync.rechecks as known (source, job_id, noted_at, due_at)
select $1, job_id, clock_timestamp(), due_at
from unnest($2::text[], $3::timestamptz[]) as item(job_id, due_at)
order by job_id collate "C"
on conflict (source, job_id) do update set due_at = excluded.due_at
where known.missed_at is null and known.gone_at is null and known.reason is null and known.seen_at is null
  and known.due_at > excluded.due_at
`

/** Notes stored jobs that are to be asked for once more, each at a time of its own. Each id may occur once. */
export async function askEachAt(
  client: PoolClient,
  source: string,
  jobs: readonly { readonly id: string; readonly at: Instant }[],
): Promise<void> {
  if (jobs.length === 0) return
  const values = [jobs.map(({ id }) => id), jobs.map(({ at }) => formatInstant(at))]
  await client.query(ASK_EACH, [source, ...values])
}

const DUE = `
select job_id as id from llamacloud_sync.rechecks
where source = $1 and reason is null and due_at <= $2 and (seen_at is null or seen_at <= $3)
order by due_at
limit $4
`

export interface DueAt {
  readonly at: Instant
  /** What was seen since is not due. */
  readonly unseenSince: Instant
}

/** Ids that are due, the longest due first. */
export function dueRechecks(
  pool: Pool,
  source: string,
  { at, unseenSince }: DueAt,
  limit: number,
): Promise<string[]> {
  return idsOf(pool, DUE, [source, formatInstant(at), formatInstant(unseenSince), limit])
}

const EARLY = `
select job_id as id from llamacloud_sync.rechecks
where source = $1 and reason is null and due_at > $2
  and seen_at < $3 and missed_at is null and gone_at is null
order by due_at
limit $4
`

/** Ids of open jobs that are not due yet, the next to be due first. */
export function earlyRechecks(
  pool: Pool,
  source: string,
  { at, unseenSince }: DueAt,
  limit: number,
): Promise<string[]> {
  return idsOf(pool, EARLY, [source, formatInstant(at), formatInstant(unseenSince), limit])
}

async function idsOf(connection: Pool | PoolClient, statement: string, values: unknown[]): Promise<string[]> {
  const { rows } = await inTransaction(connection, (client) =>
    client.query<{ id: string }>(statement, values),
  )
  return rows.map(({ id }) => id)
}

/**
 * An answer without a job that was asked for. The first counted miss is remembered, and the second once it lies far enough
 * from the first. $4 is the time of a miss that counts, and 'infinity' for one that does not: the job is missing, and
 * nothing adds up to two. An open job keeps its pace; others wait for the second miss. A job that is marked as gone is
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
  missed_at = least(known.missed_at, $4::timestamptz),
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
    when $3 >= known.missed_at + make_interval(secs => $5)
      then greatest(known.missed_at + interval '1 day', $3::timestamptz + interval '6 hours')
    when known.seen_at is not null then
      least(${NEXT('known.noted_at')}, least(known.missed_at, $3) + make_interval(secs => $5))
    when $4 < 'infinity' then least(known.missed_at, $3) + make_interval(secs => $5)
    else greatest(${NEXT('known.noted_at')}, $3::timestamptz + interval '5 minutes')
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

const BELIEVABLE = `
select job_id as id from llamacloud_sync.rechecks
where source = $1 and missed_again_at is not null and gone_at is null
  and missed_again_at - missed_at >= make_interval(secs => $2)
order by missed_again_at - missed_at
limit $3
for update
`

/** Ids that were missed twice, so far apart in microseconds, and are not marked yet. */
export async function believablyGone(
  client: PoolClient,
  source: string,
  { apart, limit }: { readonly apart: Instant; readonly limit: number },
): Promise<string[]> {
  const { rows } = await client.query<{ id: string }>(BELIEVABLE, [source, apart / SECOND, limit])
  return rows.map(({ id }) => id)
}

const HELD = `
select job_id as id from llamacloud_sync.rechecks
where source = $1 and missed_at is not null and gone_at is null
order by missed_at
limit $2
for update
`

/** Ids that are missing and not marked as deleted yet. */
export async function heldRechecks(client: PoolClient, source: string, limit: number): Promise<string[]> {
  const { rows } = await client.query<{ id: string }>(HELD, [source, limit])
  return rows.map(({ id }) => id)
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
  const { rows } = await transaction(pool, (client) =>
    client.query<{ count: number }>(`select count(*)::int as count from (${selection}) as found`, values),
  )
  return rows[0]?.count ?? 0
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

/** Sets an id aside that makes every request fail; asked for again alone, after an hour at first and then a day. */
export async function quarantineId(
  client: PoolClient,
  source: string,
  { id, reason, now }: { readonly id: string; readonly reason: string; readonly now: Instant },
): Promise<void> {
  await client.query(
    `update llamacloud_sync.rechecks
    set reason = $3, tries = tries + 1, quarantined_at = coalesce(quarantined_at, $4),
      due_at = $4::timestamptz + least(interval '1 day', interval '1 hour' * power(2, least(tries, 10)))
    where source = $1 and job_id = $2`,
    [source, id, reason, formatInstant(now)],
  )
}

/** Lets an id go that was asked for and answered; its next time is that of any open job. */
export async function releaseId(client: PoolClient, source: string, id: string, now: Instant): Promise<void> {
  await client.query(
    `update llamacloud_sync.rechecks set reason = null, tries = 0, quarantined_at = null, due_at = ${NEXT('noted_at')}
    where source = $1 and job_id = $2 and reason is not null`,
    [source, id, formatInstant(now)],
  )
}

const QUARANTINED_DUE = `
select job_id as id from llamacloud_sync.rechecks
where source = $1 and reason is not null and due_at <= $2
order by due_at
limit $3
`

export function dueInQuarantine(pool: Pool, source: string, now: Instant, limit: number): Promise<string[]> {
  return idsOf(pool, QUARANTINED_DUE, [source, formatInstant(now), limit])
}

/** Which of these are to be asked for again by id. */
export async function awaiting(
  connection: Pool | PoolClient,
  source: string,
  ids: readonly string[],
): Promise<Set<string>> {
  const found = await idsOf(
    connection,
    'select job_id as id from llamacloud_sync.rechecks where source = $1 and job_id = any ($2::text[])',
    [source, ids],
  )
  return new Set(found)
}

/** Of what may be millions no more are counted, in an index's order, so that it is the way taken (I14). */
export const MOST_COUNTED = 20_000

/** Of a source, in SQL: its jobs that are not finished, counted up to MOST_COUNTED. */
export const openJobsOf = (source: string) => `(
  select count(*) from (
    select from llamacloud_sync.rechecks as job
    where job.source = ${source} and job.seen_at is not null and job.gone_at is null
    order by job.due_at
    limit ${MOST_COUNTED}
  ) as counted
)`

/** Of a source: jobs that are not finished, up to MOST_COUNTED, and jobs that are missing and not marked as deleted. */
export async function countRechecks(
  pool: Pool,
  source: string,
): Promise<{ readonly openJobs: number; readonly held: number }> {
  const { rows } = await transaction(pool, (client) =>
    client.query<{ openJobs: number; held: number }>(
      `select ${openJobsOf('$1')} as "openJobs", (
        select count(*) from llamacloud_sync.rechecks
        where source = $1 and missed_at is not null and gone_at is null
      ) as held`,
      [source],
    ),
  )
  return rows[0] ?? { openJobs: 0, held: 0 }
}
