import type { PoolClient } from 'pg'
import { formatInstant, type Instant, MINUTE } from '../values/instant.ts'

/** Standbys that take over differ by less. */
const TOLERANCE = MINUTE

/**
 * What was noted by a clock that was ahead, $2 being the present: the head was read when the API's clock said so, a span is
 * due as long after its reading as it was, all else now. A miss of that time may have come too early to be the second one.
 */
const TAKE_BACK = [
  `update llamacloud_sync.sources
  set head_read_at = case when head_read_at > $2 then least(head_until, $2) else head_read_at end,
    probed_at = least(probed_at, $2), dark_since = least(dark_since, $2)
  where name = $1`,
  `update llamacloud_sync.spans
  set due_at = case when reason is null then due_at - (read_at - $2::timestamptz) else $2 end,
    fresh_at = fresh_at - (read_at - $2::timestamptz), read_at = $2, quarantined_at = least(quarantined_at, $2)
  where source = $1 and read_at > $2`,
  `update llamacloud_sync.spans
  set due_at = $2, fresh_at = least(fresh_at, $2), quarantined_at = least(quarantined_at, $2)
  where source = $1 and due_at > $2 and (read_at is null or reason is not null)`,
  `update llamacloud_sync.rechecks
  set due_at = $2, noted_at = least(noted_at, $2), seen_at = least(seen_at, $2),
    missed_at = case when missed_at < 'infinity' then least(missed_at, $2) else missed_at end,
    missed_again_at = case when missed_again_at <= $2 then missed_again_at end,
    gone_at = least(gone_at, $2), quarantined_at = least(quarantined_at, $2)
  where source = $1 and due_at > $2`,
  `update llamacloud_sync.credit_checks set due_at = $2
  where source = $1 and due_at > $2 and due_at < 'infinity'`,
  `update llamacloud_sync.lookups set due_at = $2 where source = $1 and due_at > $2`,
  `update llamacloud_sync.runs
  set started_at = least(started_at, $2), finished_at = least(finished_at, $2)
  where source = $1 and started_at > $2`,
]

/**
 * A run began later than now, or the head was read then: the clock of the database was ahead and has stepped back. Left as
 * they are, all times that were noted meanwhile would come due when it is there again.
 */
export async function followClockBack(
  client: PoolClient,
  source: string,
  { now, noted }: { readonly now: Instant; readonly noted: readonly (Instant | null)[] },
): Promise<boolean> {
  if (!noted.some((at) => at !== null && at > now + TOLERANCE)) return false
  for (const statement of TAKE_BACK) await client.query(statement, [source, formatInstant(now)])
  return true
}
