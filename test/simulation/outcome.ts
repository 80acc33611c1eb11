import { ApiUnavailableError, AppError, ScopeChangedError, WrongProjectError } from '../../src/errors.ts'
import type { RunResult } from '../../src/sync/source.ts'
import type { Instant } from '../../src/values/instant.ts'
import type { Around, How } from './checks.ts'

/** How a process came out of a cycle. */
export type Ended = { readonly result: RunResult } | { readonly error: unknown } | 'killed' | 'stopped'

/** Whether it says that all was done, but what is in quarantine. */
export function hasSucceeded(ended: Ended): boolean {
  if (typeof ended !== 'object' || !('result' in ended)) return false
  return ended.result.outcome === 'succeeded' || ended.result.outcome === 'degraded'
}

/** Whether it took the key for that of another project. */
export function isWrongKey(ended: Ended): boolean {
  return typeof ended === 'object' && 'error' in ended && ended.error instanceof WrongProjectError
}

/** What a cycle says of itself, held against what was done to it and what the tables say. */
export function brokenOutcome(ended: Ended, around: Around & { readonly heldUntil: Instant }): string[] {
  if (typeof ended === 'string') return []
  if ('error' in ended) return brokenFailure(ended.error, around)
  const { plan, before, began, scenario } = around
  const { outcome } = ended.result
  const lines = brokenSuccess(ended.result, around)
  // Exactly, by the database's clock; and no longer than this, whatever became of the renewals.
  const isSurelyHeld = (before.heldUntil ?? 0) > began + scenario.databaseSkew
  if (isSurelyHeld && outcome !== 'busy' && !around.isReset)
    return [...lines, 'I6: it took a lease that another worker holds']
  const isHeld = began < around.heldUntil
  return plan.isFaultFree && outcome === 'busy' && !isHeld
    ? [...lines, 'nobody has the lease, yet it is busy']
    : lines
}

function brokenSuccess({ outcome }: RunResult, { after, isReset }: Around): string[] {
  if (outcome !== 'succeeded' && outcome !== 'degraded') return []
  const lines: string[] = []
  const noted = after.runs.at(-1)
  if (noted?.outcome !== outcome && !isReset) lines.push(`${outcome} is noted as ${noted?.outcome}`)
  const isQuarantined =
    after.spans.some((span) => span.isQuarantined) ||
    [...after.rechecks.values()].some((job) => job.isQuarantined)
  if (isQuarantined !== (outcome === 'degraded'))
    lines.push(`it ${outcome}, and in quarantine is something: ${isQuarantined}`)
  return lines
}

function brokenFailure(error: unknown, around: Around & { readonly heldUntil: Instant }): string[] {
  const { plan, upstream, before, after, began, ended, heldUntil, isReset, isAlone, visible } = around
  if (error instanceof TypeError || error instanceof RangeError) return [`a bug: ${error.stack}`]
  // Else the last run may be that of the worker that took over: this one may have failed before it noted its own.
  const isOwn = isAlone && after.runs.length === before.runs.length + 1
  if (isOwn && !isReset && after.runs.at(-1)?.outcome === 'succeeded')
    return [`noted as a success, and failed: ${error}`]
  // Under another name as long as the old one is held.
  const isTaken = error instanceof ScopeChangedError && plan.mishap?.kind === 'renamed' && began < heldUntil
  // Nobody can tell whose the key is while the project is empty.
  const isUndecided = error instanceof ApiUnavailableError && plan.mishap?.kind === 'renamed' && visible === 0
  const mayFail =
    !plan.isFaultFree ||
    (error instanceof AppError && (isTaken || isUndecided || !upstream.isClear(began, ended)))
  return mayFail ? [] : [`it failed without a fault: ${error}`]
}

export function describe(plan: How): string {
  const mishap = plan.mishap ? `, ${plan.mishap.kind}` : ''
  if (plan.isFaultFree) return `${plan.kind}${mishap} without faults`
  const { knobs, database, wallSkew, maxRuntimeMs } = plan
  const set = Object.entries({ ...knobs, ...database, wallSkew, maxRuntimeMs }).filter(([, value]) => value)
  return `${plan.kind}${mishap} with ${set.map(([name, value]) => `${name} ${short(value)}`).join(', ')}`
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
