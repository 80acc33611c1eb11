import type { Pool, PoolClient } from 'pg'
import type { Instant } from '../values/instant.ts'
import { and, drizzle, eq, exists } from './drizzle.cjs'
import { transaction } from './pool.ts'
import { sources, walkedJobs, walks } from './schema.ts'

/** A reconcile under way. With pages but no token, its walk is at the end. */
export interface Walk {
  /** By the database's clock. */
  readonly startedAt: Instant
  readonly pageToken: string | null
  readonly pages: number
}

/** Null when none is under way, or when a crash of the server has emptied what it came by: `walked_jobs` is unlogged. */
export async function loadWalk(pool: Pool, source: string): Promise<Walk | null> {
  const [row] = await transaction(pool, (client) => {
    const db = drizzle(client)
    const walked = db.select().from(walkedJobs).where(eq(walkedJobs.source, source))
    return db
      .select({ startedAt: walks.startedAt, pageToken: walks.pageToken, pages: walks.pages })
      .from(walks)
      .where(and(eq(walks.source, source), exists(walked)))
  })
  return row ?? null
}

export async function saveWalk(client: PoolClient, source: string, walk: Walk): Promise<void> {
  await drizzle(client)
    .insert(walks)
    .values({ source, ...walk })
    .onConflictDoUpdate({ target: walks.source, set: walk })
}

/** Notes that the walk has come by these jobs; once more does no harm. */
export async function rememberWalked(
  client: PoolClient,
  source: string,
  ids: readonly string[],
): Promise<void> {
  await client.query(
    `insert into llamacloud_sync.walked_jobs (source, job_id)
    select $1, job_id from unnest($2::text[]) as item(job_id)
    order by job_id collate "C"
    on conflict do nothing`,
    [source, ids],
  )
}

/** Ends a reconcile and forgets what its walk came by. */
export async function endWalk(client: PoolClient, source: string, endedAt: Instant): Promise<void> {
  const db = drizzle(client)
  await db.delete(walkedJobs).where(eq(walkedJobs.source, source))
  await db.delete(walks).where(eq(walks.source, source))
  await db.update(sources).set({ lastReconcileAt: endedAt }).where(eq(sources.name, source))
}

const DUE = `
select
  exists (select from llamacloud_sync.walks where source = $1)
  or coalesce(
    last_reconcile_at,
    (select min(started_at) from llamacloud_sync.runs where source = $1)
  ) + make_interval(secs => $2) <= clock_timestamp() as due
from llamacloud_sync.sources
where name = $1
`

/** Whether a reconcile is under way, or the last one (or else the first run) lies `everyMs` back. */
export async function isReconcileDue(pool: Pool, source: string, everyMs: number): Promise<boolean> {
  const { rows } = await pool.query<{ due: boolean | null }>(DUE, [source, everyMs / 1000])
  return rows[0]?.due ?? false
}
