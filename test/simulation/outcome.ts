import { AppError, DeletionBrakeError } from '../../src/errors.ts'
import type { RunResult } from '../../src/sync/source.ts'
import type { Instant } from '../../src/values/instant.ts'
import type { Around } from './checks.ts'
import type { CyclePlan } from './draw.ts'

export type How = Omit<CyclePlan, 'gap' | 'sameProcess'>

/** How a process came out of a cycle. */
export type Ended = { readonly result: RunResult } | { readonly error: unknown } | 'killed' | 'stopped'

export function hasSucceeded(ended: Ended): boolean {
  return typeof ended === 'object' && 'result' in ended && ended.result.outcome === 'succeeded'
}

/** What a cycle says of itself, held against what was done to it and what the tables say. */
export function brokenOutcome(
  plan: How,
  ended: Ended,
  around: Around & { readonly heldUntil: Instant },
): string[] {
  const noted = around.after.runs.at(-1)
  if (hasSucceeded(ended) && noted?.outcome !== 'succeeded')
    return [`a success is noted as ${noted?.outcome}`]
  if (typeof ended === 'string') return []
  if ('error' in ended) return brokenFailure(plan, ended.error, around)
  const { before, began, scenario } = around
  // Exactly, by the database's clock; and no longer than this, whatever became of the renewals.
  const isSurelyHeld = (before.heldUntil ?? 0) > began + scenario.databaseSkew
  if (isSurelyHeld && ended.result.outcome !== 'busy')
    return ['I6: it took a lease that another worker holds']
  const isHeld = began < around.heldUntil
  return plan.isFaultFree && ended.result.outcome === 'busy' && !isHeld
    ? ['nobody has the lease, yet it is busy']
    : []
}

function brokenFailure({ isFaultFree }: How, error: unknown, { scenario, before, after }: Around): string[] {
  if (error instanceof TypeError || error instanceof RangeError) return [`a bug: ${error.stack}`]
  // With more than one, the last run is that of the worker that took over.
  const isOwn = after.runs.length === before.runs.length + 1
  if (isOwn && after.runs.at(-1)?.outcome === 'succeeded') return [`noted as a success, and failed: ${error}`]
  // Jobs that were deleted can look like a broken API in a small world.
  const mayBrake = error instanceof DeletionBrakeError && scenario.lives.some((life) => life.isDeleted)
  const mayFail = !isFaultFree || (error instanceof AppError && mayBrake)
  return mayFail ? [] : [`it failed without a fault: ${error}`]
}

export function describe(plan: How): string {
  if (plan.isFaultFree) return `${plan.kind} without faults`
  const { knobs, database, wallSkew, maxRuntimeMs } = plan
  const set = Object.entries({ ...knobs, ...database, wallSkew, maxRuntimeMs }).filter(([, value]) => value)
  return `${plan.kind} with ${set.map(([name, value]) => `${name} ${short(value)}`).join(', ')}`
}

function short(value: unknown): string {
  return typeof value === 'object' ? JSON.stringify(value) : Number(value).toPrecision(2)
}

export function describeEnd(ended: Ended): string {
  if (typeof ended === 'string') return ended
  if ('error' in ended) return `failed: ${causes(ended.error)}`
  const { outcome, counts, requests } = ended.result
  return `${outcome}, ${requests} requests, received ${counts.received}, inserted ${counts.inserted}, updated ${counts.updated}, stale ${counts.stale}`
}

function causes(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const cause = error.cause === undefined ? '' : ` < ${causes(error.cause)}`
  return `${error.name}: ${error.message.slice(0, 300)}${cause}`
}
