import { generate } from '../../../src/simulator/generate.ts'
import type { JsonObject } from '../../../src/simulator/json.ts'
import type { World } from '../../../src/simulator/world.ts'
import { reconcileOnce } from '../../../src/sync/cycle.ts'
import type { RunLimits, RunResult, Source } from '../../../src/sync/source.ts'
import { type Difference, verify } from '../../../src/sync/verify.ts'
import { DAY } from '../../../src/values/instant.ts'
import type { TestDatabase } from '../../support/database.ts'
import { createHarness, type Harness, type HarnessOptions } from '../../support/harness.ts'

export const UNLIMITED: RunLimits = { signal: new AbortController().signal, maxRuntimeMs: null }

/** A world of old jobs that are all done, and a source that has synced it. */
export async function filled(jobs: number, options?: HarnessOptions): Promise<Harness> {
  const harness = await createHarness(options)
  const { world, now, sync } = harness
  generate(world, { seed: 3, jobs, from: now() - 20 * DAY, to: now() - 2 * DAY, fate: { stuckShare: 0 } })
  await sync()
  await asStoredLongAgo(harness)
  return harness
}

/**
 * The clock of the database does not move with the others. What was stored up to now counts as stored a day ago by it, as
 * it would be where all clocks move together.
 */
export async function asStoredLongAgo({ database }: Pick<Harness, 'database'>): Promise<void> {
  await database.pool.query(
    `update llamacloud.classify_jobs set first_seen_at = first_seen_at - interval '1 day'`,
  )
}

export function reconcile(
  { source }: { source: Source },
  limits: Partial<RunLimits> = {},
): Promise<RunResult> {
  return reconcileOnce(source, { ...UNLIMITED, ...limits })
}

export interface Verified {
  readonly differences: Difference[]
  readonly inFlight: number
}

export async function verified({ source }: { source: Source }): Promise<Verified> {
  const differences: Difference[] = []
  const { inFlight } = await verify(source, UNLIMITED.signal, (difference) => differences.push(difference))
  return { differences, inFlight }
}

export const NO_DIFFERENCE: Verified = { differences: [], inFlight: 0 }

/** The ids that the API shows, oldest first. */
export function idsOf(world: World): string[] {
  return [...world.all()].map((payload) => (payload as JsonObject).id as string)
}

/** Deletes so many jobs upstream, spread over all; returns their ids, sorted. */
export function removeSome(world: World, count: number): string[] {
  const ids = idsOf(world)
  const removed = Array.from({ length: count }, (_, index) => ids[Math.floor((index * ids.length) / count)]!)
  for (const id of removed) world.remove(id)
  return removed.toSorted()
}

/** Ids of the rows that are marked as deleted, sorted. */
export async function markedIds({ pool }: TestDatabase): Promise<string[]> {
  const { rows } = await pool.query<{ id: string }>(
    'select id from llamacloud.classify_jobs where deleted_at is not null',
  )
  return rows.map((row) => row.id).toSorted()
}

/** Times that each job to be asked for again was missed, by id. */
export async function missesOf({ pool }: TestDatabase): Promise<Record<string, number>> {
  const { rows } = await pool.query<{ id: string; misses: number }>(
    'select job_id as id, misses from llamacloud_sync.open_jobs order by job_id',
  )
  return Object.fromEntries(rows.map(({ id, misses }) => [id, misses]))
}

/** What a walk leaves while it is under way. */
export async function walkLeftovers({ pool }: TestDatabase): Promise<{ walks: number; walked: number }> {
  const { rows } = await pool.query<{ walks: number; walked: number }>(
    `select (select count(*)::int from llamacloud_sync.walks) as walks,
      (select count(*)::int from llamacloud_sync.walked_jobs) as walked`,
  )
  return rows[0]!
}

export const NOTHING_LEFT = { walks: 0, walked: 0 }

/** Whether a request belongs to a walk: the only listing without time filters and ids. */
export function isOfWalk(query: URLSearchParams): boolean {
  return !query.has('job_ids') && !query.has('created_at_on_or_after')
}
