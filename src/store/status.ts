import type { Pool } from 'pg'
import type { Instant } from '../values/instant.ts'
import { asc, drizzle } from './drizzle.cjs'
import { countRechecks } from './misses.ts'
import { transaction } from './pool.ts'
import { loadQuarantine, type Quarantined } from './quarantine.ts'
import { countRejects } from './rejects.ts'
import { lastRuns } from './runs.ts'
import { sources } from './schema.ts'
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
  readonly runs: Awaited<ReturnType<typeof lastRuns>>
}

const RUNS_SHOWN = 5
const MOST_SHOWN = 100

/** All that is known of each source, in the order of their names. */
export async function loadStatus(pool: Pool): Promise<SourceStatus[]> {
  // In a transaction, where times come in the one format that is read, whatever the database's default.
  const rows = await transaction(pool, (client) =>
    drizzle(client).select().from(sources).orderBy(asc(sources.name)),
  )
  return Promise.all(
    rows.map(async ({ name, baseUrl, coveredFrom, watermark, headReadAt, darkSince, ...row }) => ({
      ...{ name, baseUrl, coveredFrom, watermark, headReadAt, darkSince },
      leaseOwner: row.leaseOwner,
      leaseExpiresAt: row.leaseExpiresAt,
      lastSuccessAt: row.lastSuccessAt,
      settledUntil: row.settledUntil,
      lastReconcileAt: await leastReadAt(pool, name),
      ...(await countRechecks(pool, name)),
      quarantine: await loadQuarantine(pool, name, MOST_SHOWN),
      rejects: await countRejects(pool, name),
      runs: await lastRuns(pool, name, RUNS_SHOWN),
    })),
  )
}
