import { createHash } from 'node:crypto'
import type { Pool, PoolClient } from 'pg'
import { query } from './query.ts'

export interface Reject {
  readonly reason: string
  /** The item as JSON text. */
  readonly payload: string
}

const INSERT = `
insert into llamacloud_sync.rejects as known
  (source, reason, payload, fingerprint, times_seen, first_seen_at, last_seen_at)
select $1, min(reason), min(payload), fingerprint, count(*), statement_timestamp(), statement_timestamp()
from unnest($2::text[], $3::text[], $4::text[]) as item(reason, payload, fingerprint)
group by fingerprint
order by fingerprint
on conflict (source, fingerprint) do update set
  times_seen = known.times_seen + excluded.times_seen,
  last_seen_at = excluded.last_seen_at
`

const DAYS_KEPT = 90
const MOST_KEPT = 10_000
const MOST_BYTES_KEPT = 256 * 1_024 * 1_024

/** Keeps the latest. What the payloads take is known without reading them. */
const PRUNE = `
with ranked as (
  select
    id,
    last_seen_at,
    row_number() over latest as place,
    sum(pg_column_size(payload)) over latest as bytes
  from llamacloud_sync.rejects
  where source = $1
  window latest as (order by last_seen_at desc, id desc rows unbounded preceding)
)
delete from llamacloud_sync.rejects as reject
using ranked
where reject.id = ranked.id and (
  ranked.place > ${MOST_KEPT} or (ranked.bytes > ${MOST_BYTES_KEPT} and ranked.place > 1)
    or ranked.last_seen_at < now() - make_interval(days => ${DAYS_KEPT})
)
`

/**
 * Keeps items that cannot be stored as a job: each distinct one once, with how often and when it was seen. Only the latest of
 * a source are kept, whatever comes (I11): 10,000 of them, 256 MB, and for 90 days as long as others come.
 */
export async function keepRejects(
  client: PoolClient,
  source: string,
  items: readonly Reject[],
): Promise<void> {
  if (items.length === 0) return
  // PostgreSQL's text holds no NUL, and JSON text holds one only as an escape; halves of surrogate pairs do occur.
  const payloads = items.map((item) => item.payload.toWellFormed())
  const fingerprints = payloads.map((payload) => createHash('sha256').update(payload).digest('hex'))
  await client.query(INSERT, [source, items.map((item) => item.reason), payloads, fingerprints])
  await client.query(PRUNE, [source])
}

export async function countRejects(pool: Pool, source: string): Promise<number> {
  const counting = 'select count(*) from llamacloud_sync.rejects where source = $1'
  const [row] = await query<{ count: number }>(pool, counting, [source])
  return row?.count ?? 0
}
