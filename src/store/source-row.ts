import type { Pool, PoolClient } from 'pg'
import { transaction } from './pool.ts'
import { query } from './query.ts'

/** What a source is read from. Two scopes are never mixed under one name. */
export interface Scope {
  readonly list: string
  readonly baseUrl: string
  readonly projectId: string | null
  readonly organizationId: string | null
  readonly configurationId: string | null
}

const SCOPE = 'list, base_url, project_id, organization_id, configuration_id'

/** The row of a source. */
export interface SourceRow extends Scope {
  /** Names that it had before: jobs that it delivered then bear them. Not those that another source bears by now. */
  readonly formerNames: readonly string[]
}

export const SOURCE_ROW = `
  list,
  base_url as "baseUrl",
  project_id as "projectId",
  organization_id as "organizationId",
  configuration_id as "configurationId",
  array(
    select former from unnest(former_names) as former
    where former not in (select name from llamacloud_sync.sources)
  ) as "formerNames"`

export async function loadSourceRow(
  connection: Pool | PoolClient,
  name: string,
): Promise<SourceRow | undefined> {
  const select = `select ${SOURCE_ROW} from llamacloud_sync.sources where name = $1`
  const [row] = await query<SourceRow>(connection, select, [name])
  return row
}

function valuesOf({ list, baseUrl, projectId, organizationId, configurationId }: Scope): (string | null)[] {
  return [list, baseUrl, projectId, organizationId, configurationId]
}

/**
 * Waits for every commit that moves another source's `settled_until`, and goes before those to come: a reader that knows
 * one of theirs knows of this source too (I15).
 */
const LOCK = 'lock table llamacloud_sync.sources in share row exclusive mode'

/** What it will store is observed after all that any source was settled to. */
const INSERT = `
insert into llamacloud_sync.sources (name, ${SCOPE}, settled_until)
select $1, $2, $3, $4, $5, $6, greatest(clock_timestamp(), max(settled_until)) from llamacloud_sync.sources
on conflict (name) do nothing
`

export async function insertSource(pool: Pool, name: string, scope: Scope): Promise<void> {
  await transaction(pool, async (client) => {
    await client.query(LOCK)
    await client.query(INSERT, [name, ...valuesOf(scope)])
  })
}

const DROP = `
delete from llamacloud_sync.sources
where name = $1
  and (lease_owner is null or lease_expires_at <= clock_timestamp())
  and not exists (select from llamacloud_sync.source_projects where source = $1)
  and not exists (select from llamacloud_sync.rejects where source = $1)
  and not exists (
    select from llamacloud_sync.spans where source = $1 and read_at is not null and items is distinct from 0
  )
`

/** Removes a source that has delivered nothing, unless a worker is at it. Returns whether it did. */
export async function dropEmptySource(pool: Pool, name: string): Promise<boolean> {
  const { rowCount } = await transaction(pool, (client) => client.query(DROP, [name]))
  return rowCount !== 0
}

const TWINS = `
select name from llamacloud_sync.sources
where (${SCOPE}) is not distinct from ($2, $3, $4, $5, $6) and name <> $1
order by last_success_at desc nulls last, name
`

/** The other sources of a scope, the one that was synced last first. */
export async function twinsOf(pool: Pool, name: string, scope: Scope): Promise<string[]> {
  const rows = await query<{ name: string }>(pool, TWINS, [name, ...valuesOf(scope)])
  return rows.map((row) => row.name)
}

const SET_SCOPE = `
update llamacloud_sync.sources
set (${SCOPE}) = ($2, $3, $4, $5, $6)
where name = $1 and (${SCOPE}) is not distinct from ($7, $8, $9, $10, $11)
`

/** Changes the scope of a source, if it is still the one given. */
export async function setScope(pool: Pool, name: string, from: Scope, to: Scope): Promise<void> {
  await query(pool, SET_SCOPE, [name, ...valuesOf(to), ...valuesOf(from)])
}

const BUSY = `
select name, coalesce(lease_expires_at > clock_timestamp(), false) as busy
from llamacloud_sync.sources
where name = any ($1::text[])
order by name
for update
`

const RENAME = `
update llamacloud_sync.sources
set name = $1, former_names = array_append(array_remove(former_names, $1), name)
where name = $2 and not exists (select from llamacloud_sync.sources where name = $1)
`

/** What one source remembers goes to the other, but for its timeline: that is of the same jobs. */
const ABSORB = [
  `update llamacloud_sync.rechecks as known set source = $1
  where source = $2 and not exists (
    select from llamacloud_sync.rechecks where source = $1 and job_id = known.job_id
  )`,
  `update llamacloud_sync.credit_checks as known set source = $1
  where source = $2 and not exists (
    select from llamacloud_sync.credit_checks where source = $1 and job_id = known.job_id
  )`,
  `update llamacloud_sync.rejects as known set source = $1
  where source = $2 and not exists (
    select from llamacloud_sync.rejects where source = $1 and fingerprint = known.fingerprint
  )`,
  'update llamacloud_sync.runs set source = $1 where source = $2',
  `update llamacloud_sync.sources as known
  set former_names = known.former_names || gone.name || gone.former_names
  from llamacloud_sync.sources as gone where known.name = $1 and gone.name = $2`,
  'delete from llamacloud_sync.sources where $1 <> $2 and name = $2',
]

/**
 * Gives sources of one scope and one key a new name: the first goes on under it, the others become part of that. Returns
 * the name of one that a worker is at, and then changes nothing.
 */
export function renameSources(pool: Pool, names: readonly string[], to: string): Promise<string | null> {
  return transaction(pool, async (client) => {
    await client.query(LOCK)
    const { rows } = await client.query<{ name: string; busy: boolean }>(BUSY, [names])
    const busy = rows.find((row) => row.busy)
    if (busy) return busy.name
    const [first, ...others] = names.filter((name) => rows.some((row) => row.name === name))
    if (first === undefined) return null
    await client.query(RENAME, [to, first])
    for (const other of others) for (const statement of ABSORB) await client.query(statement, [to, other])
    return null
  })
}
