import { type Instant, MINUTE, parseInstant } from '../values/instant.ts'
import type { Comparison } from './job-list.ts'

/** The API's present is known to a second and the travel of a reply (A14); a job may be younger than that. */
const PRESENT_WITHIN = MINUTE

/** The span of created_at in which every job must be stored (I8), and the API's present as far as it is known. */
export interface Promised {
  readonly from: Instant
  readonly to: Instant
  readonly present: Instant
}

/**
 * Whether a worker will see to it by itself: an open job that has changed, a job newer than what the head has made sure
 * of, or one of the history that is not read yet.
 */
export function isInFlight(
  { open, behind, missing }: Comparison,
  createdAt: string | null,
  { from, to, present }: Promised,
): boolean {
  if (open && behind) return true
  const created = createdAt === null ? undefined : parseInstant(createdAt)
  if (!missing || created === undefined) return false
  return created < from || (created > to && created <= present + PRESENT_WITHIN)
}
