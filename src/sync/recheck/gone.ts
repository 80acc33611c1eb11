import type { PoolClient } from 'pg'
import { SettingsError } from '../../errors.ts'
import { believablyGone, countHeld, heldRechecks, noteGone } from '../../store/rechecks.ts'
import { DAY } from '../../values/instant.ts'
import { commitRun, type RunContext } from '../run.ts'
import type { RunLimits, RunResult, Source } from '../source.ts'
import { underLease } from '../under-lease.ts'
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
  if (areMany) await warnOfMany(run)
  await markInChunks(run, (client, limit) => believablyGone(client, lease.source, { apart, limit }))
}

async function warnOfMany({ pool, lease, log }: RunContext): Promise<void> {
  const held = await countHeld(pool, lease.source, null)
  log.warn(
    { held },
    `${held} jobs are missing upstream, too many to be believed before a day has passed. If they were deleted, ` +
      `\`llamacloud-sync accept-deletions ${lease.source} --expect ${held}\` believes it at once.`,
  )
}

/**
 * Marks as gone, at once, all jobs that are missing: somebody knows that they were deleted.
 *
 * @throws SettingsError, before anything is changed, when they are not as many as expected
 */
export function acceptDeletions(source: Source, expected: number, limits: RunLimits): Promise<RunResult> {
  return underLease(source, 'accept-deletions', limits, async (run) => {
    const held = await countHeld(run.pool, source.name, null)
    if (held !== expected) throw new SettingsError(notAsExpected(source.name, held, expected))
    await markInChunks(run, (client, limit) => heldRechecks(client, source.name, limit))
    return true
  })
}

function notAsExpected(source: string, held: number, expected: number): string {
  const found = `The source "${source}" holds ${held} missing jobs, not ${expected}: nothing was changed.`
  if (held === 0) return `${found} No job of it waits to be believed; see \`llamacloud-sync status\`.`
  return `${found} If all ${held} were deleted on purpose, run \`llamacloud-sync accept-deletions ${source} --expect ${held}\`.`
}

/** Marks what `choose` finds, until it finds no more. */
async function markInChunks(
  run: RunContext,
  choose: (client: PoolClient, limit: number) => Promise<string[]>,
): Promise<void> {
  const { lease } = run
  for (;;) {
    const observation = lease.observe()
    const marked = await commitRun(run, async (client) => {
      const ids = await choose(client, CHUNK)
      const deletions = await run.jobs.markGone(client, ids, observation.at)
      await noteGone(client, lease.source, ids, lease.now())
      return { result: ids.length, counts: { deletions } }
    })
    observation.end()
    if (marked < CHUNK) return
  }
}
