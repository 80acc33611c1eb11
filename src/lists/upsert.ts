import type { PoolClient } from 'pg'
import type { Written } from '../sync/job-list.ts'
import type { Instant } from '../values/instant.ts'
import type { ObservedJob } from './batch.ts'
import { HAS_CHANGED, type Unbilled, unbilledIds, wasAskedFor } from './billing.ts'
import {
  arraysOf,
  type Column,
  type Columns,
  columnsOf,
  keptOf,
  namesOf,
  storedOf,
  unnestedOf,
  valuesOf,
} from './columns.ts'
import { isEndSql, type List } from './list.ts'
import { olderThanStored } from './newest.ts'

const isStale = (incoming: string, observedAt: string) =>
  olderThanStored(incoming, observedAt, { ends: '$2', overlap: '$4' })

const keptNamesOf = (some: readonly Column[], incoming: string, columns: Columns) =>
  some.map((column) => keptOf(column, incoming, columns)).join(', ')

/** A finished job does not change by unknown fields alone: one may differ at each reading (A21). */
const isUnchanged = (incoming: string, columns: Columns) => `(
    stored.deleted_at is null
    and (${keptNamesOf(columns.known, incoming, columns)}) is not distinct from (${namesOf(columns.known, 'stored')})
    and ((${isEndSql('stored.status', '$2')}) is true or ${incoming}.extra is not distinct from stored.extra)
  )`

/** Whether a change of a job that had ended is one that should not have been: not that of what is known late. */
function isRevision(columns: Columns): string {
  const { known, late } = columns
  if (late.length === 0) return 'true'
  const rest = known.filter((column) => !late.includes(column) && column.name !== 'updated_at')
  const differ = (some: readonly Column[]) =>
    `(${keptNamesOf(some, 'incoming', columns)}) is distinct from (${namesOf(some, 'stored')})`
  return `(not (${differ(late)}) or ${differ(rest)})`
}

/**
 * One statement a batch. Rows are written in the order of their ids, so that two batches that share ids wait for each
 * other instead of deadlocking. A row that would not change is not written at all (I5): no dead tuple, no WAL.
 * The fate is judged against the statement's snapshot and again against the row as it is once it is locked, so that a
 * commit that gets in between (a neighbouring window, another source) changes a count's name, never the sum (I7) and
 * never the rows. A row that was inserted is known by its two times, which no update leaves equal: partitioned tables have
 * no xmax. A microsecond later is still in time for readers (I15). The ids come back as JSON, which JavaScript reads ten times as fast as an array of PostgreSQL.
 */
