import type { Pool } from 'pg'
import { transaction } from '../../store/pool.ts'
import { isAwaited } from '../../store/rechecks.ts'
import type { Comparison, FieldDifference } from '../../sync/job-list.ts'
import { arraysOf, KEY_AND_CONTENT, KNOWN_CONTENT, namesOf, unnestedOf, valuesOf } from './columns.ts'
import type { Job } from './job.ts'
import { TERMINAL_STATUSES } from './newest.ts'

const differing = (field: string, api: string, stored: string) => `
    case when ${api} is distinct from ${stored} then
      jsonb_build_object('field', '${field}', 'api', to_jsonb(${api}), 'stored', to_jsonb(${stored}))
    end`

const RULES = `(
    select jsonb_agg(jsonb_build_array(position, type, description) order by position)
    from llamacloud.classify_rules as rule
    where rule.configuration_hash = stored.configuration_hash
  )`

/** Not of finished jobs: an unknown field may differ at each reading, which the upsert does not write (A21). */
const EXTRA = `
    case when (stored.status = any ($4::text[]) and api.status = any ($4::text[])) is not true then
      ${differing('extra', 'api.extra', 'stored.extra')}
    end`

/** Field by field, jsonb as PostgreSQL compares it; the configuration is compared by its content as well. */
const COMPARE = `
with api as (
  select ${unnestedOf(KEY_AND_CONTENT, 'item')}, item.document::jsonb, item.rules::jsonb
  from unnest(${arraysOf(KEY_AND_CONTENT, 5)}, $2::text[], $3::text[])
    as item(${namesOf(KEY_AND_CONTENT)}, document, rules)
)
select
  api.id,
  stored.id is null as missing,
  stored.deleted_at is not null as deleted,
  (api.updated_at <= stored.updated_at) is not true as behind,
  ${isAwaited('$1', 'api.id')} as open,
  array_remove(array[
    ${KNOWN_CONTENT.map(({ name }) => differing(name, `api.${name}`, `stored.${name}`)).join(',')},
    ${EXTRA},
    ${differing('configuration', 'api.document', 'configuration.document')},
    ${differing('configuration.rules', 'api.rules', RULES)}
  ], null) as fields
from api
left join llamacloud.classify_jobs as stored on stored.id = api.id
left join llamacloud.classify_configurations as configuration on configuration.hash = stored.configuration_hash
`

/** See `JobList.compare`. */
export async function compareJobs(pool: Pool, source: string, jobs: readonly Job[]): Promise<Comparison[]> {
  if (jobs.length === 0) return []
  const values = [
    source,
    jobs.map((job) => job.configuration?.document ?? null),
    jobs.map(rulesOf),
    TERMINAL_STATUSES,
    ...valuesOf(KEY_AND_CONTENT, jobs),
  ]
  const { rows } = await transaction(pool, (client) =>
    client.query<Comparison & { fields: FieldDifference[] }>(COMPARE, values),
  )
  return rows.filter((row) => row.missing || row.deleted || row.fields.length > 0)
}

function rulesOf({ configuration }: Job): string | null {
  if (configuration === null || configuration.rules.length === 0) return null
  return JSON.stringify(
    configuration.rules.map(({ position, type, description }) => [position, type, description]),
  )
}
