import type { Pool, PoolClient } from 'pg'
import { formatInstant, type Instant } from '../values/instant.ts'
import { idsOf, query } from './query.ts'
import type { Bounds } from './spans.ts'

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
 * none of the other's rows (I14). The values stand as they are, so that the planner knows how many rows each leads to.
 */
const owned = ({ name: table, byConfiguration }: JobTable, columns: string, wanted: string) => `(
    (select ${columns} from ${table}
    where $3::text is null and project_id = any ($2::text[]) and deleted_at is null and ${wanted})
    ${
      byConfiguration
        ? `union all
    (select ${columns} from ${table}
    where configuration_id = $3 and configuration_id is not null and project_id = any ($2::text[])
      and deleted_at is null and ${wanted})`
        : ''
    }
    union all
    (select ${columns} from ${table}
    where source = any ($1::text[]) and nullif(project_id, '') is null and ${isNarrowed(byConfiguration)}
      and deleted_at is null and ${wanted})
  ) as owned`

/** Whether a job is of the configuration that the source is narrowed to, if it is. */
const isNarrowed = (byConfiguration: boolean) =>
  `($3::text is null ${byConfiguration ? 'or configuration_id = $3' : ''})`

/** The same in the order of their created_at, this many of each project, configuration and name. */
const ownedInOrder = ({ name: table, byConfiguration }: JobTable, wanted: string, order: string) => {
  const of = (owner: string) => `cross join lateral (
      select id, created_at from ${table}
      where ${owner} and deleted_at is null and ${wanted}
      order by ${order}
    ) as job`
  return `(
    select job.* from unnest(case when $3::text is null then $2::text[] end) as owner(project)
    ${of('project_id = owner.project')}
    ${
      byConfiguration
        ? `union all
    select job.* from (values ($3::text)) as owner(configuration)
    ${of('configuration_id = owner.configuration and configuration_id is not null and project_id = any ($2::text[])')}`
        : ''
    }
    union all
    select job.* from unnest($1::text[]) as owner(name)
    ${of(`source = owner.name and nullif(project_id, '') is null and ${isNarrowed(byConfiguration)}`)}
  ) as owned`
}

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
export function storedIn(
  connection: Pool | PoolClient,
  table: JobTable,
  owner: Owner,
  { lower, upper, storedBefore }: StoredIn,
): Promise<string[]> {
  return idsOf(
    connection,
    `select id from ${owned(table, 'id', 'created_at >= $4 and created_at <= $5 and first_seen_at <= $6')}`,
    [
      ...ownerValues(owner),
      formatInstant(lower),
      upper === null ? 'infinity' : formatInstant(upper),
      formatInstant(storedBefore),
    ],
  )
}

/** How many jobs are stored as existing in a span, counted up to `limit`. */
export async function countIn(
  pool: Pool,
  table: JobTable,
  owner: Owner,
  { lower, upper, limit }: Bounds & { readonly limit: number },
): Promise<number> {
  const [row] = await query<{ count: number }>(
    pool,
    `select count(*) from (
      select from ${owned(table, 'id', 'created_at >= $4 and created_at <= $5 limit $6')} limit $6
    ) as stored`,
    [...ownerValues(owner), formatInstant(lower), formatInstant(upper), limit],
  )
  return row?.count ?? 0
}

/** Jobs of a span that bear a former name of the source get its name of today: a change like others, for those who copy rows. */
export async function adopt(
  client: PoolClient,
  table: JobTable,
  owner: Owner,
  { lower, upper, at }: Bounds & { readonly at: string },
): Promise<void> {
  const [present, ...former] = owner.names
  const inSpan = 'created_at >= $4 and created_at <= $5 and source = any ($6::text[])'
  const ids = await idsOf(
    client,
    `select id from ${owned(table, 'id', inSpan)}
    union all
    select id from ${table.name} where deleted_at is not null and ${inSpan}`,
    [...ownerValues(owner), formatInstant(lower), formatInstant(upper), former],
  )
  await client.query(
    `update ${table.name} set source = $2, synced_at = greatest(synced_at, $3)
    where id = any ($1::text[]) and source = any ($4::text[])`,
    [ids, present, at, former],
  )
}

/** Ids of stored jobs that no span holds: they have no created_at, or one from before the timeline. */
export function idsOutside(pool: Pool, table: JobTable, owner: Owner, begin: Instant): Promise<string[]> {
  return idsOf(
    pool,
    `(select id from ${owned(table, 'id', 'created_at is null limit 10000')} limit 10000)
    union all
    (select id from ${ownedInOrder(table, 'created_at < $4', 'created_at desc limit 10000')}
    order by created_at desc limit 10000)`,
    [...ownerValues(owner), formatInstant(begin)],
  )
}

/** The oldest stored jobs of a span. */
export function oldestIn(
  pool: Pool,
  table: JobTable,
  owner: Owner,
  { lower, upper, limit }: Bounds & { readonly limit: number },
): Promise<string[]> {
  return idsOf(
    pool,
    `select id from ${ownedInOrder(table, 'created_at >= $4 and created_at <= $5', 'created_at limit $6')}
    order by created_at limit $6`,
    [...ownerValues(owner), formatInstant(lower), formatInstant(upper), limit],
  )
}
