import type { PoolClient } from 'pg'
import type { Written } from '../../sync/job-list.ts'
import type { Instant } from '../../values/instant.ts'
import type { ObservedJob } from './batch.ts'
import {
  arraysOf,
  CONTENT,
  KEY_AND_CONTENT,
  KNOWN_CONTENT,
  namesOf,
  unnestedOf,
  valuesOf,
} from './columns.ts'
import { olderThanStored, TERMINAL_STATUSES } from './newest.ts'

const isStale = (incoming: string, observedAt: string) =>
  olderThanStored(incoming, observedAt, { terminal: '$2', overlap: '$4' })

/** A finished job does not change by unknown fields alone: one may differ at each reading (A21). */
const isUnchanged = (incoming: string) => `(
    stored.deleted_at is null
    and (${namesOf(KNOWN_CONTENT, incoming)}) is not distinct from (${namesOf(KNOWN_CONTENT, 'stored')})
    and ((stored.status = any ($2::text[])) is true or ${incoming}.extra is not distinct from stored.extra)
  )`

/**
 * One statement a batch. Rows are written in the order of their ids, so that two batches that share ids wait for each
 * other instead of deadlocking. A row that would not change is not written at all (I5): no dead tuple, no WAL.
 * The fate is judged against the statement's snapshot and again against the row as it is once it is locked, so that a
 * commit that gets in between (a neighbouring window, another source) changes a count's name, never the sum (I7) and
 * never the rows. The ids come back as JSON, which JavaScript reads ten times as fast as an array of PostgreSQL.
 */
const UPSERT = `
with incoming as (
  select ${unnestedOf(KEY_AND_CONTENT, 'item')}, item.observed_at
  from unnest(${arraysOf(KEY_AND_CONTENT, 5)}, $3::timestamptz[])
    as item(${namesOf(KEY_AND_CONTENT)}, observed_at)
),
judged as (
  select
    incoming.*,
    stored.status as stored_status,
    stored.result_type as stored_result_type,
    stored.result_confidence as stored_result_confidence,
    stored.updated_at as stored_updated_at,
    stored.deleted_at as stored_deleted_at,
    stored.synced_at as stored_synced_at,
    case
      when stored.id is null then 'inserted'
      when ${isUnchanged('incoming')} then 'unchanged'
      when ${isStale('incoming', 'observed_at')} then 'stale'
      else 'updated'
    end as fate
  from incoming
  left join llamacloud.classify_jobs as stored on stored.id = incoming.id
),
written as (
  insert into llamacloud.classify_jobs as stored
    (id, source, ${namesOf(CONTENT)}, first_seen_at, synced_at)
  select id, $1, ${namesOf(CONTENT)}, observed_at, observed_at
  from judged
  where fate in ('inserted', 'updated')
  order by id collate "C"
  on conflict (id) do update set
    ${CONTENT.map(({ name }) => `${name} = excluded.${name}`).join(', ')},
    synced_at = excluded.synced_at,
    deleted_at = null
  where not ${isUnchanged('excluded')} and not ${isStale('excluded', 'synced_at')}
  returning id, (xmax = 0) as is_new
),
changes as (
  insert into llamacloud.classify_job_changes
    (job_id, observed_at, event, from_status, to_status, from_result_type, to_result_type,
      from_result_confidence, to_result_confidence, from_updated_at, to_updated_at)
  select
    id, observed_at, case when stored_deleted_at is null then 'changed' else 'returned' end,
    stored_status, status, stored_result_type, result_type,
    stored_result_confidence, result_confidence, stored_updated_at, updated_at
  from judged
  join written using (id)
  where fate = 'updated' and (
    stored_deleted_at is not null
    or (stored_status, stored_result_type, stored_result_confidence, stored_updated_at)
      is distinct from (status, result_type, result_confidence, updated_at)
  )
  order by id collate "C"
)
select
  count(*) filter (where written.is_new) as inserted,
  count(*) filter (where not written.is_new) as updated,
  count(*) filter (where written.id is null and fate <> 'stale') as unchanged,
  count(*) filter (where fate = 'stale') as stale,
  coalesce(json_agg(judged.id) filter (
    where case fate when 'stale' then stored_status else status end is null
      or case fate when 'stale' then stored_status else status end <> all ($2::text[])
  ), '[]') as open_ids,
  coalesce(json_agg(judged.id) filter (where written.is_new), '[]') as inserted_ids,
  coalesce(json_agg(judged.id) filter (
    where (fate = 'stale' and observed_at > stored_synced_at) or (fate = 'updated' and observed_at < stored_synced_at)
  ), '[]') as doubtful_ids,
  coalesce(json_agg(judged.id) filter (
    where not written.is_new and stored_status = any ($2::text[])
  ), '[]') as revised_ids
from judged
left join written using (id)
`

type UpsertRow = Record<'inserted' | 'updated' | 'unchanged' | 'stale', string | number> &
  Record<'open_ids' | 'inserted_ids' | 'doubtful_ids' | 'revised_ids', string[]>

/**
 * Writes the jobs of one batch. Each id may occur once (else SQLSTATE 21000), and the configurations must be there.
 * What was stored first keeps its `source` and its `first_seen_at`.
 */
export async function upsertJobs(
  client: PoolClient,
  source: string,
  jobs: readonly ObservedJob[],
  overlap: Instant,
): Promise<Written> {
  const { rows } = await client.query<UpsertRow>(UPSERT, [
    source,
    TERMINAL_STATUSES,
    jobs.map(({ observedAt }) => observedAt),
    overlap,
    ...valuesOf(
      KEY_AND_CONTENT,
      jobs.map(({ job }) => job),
    ),
  ])
  const row = rows[0]
  if (!row) throw new Error('the upsert returned no row')
  return {
    inserted: Number(row.inserted),
    updated: Number(row.updated),
    unchanged: Number(row.unchanged),
    stale: Number(row.stale),
    openIds: row.open_ids,
    insertedIds: row.inserted_ids,
    doubtfulIds: row.doubtful_ids,
    revisedIds: row.revised_ids,
  }
}
