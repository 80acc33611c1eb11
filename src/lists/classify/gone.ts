import type { PoolClient } from 'pg'

/** What becomes of the content of a job that is gone upstream. */
export type OnDelete = 'keep' | 'erase'

/** What may hold something of the document, or name a person. Ids, times, status, type and confidence stay (I13). */
const ERASED = ['file_input', 'result_reasoning', 'error_message', 'transaction_id', 'user_id', 'extra']

/** Rows are locked in the order of their ids, as the upsert locks them, so that neither deadlocks the other. */
const markGoneSql = (onDelete: OnDelete) => `
with gone as (
  select id, status, result_type, result_confidence, updated_at from llamacloud.classify_jobs
  where id = any ($1::text[]) and deleted_at is null
  order by id collate "C"
  for update
),
changes as (
  insert into llamacloud.classify_job_changes
    (job_id, observed_at, event, from_status, to_status, from_result_type, to_result_type,
      from_result_confidence, to_result_confidence, from_updated_at, to_updated_at)
  select
    id, $2, 'deleted', status, status, result_type, result_type,
    result_confidence, result_confidence, updated_at, updated_at
  from gone
  order by id collate "C"
)
update llamacloud.classify_jobs as job
set
  ${onDelete === 'erase' ? ERASED.map((name) => `${name} = null,`).join(' ') : ''}
  deleted_at = $2,
  synced_at = greatest(job.synced_at, $2)
from gone
where job.id = gone.id`

/** See `JobList.markGone`. */
export async function markGone(
  client: PoolClient,
  ids: readonly string[],
  at: string,
  onDelete: OnDelete,
): Promise<number> {
  const { rowCount } = await client.query(markGoneSql(onDelete), [ids, at])
  return rowCount ?? 0
}
