import type { Pool, PoolClient } from 'pg'
import { formatInstant, type Instant } from '../values/instant.ts'
import { query } from './query.ts'
import { nextTime } from './rechecks.ts'

/** Something that cannot be read and is set aside, so that it stops nothing else. */
export interface Quarantined {
  /** The id of a job, or a span of created_at. */
  readonly what: string
  readonly reason: string
  readonly since: string
  readonly nextTryAt: string
}

const ALL = `
select job_id as what, reason, quarantined_at::text as since, due_at::text as "nextTryAt"
from llamacloud_sync.rechecks where source = $1 and reason is not null
union all
select lower::text || ' .. ' || upper::text, reason, quarantined_at::text, due_at::text
from llamacloud_sync.spans where source = $1 and reason is not null
order by since
limit $2
`

/** What is in quarantine, the longest first. */
export function loadQuarantine(pool: Pool, source: string, limit: number): Promise<Quarantined[]> {
  return query(pool, ALL, [source, limit])
}

/** How much is in quarantine. */
export interface QuarantineCounts {
  readonly jobs: number
  readonly spans: number
}

export const NO_QUARANTINE: QuarantineCounts = { jobs: 0, spans: 0 }

/** Of the source $1. */
export const COUNT_QUARANTINED = `
select
  (select count(*)::int from llamacloud_sync.rechecks where source = $1 and reason is not null) as jobs,
  (select count(*)::int from llamacloud_sync.spans where source = $1 and reason is not null) as spans
`

const SET_ASIDE = `
insert into llamacloud_sync.rechecks as known
  (source, job_id, noted_at, due_at, reason, tries, quarantined_at)
values ($1, $2, $4, $4::timestamptz + interval '1 hour', $3, 1, $4)
on conflict (source, job_id) do update set
  reason = $3, tries = known.tries + 1, quarantined_at = coalesce(known.quarantined_at, $4),
  due_at = $4::timestamptz + least(interval '1 day', interval '1 hour' * power(2, least(known.tries, 10)))
where known.reason is null or known.due_at <= $4
`

/**
 * Sets an id aside that makes every request fail; asked for again alone, after an hour at first and then a day. What fails
 * beside others while it waits for that is no further try.
 */
export async function quarantineId(
  client: PoolClient,
  source: string,
  { id, reason, now }: { readonly id: string; readonly reason: string; readonly now: Instant },
): Promise<void> {
  await client.query(SET_ASIDE, [source, id, reason, formatInstant(now)])
}

/** Lets ids go that were asked for and answered; their next time is that of any open job. */
export async function releaseIds(
  client: PoolClient,
  source: string,
  ids: readonly string[],
  now: Instant,
): Promise<void> {
  await client.query(
    `update llamacloud_sync.rechecks set reason = null, tries = 0, quarantined_at = null, due_at = ${nextTime('noted_at')}
    where source = $1 and job_id = any ($2::text[]) and reason is not null`,
    [source, ids, formatInstant(now)],
  )
}

/** So many are looked up at once. */
const MOST_KNOWN = 1_000

const SELECT = `
select job_id as id, due_at <= $2 as "isDue", tries from llamacloud_sync.rechecks
where source = $1 and reason is not null
order by due_at
limit ${MOST_KNOWN}
`

/** The ids that are set aside, the next to be due first. */
export function quarantinedIds(
  pool: Pool,
  source: string,
  now: Instant,
): Promise<{ readonly id: string; readonly isDue: boolean; readonly tries: number }[]> {
  return query(pool, SELECT, [source, formatInstant(now)])
}
