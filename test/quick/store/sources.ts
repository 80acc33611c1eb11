import type { TestDatabase } from '../../support/database.ts'

/** A source as if no worker had ever run for it. */
export async function addSource({ pool }: TestDatabase, name = 'one'): Promise<void> {
  await pool.query('delete from llamacloud_sync.sources where name = $1', [name])
  await pool.query(
    `insert into llamacloud_sync.sources (name, base_url) values ($1, 'https://api.example')`,
    [name],
  )
}

/** Lets the time of a lease run out, by the clock of the database. */
export async function expireLease({ pool }: TestDatabase, name = 'one'): Promise<void> {
  await pool.query(
    `update llamacloud_sync.sources set lease_expires_at = clock_timestamp() - interval '1 second' where name = $1`,
    [name],
  )
}

export interface SourceRow {
  readonly lease_owner: string | null
  readonly lease_expires_at: string | null
  readonly is_held: boolean
  readonly fence: number
  readonly covered_from: string | null
  readonly watermark: string | null
}

export async function sourceRow({ pool }: TestDatabase, name = 'one'): Promise<SourceRow> {
  const { rows } = await pool.query<SourceRow>(
    `select lease_owner, extract(epoch from lease_expires_at)::text as lease_expires_at,
      coalesce(lease_expires_at > clock_timestamp(), false) as is_held,
      fence, covered_from, watermark
    from llamacloud_sync.sources where name = $1`,
    [name],
  )
  return rows[0]!
}
