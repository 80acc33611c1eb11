import { HOUR, type Instant, parseInstant, SECOND } from '../values/instant.ts'

const LONGEST = 6 * HOUR
const SHORTEST = SECOND
/** A job that has no created_at tells nothing of its age. */
const WITHOUT_AGE = HOUR

/**
 * When an open job, seen at `now` by the API's clock, is to be asked for again: after a tenth of its age, at most 6 h.
 * A young job is so due in every cycle, and one that is stuck costs next to nothing.
 *
 * @param createdAt canonical text, or null where the API gave none (A11)
 */
export function nextCheckAt(createdAt: string | null, now: Instant): Instant {
  const created = createdAt === null ? undefined : parseInstant(createdAt)
  const interval = created === undefined ? WITHOUT_AGE : Math.floor((now - created) / 10)
  return now + Math.min(LONGEST, Math.max(SHORTEST, interval))
}
