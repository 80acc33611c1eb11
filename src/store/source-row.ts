import type { Pool, PoolClient } from 'pg'
import { ScopeChangedError } from '../errors.ts'
import { transaction } from './pool.ts'

/** What a source is read from. Two scopes are never mixed under one name. */
export interface Scope {
  readonly list: string
  readonly baseUrl: string
  readonly projectId: string | null
  readonly organizationId: string | null
  readonly configurationId: string | null
}

const SETTINGS: Readonly<Record<keyof Scope, string>> = {
  list: 'SYNC_LISTS',
  baseUrl: 'LLAMA_CLOUD_BASE_URL (or LLAMA_CLOUD_REGION)',
  projectId: 'LLAMA_CLOUD_PROJECT_ID',
  organizationId: 'LLAMA_CLOUD_ORGANIZATION_ID',
  configurationId: 'LLAMA_CLOUD_CONFIGURATION_ID',
}

const SCOPE = ['list', 'base_url', 'project_id', 'organization_id', 'configuration_id'].join(', ')

const SELECT = `
select
  list,
  base_url as "baseUrl",
  project_id as "projectId",
  organization_id as "organizationId",
  configuration_id as "configurationId",
  -- Not those that another source bears by now.
  array(
    select former from unnest(former_names) as former
    where former not in (select name from llamacloud_sync.sources)
  ) as "formerNames"
from llamacloud_sync.sources
where name = $1
`

const TWIN = `
select name, coalesce(lease_expires_at > clock_timestamp(), false) as busy
from llamacloud_sync.sources
where (${SCOPE}) is not distinct from ($2, $3, $4, $5, $6) and name <> $1
order by last_success_at desc nulls last
limit 1
for update
`

const RENAME = `
update llamacloud_sync.sources
set name = $1, former_names = array_append(array_remove(former_names, $1), name)
where name = $2
`

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

/** The row of a source. */
export interface SourceRow {
  /** Names that it had before: jobs that it delivered then bear them. */
  readonly formerNames: readonly string[]
  /** The name under which it was synced until now; null unless this run has changed it. */
  readonly renamedFrom: string | null
}

/**
 * Makes the row of a source, or holds the scope of an earlier run against today's settings. A name that is new over a scope
 * that is known is a new name of that source: its coverage goes on, and nothing is read twice.
 *
 * @throws ScopeChangedError when the scope differs, or a worker is at it under another name
 */
export async function ensureSource(pool: Pool, name: string, scope: Scope): Promise<SourceRow> {
  const { list, baseUrl, projectId, organizationId, configurationId } = scope
  const values = [name, list, baseUrl, projectId, organizationId, configurationId]
  return transaction(pool, async (client) => {
    let renamedFrom: string | null = null
    let stored = await loadScope(client, name)
    if (!stored) {
      await client.query(LOCK)
      renamedFrom = await renameTwin(client, values)
      await client.query(INSERT, values)
      stored = await loadScope(client, name)
    }
    if (stored) assertSameScope(name, stored, scope)
    return { formerNames: stored?.formerNames ?? [], renamedFrom }
  })
}

/** Names that a source had before. */
export async function formerNames(pool: Pool, name: string): Promise<readonly string[]> {
  const stored = await transaction(pool, (client) => loadScope(client, name))
  return stored?.formerNames ?? []
}

async function loadScope(client: PoolClient, name: string) {
  const { rows } = await client.query<Scope & { formerNames: string[] }>(SELECT, [name])
  return rows[0]
}

/** Returns the name that the source of this scope had. */
async function renameTwin(client: PoolClient, values: readonly (string | null)[]): Promise<string | null> {
  const { rows } = await client.query<{ name: string; busy: boolean }>(TWIN, [...values])
  const [twin] = rows
  if (!twin) return null
  const [name] = values
  if (twin.busy)
    throw new ScopeChangedError(
      `The source "${name}" has the scope of the source "${twin.name}", which a worker is reading now. One scope has one name: ` +
        `set SYNC_SOURCE=${twin.name}, or stop that worker to go on under the new name.`,
    )
  await client.query(RENAME, [name, twin.name])
  return twin.name
}

function assertSameScope(name: string, stored: Scope, given: Scope): void {
  const differing = (Object.keys(SETTINGS) as (keyof Scope)[]).filter((key) => stored[key] !== given[key])
  if (differing.length === 0) return
  const list = differing.map(
    (key) => `  ${SETTINGS[key]}: stored ${stored[key] ?? 'none'}, now ${given[key] ?? 'none'}`,
  )
  throw new ScopeChangedError(
    `The source "${name}" was synced with another scope, and two scopes are never mixed under one name:\n` +
      `${list.join('\n')}\n` +
      'Either set these back, or name the new scope with SYNC_SOURCE=another-name: it gets a coverage of its own, ' +
      'and jobs that both scopes hold are stored once.',
  )
}
