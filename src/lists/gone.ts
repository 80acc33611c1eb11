import type { PoolClient } from 'pg'
import { columnsOf } from './columns.ts'
import type { List } from './list.ts'

/** What becomes of the content of a job that is gone upstream. */
export type OnDelete = 'keep' | 'erase'

/** Rows are locked in the order of their ids, as the upsert locks them, so that neither deadlocks the other. */
const markGoneSql = (list: List, onDelete: OnDelete) => `
with gone as (
  select id from llamacloud.${list.jobs.table}
  where id = any ($1::text[]) and deleted_at is null
  order by id collate "C"
  for update
)
update llamacloud.${list.jobs.table} as job
set
  ${
    onDelete === 'erase'
      ? columnsOf(list)
          .erased.map((name) => `${name} = null,`)
          .join(' ')
      : ''
  }
  deleted_at = $2,
  synced_at = greatest(job.synced_at, $2)
from gone
where job.id = gone.id`

/** See `JobList.markGone`. Ids, times, status and results of an erased job stay (I13). */
export function createMarking(list: List, onDelete: OnDelete) {
  const sql = markGoneSql(list, onDelete)
  return async (client: PoolClient, ids: readonly string[], at: string): Promise<number> => {
    const { rowCount } = await client.query(sql, [ids, at])
    return rowCount ?? 0
  }
}
