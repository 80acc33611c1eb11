import type { PoolClient } from 'pg'
import { dropCreditChecks } from '../../store/credit-checks.ts'
import { believablyGone, countHeld, countMissed, noteGone } from '../../store/misses.ts'
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
  const areMany = (await countMissed(pool, lease.source, enough)) >= enough
  const apart = areMany ? DAY : missesApart(run)
  if (areMany) await warnOfMany(run)
  await markInChunks(run, (client, limit) => believablyGone(client, lease.source, { apart, limit }))
}

async function warnOfMany({ pool, lease, log }: RunContext): Promise<void> {
  const held = await countHeld(pool, lease.source)
  log.warn(
    { held },
    `${held} jobs are missing upstream. So many are marked as deleted only after a day. ${howToAccept(lease.source, held)}`,
  )
}

/** For people: what to do when held jobs were really deleted. */
export function howToAccept(source: string, held: number): string {
  return `If they were deleted, \`llamacloud-sync accept-deletions ${source} --expect ${held}\` marks them now.`
}

/** Marks what `choose` finds, until it finds no more. */
export async function markInChunks(
  run: RunContext,
  choose: (client: PoolClient, limit: number) => Promise<string[]>,
): Promise<void> {
  const { lease, signal } = run
  for (;;) {
    // A clean-up of millions takes minutes: who stops the worker does not wait for all of it.
    signal.throwIfAborted()
    const observation = lease.observe()
    const marked = await commitRun(run, async (client) => {
      const ids = await choose(client, CHUNK)
      const deletions = await run.jobs.markGone(client, ids, observation.at)
      await noteGone(client, lease.source, ids, lease.now())
      await dropCreditChecks(client, lease.source, ids)
      return { result: ids, counts: { deletions } }
    })
    observation.end()
    for (const id of marked) run.projects.lapse(id)
    if (marked.length < CHUNK) return
  }
}
