import type { PoolClient } from 'pg'
import { type Columns, columnsOf } from './columns.ts'
import type { List } from './list.ts'

/** What becomes of the content of a job that is gone upstream. */
export type OnDelete = 'keep' | 'erase'

/** Rows are locked in the order of their ids, as the upsert locks them, so that neither deadlocks the other. */
function markGoneSql({ jobs, changes }: List, { logged, erased }: Columns, onDelete: OnDelete): string {
  return `
with gone as (
  select id, ${logged.join(', ')} from llamacloud.${jobs.table}
  where id = any ($1::text[]) and deleted_at is null
  order by id collate "C"
  for update
),
changes as (
  insert into llamacloud.${changes.table}
    (job_id, observed_at, event, ${logged.map((name) => `from_${name}, to_${name}`).join(', ')})
  select id, $2, 'deleted', ${logged.map((name) => `${name}, ${name}`).join(', ')}
  from gone
  order by id collate "C"
)
update llamacloud.${jobs.table} as job
set
  ${onDelete === 'erase' ? erased.map((name) => `${name} = null,`).join(' ') : ''}
  deleted_at = $2,
  synced_at = greatest(job.synced_at, $2)
from gone
where job.id = gone.id`
}

/** See `JobList.markGone`. Ids, times, status and results of an erased job stay (I13). */
export function createMarking(list: List, onDelete: OnDelete) {
  const sql = markGoneSql(list, columnsOf(list), onDelete)
  return async (client: PoolClient, ids: readonly string[], at: string): Promise<number> => {
    const { rowCount } = await client.query(sql, [ids, at])
    return rowCount ?? 0
  }
}
