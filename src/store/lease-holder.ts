import type { Pool } from 'pg'
import { query } from './query.ts'

/** The worker that holds the lease of a source; null when none does. */
export async function leaseHolder(pool: Pool, source: string): Promise<string | null> {
  const [row] = await query<{ owner: string | null }>(
    pool,
    `select lease_owner as owner from llamacloud_sync.sources
    where name = $1 and lease_expires_at > clock_timestamp()`,
    [source],
  )
  return row?.owner ?? null
}
