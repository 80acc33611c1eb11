import type { Pool } from 'pg'
import { ScopeChangedError } from '../errors.ts'
import { transaction } from './pool.ts'

/** What a source is read from. Two scopes are never mixed under one name. */
export interface Scope {
  readonly baseUrl: string
  readonly projectId: string | null
  readonly organizationId: string | null
  readonly configurationId: string | null
}

const SETTINGS: Readonly<Record<keyof Scope, string>> = {
  baseUrl: 'LLAMA_CLOUD_BASE_URL (or LLAMA_CLOUD_REGION)',
  projectId: 'LLAMA_CLOUD_PROJECT_ID',
  organizationId: 'LLAMA_CLOUD_ORGANIZATION_ID',
  configurationId: 'LLAMA_CLOUD_CONFIGURATION_ID',
}

const INSERT = `
insert into llamacloud_sync.sources (name, base_url, project_id, organization_id, configuration_id)
values ($1, $2, $3, $4, $5)
on conflict (name) do nothing
`

const SELECT = `
select
  base_url as "baseUrl",
  project_id as "projectId",
  organization_id as "organizationId",
  configuration_id as "configurationId"
from llamacloud_sync.sources
where name = $1
`

/**
 * Makes the row of a source, or holds the scope of an earlier run against today's settings.
 *
 * @throws ScopeChangedError when they differ.
 */
export async function ensureSource(pool: Pool, name: string, scope: Scope): Promise<void> {
  const { baseUrl, projectId, organizationId, configurationId } = scope
  const stored = await transaction(pool, async (client) => {
    await client.query(INSERT, [name, baseUrl, projectId, organizationId, configurationId])
    const { rows } = await client.query<Scope>(SELECT, [name])
    return rows[0]
  })
  if (stored) assertSameScope(name, stored, scope)
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
