import type { Pool } from 'pg'
import type { Instant } from '../values/instant.ts'
import { type Stored, withInstants } from './columns.ts'
import { lastRuns, type Run } from './last-runs.ts'
import { countRechecks } from './misses.ts'
import { loadQuarantine, type Quarantined } from './quarantine.ts'
import { query } from './query.ts'
import { countRejects } from './rejects.ts'
import { leastReadAt } from './spans.ts'

export interface SourceStatus {
  readonly name: string
  readonly baseUrl: string
  readonly coveredFrom: Instant | null
  readonly watermark: Instant | null
  /** The worker that holds the lease, if any. */
  readonly leaseOwner: string | null
  readonly leaseExpiresAt: Instant | null
  readonly lastSuccessAt: Instant | null
  /** When the present was last read, by the database's clock. */
  readonly headReadAt: Instant | null
  /** Since when every span was read. */
  readonly lastReconcileAt: Instant | null
  /** Where the increments of readers end: at the earliest of all sources. */
  readonly settledUntil: Instant
  /** Since when the API has shown none of the jobs that it should know. */
  readonly darkSince: Instant | null
  /** Counted up to MOST_COUNTED. */
  readonly openJobs: number
  /** Jobs that are missing and not marked as deleted yet. */
  readonly held: number
  readonly quarantine: readonly Quarantined[]
  readonly rejects: number
  readonly runs: readonly Run[]
}

const TIMES = [
  'coveredFrom',
  'watermark',
  'leaseExpiresAt',
  'lastSuccessAt',
  'headReadAt',
  'settledUntil',
  'darkSince',
] as const
type Times = (typeof TIMES)[number]

/** What the row of a source itself tells. */
type Row = Pick<SourceStatus, 'name' | 'baseUrl' | 'leaseOwner' | Times>

const ALL = `
select
  name, base_url as "baseUrl", covered_from as "coveredFrom", watermark, lease_owner as "leaseOwner",
  lease_expires_at as "leaseExpiresAt", last_success_at as "lastSuccessAt", head_read_at as "headReadAt",
  settled_until as "settledUntil", dark_since as "darkSince"
from llamacloud_sync.sources order by name
`

const RUNS_SHOWN = 5
const MOST_SHOWN = 100

/** All that is known of each source, in the order of their names. */
export async function loadStatus(pool: Pool): Promise<SourceStatus[]> {
  // In a transaction, where times come in the one format that is read, whatever the database's default.
  const rows = await query<Stored<Row, Times>>(pool, ALL)
  return Promise.all(
    rows.map(async (row) => ({
      ...withInstants<Row, Times>(row, TIMES),
      lastReconcileAt: await leastReadAt(pool, row.name),
      ...(await countRechecks(pool, row.name)),
      quarantine: await loadQuarantine(pool, row.name, MOST_SHOWN),
      rejects: await countRejects(pool, row.name),
      runs: await lastRuns(pool, row.name, RUNS_SHOWN),
    })),
  )
}
