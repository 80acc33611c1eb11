import type { Pool, PoolClient } from 'pg'
import { formatInstant, type Instant } from '../values/instant.ts'
import { inTransaction, transaction } from './pool.ts'
import { NO_PROJECT } from './projects.ts'

/** The table of a list's jobs, which the worker's own tables are joined with. */
export interface JobTable {
  /** With its schema, as SQL has it. */
  readonly name: string
  /** Whether its jobs have a configuration_id that a source can be narrowed to. */
  readonly byConfiguration: boolean
}

/** Whose jobs are a source's to look after: those of its projects, and those without a project that it delivered. */
export interface Owner {
  /** The source's name, and those that it had before. */
  readonly names: readonly string[]
  readonly projects: readonly string[]
  /** The configuration that the source is narrowed to. */
  readonly configurationId: string | null
}

const owned = ({ byConfiguration }: JobTable) => `
  (project_id = any ($2::text[]) or (nullif(project_id, '') is null and source = any ($1::text[])))
  and ($3::text is null ${byConfiguration ? 'or configuration_id = $3' : ''})
  and deleted_at is null`

function ownerValues({ names, projects, configurationId }: Owner): unknown[] {
  return [names, projects, configurationId]
}

export interface StoredIn {
  readonly lower: Instant
  /** null: no upper end. */
  readonly upper: Instant | null
  /** Jobs first stored after this, by the database's clock, are left out. */
  readonly storedBefore: Instant
}

/** Ids of jobs that are stored as existing and were created in a span, by the index on created_at. */
export async function storedIn(
  connection: Pool | PoolClient,
  table: JobTable,
  owner: Owner,
  { lower, upper, storedBefore }: StoredIn,
): Promise<string[]> {
  const { rows } = await inTransaction(connection, (client) =>
    client.query<{ id: string }>(
      `select id from ${table.name}
      where created_at >= $4 and created_at <= $5 and first_seen_at <= $6 and ${owned(table)}`,
      [
        ...ownerValues(owner),
        formatInstant(lower),
        upper === null ? 'infinity' : formatInstant(upper),
        formatInstant(storedBefore),
      ],
    ),
  )
  return rows.map(({ id }) => id)
}

/** How many jobs are stored as existing in a span, counted up to `limit`. */
export async function countIn(
  pool: Pool,
  table: JobTable,
  owner: Owner,
  { lower, upper, limit }: { readonly lower: Instant; readonly upper: Instant; readonly limit: number },
): Promise<number> {
  const { rows } = await transaction(pool, (client) =>
    client.query<{ count: number }>(
      `select count(*) from (
        select from ${table.name} where created_at >= $4 and created_at <= $5 and ${owned(table)} limit $6
      ) as stored`,
      [...ownerValues(owner), formatInstant(lower), formatInstant(upper), limit],
    ),
  )
  return rows[0]?.count ?? 0
}

/** Jobs of a span that bear a former name of the source get its name of today. */
export async function adopt(
  client: PoolClient,
  { name }: JobTable,
  { names: [present, ...former] }: Owner,
  { lower, upper }: { readonly lower: Instant; readonly upper: Instant },
): Promise<void> {
  await client.query(
    `with renamed as (
      select id from ${name}
      where created_at >= $3 and created_at <= $4 and source = any ($2::text[])
      order by id collate "C"
      for update
    )
    update ${name} as job set source = $1 from renamed where job.id = renamed.id`,
    [present, former, formatInstant(lower), formatInstant(upper)],
  )
}

/** Ids of stored jobs that no span holds: they have no created_at, or one from before the timeline. */
export async function idsOutside(
  pool: Pool,
  table: JobTable,
  owner: Owner,
  begin: Instant,
): Promise<string[]> {
  const { rows } = await transaction(pool, (client) =>
    client.query<{ id: string }>(
      `(select id from ${table.name} where created_at is null and ${owned(table)} limit 10000)
      union all
      (select id from ${table.name} where created_at < $4 and ${owned(table)} order by created_at desc limit 10000)`,
      [...ownerValues(owner), formatInstant(begin)],
    ),
  )
  return rows.map(({ id }) => id)
}

/** The oldest stored jobs of a span. */
export async function oldestIn(
  pool: Pool,
  table: JobTable,
  owner: Owner,
  { lower, upper, limit }: { readonly lower: Instant; readonly upper: Instant; readonly limit: number },
): Promise<string[]> {
  const { rows } = await transaction(pool, (client) =>
    client.query<{ id: string }>(
      `select id from ${table.name}
      where created_at >= $4 and created_at <= $5 and ${owned(table)}
      order by created_at limit $6`,
      [...ownerValues(owner), formatInstant(lower), formatInstant(upper), limit],
    ),
  )
  return rows.map(({ id }) => id)
}

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
export async function countStored(pool: Pool, { name }: JobTable, ids: readonly string[]): Promise<number> {
  const { rows } = await transaction(pool, (client) =>
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
