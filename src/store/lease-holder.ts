import type { Pool } from 'pg'
import { transaction } from './pool.ts'

/** The worker that holds the lease of a source; null when none does. */
export async function leaseHolder(pool: Pool, source: string): Promise<string | null> {
  const { rows } = await transaction(pool, (client) =>
    client.query<{ owner: string | null }>(
      `select lease_owner as owner from llamacloud_sync.sources
      where name = $1 and lease_expires_at > clock_timestamp()`,
      [source],
    ),
  )
  return rows[0]?.owner ?? null
}
