import type { Pool } from 'pg'
import type { Instant } from '../values/instant.ts'
import { asc, drizzle } from './drizzle.cjs'
import { countOpenJobs } from './open-jobs.ts'
import { transaction } from './pool.ts'
import { countRejects } from './rejects.ts'
import { lastRuns } from './runs.ts'
import { sources } from './schema.ts'

export interface SourceStatus {
  readonly name: string
  readonly baseUrl: string
  readonly coveredFrom: Instant | null
  readonly watermark: Instant | null
  /** The worker that holds the lease, if any. */
  readonly leaseOwner: string | null
  readonly leaseExpiresAt: Instant | null
  readonly lastSuccessAt: Instant | null
  readonly lastReconcileAt: Instant | null
  readonly openJobs: number
  readonly rejects: number
  readonly runs: Awaited<ReturnType<typeof lastRuns>>
}

const RUNS_SHOWN = 5

/** All that is known of each source, in the order of their names. */
export async function loadStatus(pool: Pool): Promise<SourceStatus[]> {
  // In a transaction, where times come in the one format that is read, whatever the database's default.
  const rows = await transaction(pool, (client) =>
    drizzle(client).select().from(sources).orderBy(asc(sources.name)),
  )
  return Promise.all(
    rows.map(async ({ fence, projectId, organizationId, configurationId, ...row }) => ({
      ...row,
      openJobs: await countOpenJobs(pool, row.name),
      rejects: await countRejects(pool, row.name),
      runs: await lastRuns(pool, row.name, RUNS_SHOWN),
    })),
  )
}
