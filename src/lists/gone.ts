import type { PoolClient } from 'pg'
import { type Columns, columnsOf } from './columns.ts'
import type { List } from './list.ts'

/** What becomes of the content of a job that is gone upstream. */
export type OnDelete = 'keep' | 'erase'

/**
 * What is logged is never erased, so what is left of a row says what it was. Nothing locks the rows in an order beforehand,
 * which a distributed table cannot: of a mark and a batch that deadlock, one is run again.
 */
function markGoneSql({ jobs, changes }: List, { logged, erased }: Columns, onDelete: OnDelete): string {
  return `
with gone as (
  update llamacloud.${jobs.table}
  set
    ${onDelete === 'erase' ? erased.map((name) => `${name} = null,`).join(' ') : ''}
    deleted_at = $2,
    synced_at = greatest(synced_at, $2)
  where id = any ($1::text[]) and deleted_at is null
  returning id, ${logged.join(', ')}
)
insert into llamacloud.${changes.table}
  (job_id, observed_at, event, ${logged.map((name) => `from_${name}, to_${name}`).join(', ')})
select id, $2, 'deleted', ${logged.map((name) => `${name}, ${name}`).join(', ')}
from gone
order by id collate "C"`
}

/** See `JobList.markGone`. Ids, times, status and results of an erased job stay (I13). */
export function createMarking(list: List, onDelete: OnDelete) {
  const sql = markGoneSql(list, columnsOf(list), onDelete)
  return async (client: PoolClient, ids: readonly string[], at: string): Promise<number> => {
    const { rowCount } = await client.query(sql, [ids, at])
    return rowCount ?? 0
  }
}
