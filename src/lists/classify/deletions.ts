import type { Pool, PoolClient } from 'pg'
import type { Suspicion } from '../../sync/job-list.ts'
import { formatInstant } from '../../values/instant.ts'
import { TERMINAL_STATUSES } from './upsert.ts'

const SUSPECT_UNWALKED = `
insert into llamacloud_sync.open_jobs (source, job_id, next_check_at, seen_at)
select
  $1, job.id, $3,
  greatest(case when job.created_at <= $3 then job.created_at end, $3::timestamptz - ($4 - job.first_seen_at))
from llamacloud.classify_jobs as job
where job.source = $1
  and job.deleted_at is null
  and job.first_seen_at < $2
  and not exists (
    select from llamacloud_sync.walked_jobs as walked
    where walked.source = $1 and walked.job_id = job.id
  )
order by job.id collate "C"
on conflict (source, job_id) do update set next_check_at = excluded.next_check_at
`

/**
 * See `JobList.suspectUnwalked`. Jobs stored since the walk began may lie behind it, and are left alone. The others count as
 * seen when they were created or first stored, whichever was later: the walk may have been answered from where a young one
 * did not show yet (A7), and a created_at may be absurd (A11).
 */
export async function suspectUnwalked(
  client: PoolClient,
  source: string,
  { walkBegan, now, dueAt }: Suspicion,
): Promise<number> {
  const times = [walkBegan, dueAt, now].map(formatInstant)
  const result = await client.query(SUSPECT_UNWALKED, [source, ...times])
  return result.rowCount ?? 0
}

const MARK_DELETED = `
with gone as (
  select id from llamacloud.classify_jobs
  where source = $1 and id = any ($2::text[]) and deleted_at is null
  order by id collate "C"
  for update
), forgotten as (
  delete from llamacloud_sync.open_jobs where job_id in (select id from gone)
)
update llamacloud.classify_jobs as job
set deleted_at = $3, synced_at = $3
from gone
where job.id = gone.id
`

/**
 * See `JobList.markDeleted`. synced_at moves too, so that a page asked for earlier does not lift the mark (I4). No other
 * source asks for it any more: one that has no jobs of its own could not tell the deletion from a wrong key.
 */
export async function markDeleted(
  client: PoolClient,
  source: string,
  ids: readonly string[],
  observedAt: string,
): Promise<number> {
  const result = await client.query(MARK_DELETED, [source, ids, observedAt])
  return result.rowCount ?? 0
}

/**
 * Jobs that the API should show if it shows what it did when the missing ones were stored: those of the same projects,
 * or known for at least as long. Jobs that came with the key of another project are neither.
 */
const CONTROLS = `
with missed as (
  select job.id, coalesce(job.project_id, '') as project, job.first_seen_at
  from llamacloud_sync.open_jobs as open
  join llamacloud.classify_jobs as job on job.id = open.job_id
  where open.source = $1 and open.missed_in_run = $2
)
select id from llamacloud.classify_jobs as job
where source = $1 and deleted_at is null
  and not exists (select from missed where missed.id = job.id)
  and (
    coalesce(project_id, '') in (select project from missed)
    or first_seen_at <= (select max(first_seen_at) from missed)
  )
order by (status = any ($3::text[])) is true desc, created_at desc nulls last, id
limit $4 offset $5
`

/** See `JobList.controlIds`. */
export async function controlIds(
  pool: Pool,
  source: string,
  { run, limit, offset }: { run: number; limit: number; offset: number },
): Promise<string[]> {
  const { rows } = await pool.query<{ id: string }>(CONTROLS, [source, run, TERMINAL_STATUSES, limit, offset])
  return rows.map((row) => row.id)
}
