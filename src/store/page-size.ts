import type { Pool, PoolClient } from 'pg'
import { inTransaction } from './pool.ts'

/** How many items the last requests of a source asked for (A23); null where nothing was noted. */
export async function loadPageSize(connection: Pool | PoolClient, source: string): Promise<number | null> {
  const { rows } = await inTransaction(connection, (client) =>
    client.query<{ items: number | null }>(
      'select page_size as items from llamacloud_sync.sources where name = $1',
      [source],
    ),
  )
  return rows[0]?.items ?? null
}

/** For the process that comes next. */
export async function savePageSize(client: PoolClient, source: string, items: number): Promise<void> {
  await client.query('update llamacloud_sync.sources set page_size = $2 where name = $1', [source, items])
}
