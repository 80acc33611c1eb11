import type { Pool, PoolClient } from 'pg'
import type { JobTable } from './listed-jobs.ts'
import { inTransaction, transaction } from './pool.ts'
import { NO_PROJECT } from './projects.ts'

/** The project of each stored job. */
export async function projectsOf(
  pool: Pool,
  { name }: JobTable,
  ids: readonly string[],
): Promise<Map<string, string>> {
  const { rows } = await transaction(pool, (client) =>
    client.query<{ id: string; projectId: string | null }>(
      `select id, project_id as "projectId" from ${name} where id = any ($1::text[])`,
      [ids],
    ),
  )
  return new Map(rows.map(({ id, projectId }) => [id, projectId ?? NO_PROJECT]))
}

/** How many of these jobs are stored. */
export async function countStored(
  connection: Pool | PoolClient,
  { name }: JobTable,
  ids: readonly string[],
): Promise<number> {
  const { rows } = await inTransaction(connection, (client) =>
    client.query<{ count: number }>(`select count(*) from ${name} where id = any ($1::text[])`, [ids]),
  )
  return rows[0]?.count ?? 0
}

/** The created_at of the earliest and the latest of these jobs; null when none is stored with one. */
export async function extentOf(
  pool: Pool,
  { name }: JobTable,
  ids: readonly string[],
): Promise<{ lower: string; upper: string } | null> {
  const { rows } = await transaction(pool, (client) =>
    client.query<{ lower: string | null; upper: string | null }>(
      `select min(created_at) as lower, max(created_at) as upper from ${name} where id = any ($1::text[])`,
      [ids],
    ),
  )
  const { lower, upper } = rows[0] ?? { lower: null, upper: null }
  return lower === null || upper === null ? null : { lower, upper }
}
