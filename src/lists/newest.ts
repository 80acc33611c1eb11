import { type Instant, parseInstant } from '../values/instant.ts'
import type { ObservedJob } from './batch.ts'
import { isEnd, isEndSql, type List } from './list.ts'

export interface Precedence {
  readonly list: Pick<List, 'ends'>
  /** How late a change may become visible. */
  readonly overlap: Instant
}

/**
 * I4, here for two observations and below, by the same rule, for one and a stored row. Further apart than twice the overlap,
 * the later observation is newer: no server lags so far behind (A7), and updated_at can step back (A16). Nearer ones may
 * come from servers that lag. A job that was seen open and later terminal has ended; otherwise the greater updated_at is
 * newer, and where that does not decide (equal, or unknown on either side), the later observation. No order of three can be had
 * from that: where an earlier observation wins, the job is in doubt, and is asked for again when both are far.
 */
export function isOlder(candidate: ObservedJob, rival: ObservedJob, { list, overlap }: Precedence): boolean {
  const later = instantOf(candidate) - instantOf(rival)
  if (Math.abs(later) > 2 * overlap) return later < 0
  const ended = Number(isEnd(list, candidate.job.status)) - Number(isEnd(list, rival.job.status))
  if (ended * later > 0) return later < 0
  const mine = candidate.job.updatedAt
  const theirs = rival.job.updatedAt
  // Canonical text (UTC, six digits) sorts as the moments do.
  if (mine !== null && theirs !== null && mine !== theirs) return mine < theirs
  return later < 0
}

function instantOf({ observedAt }: ObservedJob): Instant {
  const instant = parseInstant(observedAt)
  if (instant === undefined) throw new Error(`${observedAt} is no time of an observation`)
  return instant
}

/**
 * Whether the row `incoming`, observed at its column `observedAt`, is older than `stored`, whose content was observed at
 * synced_at. `ends` is a parameter of text[], `overlap` one of microseconds. A mark of deletion has no updated_at. Never
 * null, or a job without updated_at could not change again.
 */
export function olderThanStored(
  incoming: string,
  observedAt: string,
  { ends, overlap }: { readonly ends: string; readonly overlap: string },
): string {
  const observed = `${incoming}.${observedAt}`
  const far = `${overlap}::float8 * interval '2 microseconds'`
  const isEnded = (row: string) => `(${isEndSql(`${row}.status`, ends)}) is true`
  const isOpen = (row: string) => `(${isEndSql(`${row}.status`, ends)}) is not true`
  return `(case
    when ${observed} > stored.synced_at + ${far} then false
    when ${observed} < stored.synced_at - ${far} then true
    when ${observed} > stored.synced_at and ${isEnded(incoming)} and ${isOpen('stored')} then false
    when ${observed} < stored.synced_at and ${isOpen(incoming)} and ${isEnded('stored')} then true
    when stored.deleted_at is null and ${incoming}.updated_at <> stored.updated_at
      then ${incoming}.updated_at < stored.updated_at
    else ${observed} < stored.synced_at
  end)`
}
