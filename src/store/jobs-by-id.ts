import type { Pool, PoolClient } from 'pg'
import type { JobTable } from './listed-jobs.ts'
import { NO_PROJECT } from './projects.ts'
import { query } from './query.ts'

/** The project of each stored job. */
export async function projectsOf(
  pool: Pool,
  { name }: JobTable,
  ids: readonly string[],
): Promise<Map<string, string>> {
  const rows = await query<{ id: string; projectId: string | null }>(
    pool,
    `select id, project_id as "projectId" from ${name} where id = any ($1::text[])`,
    [ids],
  )
  return new Map(rows.map(({ id, projectId }) => [id, projectId ?? NO_PROJECT]))
}

/** How many of these jobs are stored. */
export async function countStored(
  connection: Pool | PoolClient,
  { name }: JobTable,
  ids: readonly string[],
): Promise<number> {
  const counting = `select count(*) from ${name} where id = any ($1::text[])`
  const [row] = await query<{ count: number }>(connection, counting, [ids])
  return row?.count ?? 0
}

/** The created_at of the earliest and the latest of these jobs; null when none is stored with one. */
export async function extentOf(
  pool: Pool,
  { name }: JobTable,
  ids: readonly string[],
): Promise<{ lower: string; upper: string } | null> {
  const [row] = await query<{ lower: string | null; upper: string | null }>(
    pool,
    `select min(created_at) as lower, max(created_at) as upper from ${name} where id = any ($1::text[])`,
    [ids],
  )
  const { lower, upper } = row ?? { lower: null, upper: null }
  return lower === null || upper === null ? null : { lower, upper }
}

/** By their created_at, how many jobs are stored after each one's predecessor and up to it, counted up to `limit`; those without one are left out. */
export function gapsBetween(
  pool: Pool,
  { name }: JobTable,
  ids: readonly string[],
  limit: number,
): Promise<{ readonly id: string; readonly gap: number }[]> {
  return query(
    pool,
    `select id, (
      select count(*)::int from (
        select from ${name} as other where other.created_at > job.before and other.created_at <= job.created_at limit $2
      ) as stored
    ) as gap
    from (
      select id, created_at, lag(created_at) over (order by created_at, id) as before
      from ${name} where id = any ($1::text[]) and created_at is not null
    ) as job
    order by created_at, id`,
    [ids, limit],
  )
}
