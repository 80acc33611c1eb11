import type { Pool, PoolClient } from 'pg'
import { formatInstant, type Instant } from '../values/instant.ts'
import { idsOf } from './query.ts'

/**
 * When an open job is asked for again: at every cycle while it was noted less than five minutes ago, later after a tenth
 * of the time since, at most six hours. In SQL; $3 is the present.
 */
export const nextTime = (noted: string) => `
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
  due_at = case when known.reason is null then ${nextTime('known.noted_at')} else known.due_at end
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
  where source = $1 and job_id = any ($2::text[]) and (reason is null or seen_at is not null)
  for update skip locked
))
`

/**
 * Drops jobs that were just seen in a terminal status. One that was set aside in it stays until its id is answered: a listing
 * says nothing of that.
 */
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
where (known.missed_at is null or known.missed_at = 'infinity') and known.gone_at is null and known.reason is null
  and known.due_at > excluded.due_at
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
