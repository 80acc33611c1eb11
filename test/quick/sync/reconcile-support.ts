import { generate } from '../../../src/simulator/generate.ts'
import type { JsonObject } from '../../../src/simulator/json.ts'
import type { World } from '../../../src/simulator/world.ts'
import { reconcileOnce } from '../../../src/sync/cycle.ts'
import type { RunLimits, RunResult, Source } from '../../../src/sync/source.ts'
import { type Difference, verify } from '../../../src/sync/verify.ts'
import { DAY, HOUR } from '../../../src/values/instant.ts'
import type { TestDatabase } from '../../support/database.ts'
import { createHarness, type Harness, type HarnessOptions } from '../../support/harness.ts'

export const UNLIMITED: RunLimits = { signal: new AbortController().signal, maxRuntimeMs: null }

/** A world of old jobs that are all done, and a source that has synced it. */
export async function filled(jobs: number, options?: HarnessOptions): Promise<Harness> {
  const harness = await createHarness(options)
  const { world, now, sync } = harness
  generate(world, { seed: 3, jobs, from: now() - 20 * DAY, to: now() - 2 * DAY, fate: { stuckShare: 0 } })
  await sync()
  return harness
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

/** Deletes this many jobs upstream, spread over all; returns their ids, sorted. */
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

/** As far apart as two misses have to lie. */
export const APART = HOUR
