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

/**
 * The jobs of an owner that are stored as existing, from each index that leads to them: a source beside a busy one reads
 * none of the other's rows (I14). `wanted` narrows each of these questions, and may limit it.
 */
const owned = ({ name, byConfiguration }: JobTable, columns: string, wanted: string) => `(
    select job.* from unnest(case when $3::text is null then $2::text[] end) as owner(project)
    cross join lateral (
      select ${columns} from ${name}
      where project_id = owner.project and deleted_at is null and ${wanted}
    ) as job
    ${byConfiguration ? ofConfiguration(name, columns, wanted) : ''}
    union all
    select job.* from unnest($1::text[]) as owner(name)
    cross join lateral (
      select ${columns} from ${name}
      where source = owner.name and nullif(project_id, '') is null
        and ($3::text is null ${byConfiguration ? 'or configuration_id = $3' : ''})
        and deleted_at is null and ${wanted}
    ) as job
  ) as owned`

const ofConfiguration = (name: string, columns: string, wanted: string) => `
    union all
    select job.* from (values ($3::text)) as owner(configuration)
    cross join lateral (
      select ${columns} from ${name}
      where configuration_id = owner.configuration and configuration_id is not null and project_id = any ($2::text[])
        and deleted_at is null and ${wanted}
    ) as job`

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

/** Ids of jobs that are stored as existing and were created in a span. */
export async function storedIn(
  connection: Pool | PoolClient,
  table: JobTable,
  owner: Owner,
  { lower, upper, storedBefore }: StoredIn,
): Promise<string[]> {
  const { rows } = await inTransaction(connection, (client) =>
    client.query<{ id: string }>(
      `select id from ${owned(table, 'id', 'created_at >= $4 and created_at <= $5 and first_seen_at <= $6')}`,
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
        select from ${owned(table, 'id', 'created_at >= $4 and created_at <= $5 limit $6')} limit $6
      ) as stored`,
      [...ownerValues(owner), formatInstant(lower), formatInstant(upper), limit],
    ),
  )
  return rows[0]?.count ?? 0
}

/** Jobs of a span that bear a former name of the source get its name of today: a change like others, for those who copy rows. */
export async function adopt(
  client: PoolClient,
  table: JobTable,
  owner: Owner,
  { lower, upper, at }: { readonly lower: Instant; readonly upper: Instant; readonly at: string },
): Promise<void> {
  const [present, ...former] = owner.names
  const inSpan = 'created_at >= $4 and created_at <= $5 and source = any ($6::text[])'
  await client.query(
    `with renamed as (
      select id from ${table.name}
      where id = any (array(
        select id from ${owned(table, 'id', inSpan)}
        union all
        select id from ${table.name} where deleted_at is not null and ${inSpan}
      ))
      order by id collate "C"
      for update
    )
    update ${table.name} as job set source = $7, synced_at = greatest(job.synced_at, $8) from renamed where job.id = renamed.id`,
    [...ownerValues(owner), formatInstant(lower), formatInstant(upper), former, present, at],
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
      `(select id from ${owned(table, 'id', 'created_at is null limit 10000')} limit 10000)
      union all
      (select id from ${owned(table, 'id, created_at', 'created_at < $4 order by created_at desc limit 10000')}
      order by created_at desc limit 10000)`,
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
      `select id from ${owned(table, 'id, created_at', 'created_at >= $4 and created_at <= $5 order by created_at limit $6')}
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
