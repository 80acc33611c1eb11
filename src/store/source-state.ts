import type { Pool } from 'pg'
import { IS_DENIED } from './denial.ts'
import { transaction } from './pool.ts'
import { query } from './query.ts'
import { MOST_COUNTED, openJobsOf } from './rechecks.ts'

/** A source as a health check and a metric want it: ages by the database's clock. */
export interface SourceState {
  readonly name: string
  /** Seconds; null: it never succeeded. */
  readonly successAge: number | null
  readonly watermarkLag: number | null
  /** Seconds since 1970. */
  readonly coveredFrom: number | null
  readonly leaseOwner: string | null
  /** Counted up to MOST_COUNTED, as the next is. */
  readonly openJobs: number
  /** Jobs that are missing and not marked as deleted yet. */
  readonly held: number
  /** Ids and spans that cannot be read and are set aside. */
  readonly quarantined: number
  /** Seconds since the API showed any of the jobs that it should know; null: it does. */
  readonly darkFor: number | null
  readonly rejects: number
  /** The API does not let the list be read, and lets others. */
  readonly denied: boolean
}

const SELECT = `
select
  name,
  extract(epoch from clock_timestamp() - last_success_at)::float8 as "successAge",
  extract(epoch from clock_timestamp() - head_read_at)::float8 as "watermarkLag",
  extract(epoch from covered_from)::float8 as "coveredFrom",
  case when lease_expires_at > clock_timestamp() then lease_owner end as "leaseOwner",
  extract(epoch from clock_timestamp() - dark_since)::float8 as "darkFor",
  ${openJobsOf('name')} as "openJobs",
  (
    select count(*) from (
      select from llamacloud_sync.rechecks as job
      where job.source = name and job.missed_at is not null and job.gone_at is null
      order by job.missed_at
      limit ${MOST_COUNTED}
    ) as counted
  ) as held,
  (select count(*) from llamacloud_sync.rechecks as job where job.source = name and job.reason is not null)
    + (select count(*) from llamacloud_sync.spans as span where span.source = name and span.reason is not null)
    as quarantined,
  (select count(*) from llamacloud_sync.rejects as reject where reject.source = name) as rejects,
  ${IS_DENIED} as denied
from llamacloud_sync.sources as own
where name = any ($1::text[])
`

/** Milliseconds. A health check that takes longer has its answer. */
const TIMEOUT_MS = 4_000

export async function loadSourceStates(pool: Pool, names: readonly string[]): Promise<SourceState[]> {
  const limits = { statementTimeout: TIMEOUT_MS, lockTimeout: TIMEOUT_MS }
  return transaction(pool, async (client) => (await client.query<SourceState>(SELECT, [names])).rows, limits)
}

const SYNCED_SINCE = `
select exists (
  select from llamacloud_sync.runs
  where source = $1 and outcome in ('succeeded', 'degraded') and kind <> 'accept-deletions' and started_at >= clock_timestamp() - make_interval(secs => $2)
) as done
`

/** Whether a run that succeeded began within the last `ms` milliseconds: another worker was faster. */
export async function wasSyncedSince(pool: Pool, source: string, ms: number): Promise<boolean> {
  const [row] = await query<{ done: boolean }>(pool, SYNCED_SINCE, [source, ms / 1_000])
  return row?.done ?? false
}
