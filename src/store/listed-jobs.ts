import type { Pool, PoolClient } from 'pg'
import { formatInstant, type Instant } from '../values/instant.ts'

/** The table of a list's jobs, which the worker's own tables are joined with. */
export interface JobTable {
  /** With its schema, as SQL has it. */
  readonly name: string
  /** Statuses in which a job no longer changes. */
  readonly terminalStatuses: readonly string[]
}

export interface Suspicion {
  /** By the database's clock, as `now`. */
  readonly walkBegan: Instant
  readonly now: Instant
  /** When the jobs are to be asked for: `now` by the API's clock. */
  readonly dueAt: Instant
}

/**
 * Puts the source's jobs that a walk has not come by among the open jobs, to be asked for by id. Returns how many.
 * Jobs stored since the walk began may lie behind it, and are left alone. The others count as seen when they were created
 * or first stored, whichever was later: the walk may have been answered from where a young one did not show yet (A7), and a
 * created_at may be absurd (A11).
 */
export async function suspectUnwalked(
  client: PoolClient,
  { name }: JobTable,
  source: string,
  { walkBegan, now, dueAt }: Suspicion,
): Promise<number> {
  const result = await client.query(
    `insert into llamacloud_sync.open_jobs (source, job_id, next_check_at, seen_at)
    select
      $1, job.id, $3,
      greatest(case when job.created_at <= $3 then job.created_at end, $3::timestamptz - ($4 - job.first_seen_at))
    from ${name} as job
    where job.source = $1
      and job.deleted_at is null
      and job.first_seen_at < $2
      and not exists (
        select from llamacloud_sync.walked_jobs as walked
        where walked.source = $1 and walked.job_id = job.id
      )
    order by job.id collate "C"
    on conflict (source, job_id) do update set next_check_at = excluded.next_check_at`,
    [source, ...[walkBegan, dueAt, now].map(formatInstant)],
  )
  return result.rowCount ?? 0
}

/**
 * Marks stored jobs as deleted upstream, and leaves what they hold as it was (I13). Returns how many were not marked
 * before. synced_at moves too, so that a page asked for earlier does not lift the mark (I4). No other source asks for
 * it any more: one that has no jobs of its own could not tell the deletion from a wrong key.
 */
export async function markDeleted(
  client: PoolClient,
  { name }: JobTable,
  source: string,
  gone: { readonly ids: readonly string[]; readonly observedAt: string },
): Promise<number> {
  const result = await client.query(
    `with gone as (
      select id from ${name}
      where source = $1 and id = any ($2::text[]) and deleted_at is null
      order by id collate "C"
      for update
    ), forgotten as (
      delete from llamacloud_sync.open_jobs where job_id in (select id from gone)
    )
    update ${name} as job
    set deleted_at = $3, synced_at = $3
    from gone
    where job.id = gone.id`,
    [source, gone.ids, gone.observedAt],
  )
  return result.rowCount ?? 0
}

/**
 * Ids of jobs that are stored as existing and are like those that `run` noted as missing: those of the same projects, or
 * known for at least as long. A sound API that shows what it did when the missing ones were stored returns them; jobs that
 * came with the key of another project are neither. Terminal ones first, the newest first.
 */
export async function controlIds(
  pool: Pool,
  { name, terminalStatuses }: JobTable,
  source: string,
  { run, limit, offset }: { readonly run: number; readonly limit: number; readonly offset: number },
): Promise<string[]> {
  const { rows } = await pool.query<{ id: string }>(
    `with missed as (
      select job.id, coalesce(job.project_id, '') as project, job.first_seen_at
      from llamacloud_sync.open_jobs as open
      join ${name} as job on job.id = open.job_id
      where open.source = $1 and open.missed_in_run = $2
    )
    select id from ${name} as job
    where source = $1 and deleted_at is null
      and not exists (select from missed where missed.id = job.id)
      and (
        coalesce(project_id, '') in (select project from missed)
        or first_seen_at <= (select max(first_seen_at) from missed)
      )
    order by (status = any ($3::text[])) is true desc, created_at desc nulls last, id
    limit $4 offset $5`,
    [source, run, terminalStatuses, limit, offset],
  )
  return rows.map((row) => row.id)
}

/** Ids of jobs that are stored as existing, in a stable order, those after a given one. */
export async function storedIds(
  pool: Pool,
  { name }: JobTable,
  source: string,
  { after, limit }: { readonly after: string; readonly limit: number },
): Promise<string[]> {
  const { rows } = await pool.query<{ id: string }>(
    `select id from ${name}
    where source = $1 and deleted_at is null and id > $2
    order by id
    limit $3`,
    [source, after, limit],
  )
  return rows.map((row) => row.id)
}
