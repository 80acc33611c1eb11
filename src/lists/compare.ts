import type { Pool, PoolClient } from 'pg'
import { transaction } from '../store/pool.ts'
import { awaiting } from '../store/rechecks.ts'
import type { Comparison } from '../sync/job-list.ts'
import {
  arraysOf,
  type Column,
  type Columns,
  columnsOf,
  type Job,
  keptOf,
  namesOf,
  storedOf,
  unnestedOf,
  valuesOf,
} from './columns.ts'
import { isEndSql, type List } from './list.ts'
import { type SharedDocuments, sharedOf } from './shared.ts'

const differing = (field: string, api: string, stored: string) => `
    case when ${api} is distinct from ${stored} then
      jsonb_build_object('field', '${field}', 'api', to_jsonb(${api}), 'stored', to_jsonb(${stored}))
    end`

/** What is known late is not missed where the API does not tell it. */
const differingIn = (column: Column, columns: Columns) =>
  differing(column.name, keptOf(column, 'api', columns), `stored.${column.name}`)

/** A shared document is compared by its content as well, not by its hash alone. */
function sharedDifferences({ property, part }: SharedDocuments): string[] {
  const whole = differing(property, 'api.document', 'shared.document')
  return part ? [whole, differing(`${property}.${part.name}`, 'api.part', part.stored)] : [whole]
}

/** Field by field, jsonb as PostgreSQL compares it. */
function compareSql(list: List, columns: Columns): string {
  const { known, all } = columns
  const { shared } = list
  const isFinished = `${isEndSql('stored.status', '$3')} and ${isEndSql('api.status', '$3')}`
  const fields = [
    ...known.map((column) => differingIn(column, columns)),
    // Not of finished jobs: an unknown field may differ at each reading, which the upsert does not write (A21).
    `case when (${isFinished}) is not true then ${differing('extra', 'api.extra', 'stored.extra')} end`,
    ...(shared ? sharedDifferences(shared) : []),
  ]
  return `
with api as (
  select ${unnestedOf(all, 'item')}, item.document::jsonb, item.part::jsonb
  from unnest(${arraysOf(all, 4)}, $1::text[], $2::text[]) as item(${namesOf(all)}, document, part)
)
select
  api.id,
  stored.id is null as missing,
  stored.deleted_at is not null as deleted,
  (api.updated_at <= stored.updated_at) is not true as behind,
  array_remove(array[${fields.join(',')}], null) as fields
from api
left join ${storedOf(list, all, 4)} on stored.id = api.id
${shared ? `left join ${shared.table} as shared on shared.hash = stored.${shared.property}_hash` : ''}
`
}

/** See `JobList.compare`. */
export function createComparison(list: List, omitted?: ReadonlySet<string>) {
  const columns = columnsOf(list, omitted)
  const { all } = columns
  const sql = compareSql(list, columns)
  const { shared } = list
  const documentOf = (job: Job) => (shared ? sharedOf(job, shared) : null)
  const partOf = (job: Job) => {
    const document = documentOf(job)
    return document === null ? null : (shared?.part?.json(document) ?? null)
  }
  return async (pool: Pool, source: string, jobs: readonly Job[]): Promise<Comparison[]> => {
    if (jobs.length === 0) return []
    const values = [
      jobs.map((job) => documentOf(job)?.document ?? null),
      jobs.map(partOf),
      list.ends,
      ...valuesOf(all, jobs),
    ]
    const compared = async (client: PoolClient) => {
      const { rows } = await client.query<Omit<Comparison, 'open'>>(sql, values)
      const different = rows.filter((row) => row.missing || row.deleted || row.fields.length > 0)
      const open = await awaiting(
        client,
        source,
        different.map(({ id }) => id),
      )
      return different.map((row) => ({ ...row, open: open.has(row.id) }))
    }
    return transaction(pool, compared, { snapshot: true })
  }
}
