import { type Instant, parseInstant } from '../../values/instant.ts'
import type { ObservedJob } from './batch.ts'

/** Statuses in which a job no longer changes. Any other, null and new ones included, is open (A9). */
export const TERMINAL_STATUSES: readonly string[] = ['COMPLETED', 'FAILED', 'CANCELLED']

/**
 * I4, here for two observations and below, by the same rule, for one and a stored row. Further apart than twice the overlap,
 * the later observation is newer: no server lags so far behind (A7), and updated_at can step back (A16). Nearer ones may
 * come from servers that lag. A job that was seen open and later terminal has ended; otherwise the greater updated_at is
 * newer, and where that does not decide (equal, or unknown on either side), the later observation. No order of three can be had
 * from that: where an earlier observation wins, the job is in doubt, and is asked for again when both are far.
 */
export function isOlder(candidate: ObservedJob, rival: ObservedJob, overlap: Instant): boolean {
  const later = instantOf(candidate) - instantOf(rival)
  if (Math.abs(later) > 2 * overlap) return later < 0
  const ended = Number(isTerminal(candidate)) - Number(isTerminal(rival))
  if (ended * later > 0) return later < 0
  const mine = candidate.job.updatedAt
  const theirs = rival.job.updatedAt
  // Canonical text (UTC, six digits) sorts as the moments do.
  if (mine !== null && theirs !== null && mine !== theirs) return mine < theirs
  return later < 0
}

export const isTerminal = ({ job }: ObservedJob): boolean =>
  job.status !== null && TERMINAL_STATUSES.includes(job.status)

function instantOf({ observedAt }: ObservedJob): Instant {
  const instant = parseInstant(observedAt)
  if (instant === undefined) throw new Error(`${observedAt} is no time of an observation`)
  return instant
}

/**
 * Whether the row `incoming`, observed at its column `observedAt`, is older than `stored`, whose content was observed at
 * synced_at. `terminal` is a parameter of text[], `overlap` one of microseconds. A mark of deletion has no updated_at. Never
 * null, or a job without updated_at could not change again.
 */
export function olderThanStored(
  incoming: string,
  observedAt: string,
  { terminal, overlap }: { readonly terminal: string; readonly overlap: string },
): string {
  const observed = `${incoming}.${observedAt}`
  const far = `${overlap}::float8 * interval '2 microseconds'`
  const isEnded = (row: string) => `(${row}.status = any (${terminal}::text[])) is true`
  const isOpen = (row: string) => `(${row}.status = any (${terminal}::text[])) is not true`
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