const upsertSql = (list: List, columns: Columns, asks: boolean) => {
  const { all, content, logged } = columns
  const { awaits } = list
  return `
with incoming as (
  select ${unnestedOf(all, 'item')}, item.observed_at
  from unnest(${arraysOf(all, 5)}, $3::timestamptz[])
    as item(${namesOf(all)}, observed_at)
),
judged as (
  select
    incoming.*,
    ${logged.map((name) => `stored.${name} as stored_${name}`).join(', ')},
    ${awaits ? `stored.${awaits} as stored_${awaits},` : ''}
    stored.deleted_at as stored_deleted_at,
    stored.synced_at as stored_synced_at,
    ${isRevision(columns)} as revises,
    case
      when stored.id is null then 'inserted'
      when ${isUnchanged('incoming', columns)} then 'unchanged'
      when ${isStale('incoming', 'observed_at')} then 'stale'
      else 'updated'
    end as fate
  from incoming
  left join ${storedOf(list, all, 5)} on stored.id = incoming.id
),
written as (
  insert into llamacloud.${list.jobs.table} as stored
    (id, source, ${namesOf(content)}, first_seen_at, synced_at)
  select id, $1, ${namesOf(content)}, observed_at, observed_at
  from judged
  where fate in ('inserted', 'updated')
  order by id collate "C"
  on conflict (id) do update set
    ${content.map((column) => `${column.name} = ${keptOf(column, 'excluded', columns)}`).join(', ')},
    synced_at = excluded.synced_at
      + case when excluded.synced_at = stored.first_seen_at then interval '1 microsecond' else interval '0' end,
    deleted_at = null
  where not ${isUnchanged('excluded', columns)} and not ${isStale('excluded', 'synced_at')}
  returning id, first_seen_at = synced_at as is_new
),
changes as (
  insert into llamacloud.${list.changes.table}
    (job_id, observed_at, event, ${logged.map((name) => `from_${name}, to_${name}`).join(', ')})
  select
    id, observed_at, case when stored_deleted_at is null then 'changed' else 'returned' end,
    ${logged.map((name) => `stored_${name}, ${name}`).join(', ')}
  from judged
  join written using (id)
  where fate = 'updated' and (
    stored_deleted_at is not null
    or (${logged.map((name) => `stored_${name}`).join(', ')}) is distinct from (${logged.join(', ')})
  )
  order by id collate "C"
)
select
  (count(*) filter (where written.is_new))::int as inserted,
  (count(*) filter (where not written.is_new))::int as updated,
  (count(*) filter (where written.id is null and fate <> 'stale'))::int as unchanged,
  (count(*) filter (where fate = 'stale'))::int as stale,
  coalesce(json_agg(judged.id) filter (
    where ${isEndSql("case fate when 'stale' then stored_status else status end", '$2')} is not true
  ), '[]') as "openIds",
  coalesce(json_agg(judged.id) filter (where written.is_new), '[]') as "insertedIds",
  coalesce(json_agg(judged.id) filter (
    where (fate = 'stale' and observed_at > stored_synced_at) or (fate = 'updated' and observed_at < stored_synced_at)
  ), '[]') as "doubtfulIds",
  coalesce(json_agg(judged.id) filter (
    where not written.is_new and revises and ${isEndSql('stored_status', '$2')}
  ), '[]') as "revisedIds",
  coalesce(json_agg(judged.id) filter (where written.id is null and fate = 'inserted'), '[]') as "leftOutIds",
  ${awaits ? unbilledIds(awaits, asks ? 'true' : wasAskedFor(awaits)) : "'[]'::json"} as "unbilledIds",
  ${awaits ? unbilledIds(awaits, HAS_CHANGED) : "'[]'::json"} as "rebilledIds"
from judged
left join written using (id)
`
}

type Upserted = Omit<Written, 'ended'> & Unbilled
type UpsertRow = Upserted & { readonly leftOutIds: readonly string[] }

/** A trigger that returns null does this. The code makes it a refusal like an error that the trigger raises. */
class RowLeftOutError extends Error {
  readonly code = 'P0001'
  constructor(count: number) {
    super(
      count === 1 ? 'it left the row out, without an error' : `it left ${count} rows out, without an error`,
    )
  }
}

/**
 * Another commit may have stored them meanwhile. Those that nobody stored would be lost without a word (I1).
 *
 * @throws RowLeftOutError
 */
async function assertStored(client: PoolClient, { jobs }: List, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return
  const { rows } = await client.query(`select id from llamacloud.${jobs.table} where id = any ($1)`, [ids])
  if (rows.length < ids.length) throw new RowLeftOutError(ids.length - rows.length)
}

/** Writes the jobs of one batch. Each id may occur once (else SQLSTATE 21000). */
type Upsert = (
  client: PoolClient,
  source: string,
  jobs: readonly ObservedJob[],
  overlap: Instant,
) => Promise<Upserted>

/**
 * What was stored first keeps its `source` and its `first_seen_at`. Shared documents must be there.
 *
 * @param asks whether jobs without credits are asked for them
 */
export function createUpsert(list: List, omitted?: ReadonlySet<string>, asks = true): Upsert {
  const columns = columnsOf(list, omitted)
  const sql = upsertSql(list, columns, asks)
  return async (client, source, jobs, overlap) => {
    const { rows } = await client.query<UpsertRow>(sql, [
      source,
      list.ends,
      jobs.map(({ observedAt }) => observedAt),
      overlap,
      ...valuesOf(
        columns.all,
        jobs.map(({ job }) => job),
      ),
    ])
    const [row] = rows
    if (!row) throw new Error('the upsert returned no row')
    const { leftOutIds, ...upserted } = row
    await assertStored(client, list, leftOutIds)
    return upserted
  }
}
