import type { PoolClient } from 'pg'
import { dropCreditChecks } from '../../store/credit-checks.ts'
import { believablyGone, countHeld, countMissed, noteGone, openMissedTwice } from '../../store/misses.ts'
import { DAY } from '../../values/instant.ts'
import { Committer } from '../commit/committer.ts'
import { failureOf } from '../isolation.ts'
import { commitCounted, type RunContext, turnsUntil } from '../run.ts'
import { readListing } from './answer.ts'
import { missesApart } from './ask.ts'
import { whereCreated } from './located.ts'
import { neighbours } from './neighbours.ts'

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
  const open = await notListed(run, await openMissedTwice(pool, lease.source, { apart, limit: CHUNK }))
  await markInChunks(run, (client, limit) => believablyGone(client, lease.source, { apart, limit, open }))
}

/**
 * Of these open jobs, those that no listing returns either: they were missed by id alone, and what answers by id may lag
 * hours behind the lists (A18). What comes is no longer missing. Where the listing fails, the ids alone tell.
 */
async function notListed(run: RunContext, ids: readonly string[]): Promise<string[]> {
  if (ids.length === 0 || !run.jobs.asksById) return [...ids]
  const committer = new Committer<null>(run)
  const mayBegin = turnsUntil(run.deadline, run)
  const { groups, unplaced } = await neighbours(run, ids)
  const missing = [...unplaced]
  for (const group of groups) {
    if (!mayBegin()) break
    const bounds = await whereCreated(run, group)
    if (!bounds) continue
    let left: Iterable<string> = group
    const failure = await failureOf(run, async () => {
      const answer = await readListing(run, group, committer, { ...bounds, attempts: 'one' })
      if (answer !== 'expired') left = answer.missing
    })
    if (failure !== undefined) run.log.debug({ failure }, 'Missing jobs could not be listed.')
    missing.push(...left)
  }
  return missing
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
    const marked = await commitCounted(run, async (client) => {
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
