import type { Pool, PoolClient } from 'pg'
import { formatInstant, type Instant } from '../values/instant.ts'
import { idsOf } from './query.ts'

export interface CreditCheck {
  readonly id: string
  readonly at: Instant
}

/** After so many requests that failed, a job is asked for once a week. */
const MOST_FAILURES = 6

/** In SQL: whether a job is noted. */
export const isCreditCheck = (source: string, id: string) =>
  `exists (select from llamacloud_sync.credit_checks where source = ${source} and job_id = ${id})`

const NOTE = `
insert into llamacloud_sync.credit_checks as known (source, job_id, due_at)
select $1, job_id, due_at
from unnest($2::text[], $3::timestamptz[]) as item(job_id, due_at)
order by job_id collate "C"
on conflict (source, job_id) do update
set due_at = excluded.due_at
where known.due_at = 'infinity' and known.job_id = any ($4::text[])
`

/**
 * Notes finished jobs without credits, each with its first time. What is known already keeps its time, but where it was to
 * be asked for no more and has changed: it may be billed now.
 */
export async function noteUnbilled(
  client: PoolClient,
  source: string,
  checks: readonly (CreditCheck & { readonly hasChanged: boolean })[],
): Promise<void> {
  if (checks.length === 0) return
  const changed = checks.flatMap(({ id, hasChanged }) => (hasChanged ? [id] : []))
  await client.query(NOTE, [source, ...arraysOf(checks), changed])
}

const DUE = `
select job_id as id from llamacloud_sync.credit_checks
where source = $1 and due_at <= $2
order by due_at desc
limit $3
`

/** Ids that are due, the latest due first: years of history do not keep today's jobs waiting. */
export function dueCreditChecks(pool: Pool, source: string, now: Instant, limit: number): Promise<string[]> {
  return idsOf(pool, DUE, [source, formatInstant(now), limit])
}

const ANSWERED = `
update llamacloud_sync.credit_checks as known
set due_at = coalesce(item.due_at, 'infinity'), failures = 0
from unnest($2::text[], $3::timestamptz[]) as item(job_id, due_at)
where known.source = $1 and known.job_id = item.job_id
`

/** Notes jobs that were asked for, each with its next time; without one it is asked for no more. */
export async function noteAnswered(
  client: PoolClient,
  source: string,
  checks: readonly { readonly id: string; readonly at: Instant | undefined }[],
): Promise<void> {
  if (checks.length > 0) await client.query(ANSWERED, [source, ...arraysOf(checks)])
}

/**
 * A request for a job failed: it is asked for again in an hour, later in twice as long, at most a day, six times in all, and
 * then every week, since an API may fail for days.
 */
export async function noteFailure(
  client: PoolClient,
  source: string,
  id: string,
  now: Instant,
): Promise<void> {
  await client.query(
    `update llamacloud_sync.credit_checks
    set failures = failures + 1, due_at = case
      when failures >= ${MOST_FAILURES - 1} then $3::timestamptz + interval '7 days'
      else $3::timestamptz + least(interval '1 day', interval '1 hour' * power(2, failures))
    end
    where source = $1 and job_id = $2`,
    [source, id, formatInstant(now)],
  )
}

/** Drops jobs that need not be asked for. */
export async function dropCreditChecks(
  client: PoolClient,
  source: string,
  ids: readonly string[],
): Promise<void> {
  if (ids.length === 0) return
  await client.query(
    'delete from llamacloud_sync.credit_checks where source = $1 and job_id = any ($2::text[])',
    [source, ids],
  )
}

function arraysOf(checks: readonly { readonly id: string; readonly at: Instant | undefined }[]) {
  return [
    checks.map(({ id }) => id),
    checks.map(({ at }) => (at === undefined ? null : formatInstant(at))),
  ] as const
}
