import { observationTime } from '../../store/lease.ts'
import { believablyGone, countHeld, noteGone } from '../../store/rechecks.ts'
import { DAY } from '../../values/instant.ts'
import { commitRun, type RunContext } from '../run.ts'
import { missesApart } from './ask.ts'

/** More missing jobs than this, and more than this share of those asked for, are believed a day later. */
const MANY = 50
const MANY_SHARE = 0.2
/** How many jobs are marked in one transaction. */
const CHUNK = 2_000

/**
 * Marks as gone what was missed twice, far enough apart. What is missing in numbers may be a part of the API that does not
 * show (A18), or a clean-up (A15): only a day tells them apart. Until then it is held.
 */
export async function markGone(run: RunContext): Promise<void> {
  const { lease, pool, asked } = run
  const enough = Math.max(MANY, Math.ceil((MANY_SHARE / (1 - MANY_SHARE)) * asked.returned)) + 1
  const areMany = (await countHeld(pool, lease.source, enough)) >= enough
  const apart = areMany ? DAY : missesApart(run)
  for (;;) {
    const marked = await commitRun(run, async (client) => {
      const ids = await believablyGone(client, lease.source, { apart, limit: CHUNK })
      const deletions = await run.jobs.markGone(client, ids, observationTime(lease))
      await noteGone(client, lease.source, ids, lease.now())
      return { result: ids.length, counts: { deletions } }
    })
    if (marked < CHUNK) return
  }
}
