import { FilterIgnoredError } from '../../errors.ts'
import { quarantinedIds, quarantineId, releaseIds } from '../../store/quarantine.ts'
import type { Instant } from '../../values/instant.ts'
import type { Committer } from '../commit/committer.ts'
import { failureOf } from '../isolation.ts'
import { rotated } from '../rotated.ts'
import { commitRun, isPast, type RunContext, turnsUntil } from '../run.ts'
import { askById } from './ask.ts'
import { halved, idBatches } from './batches.ts'

/** So many requests of one run try again what is set aside. */
const MOST_TRIES = 20

/** Why these cannot be asked for; undefined when they can. */
export async function failureOfIds(
  run: RunContext,
  ids: readonly string[],
  committer: Committer<null>,
): Promise<string | undefined> {
  try {
    return await failureOf(run, () => askById(run, ids, committer, { attempts: 'one' }))
  } catch (error) {
    if (!(error instanceof FilterIgnoredError)) throw error
    return run.explain(error).message
  }
}

export async function setAside(run: RunContext, id: string, reason: string): Promise<void> {
  run.projects.lapse(id)
  run.log.warn({ id, reason }, 'The API fails for a job: it is set aside and retried later.')
  const { lease } = run
  await commitRun(run, (client) => quarantineId(client, lease.source, { id, reason, now: lease.now() }))
}

/**
 * What makes requests fail must not take others with it, nor be asked for beside them. What was never tried by itself may
 * only have been beside it, and may be many: such are tried together, and halved where they fail. What no request is left
 * for stays due.
 */
export async function retryQuarantined(
  run: RunContext,
  at: Instant,
  committer: Committer<null>,
): Promise<void> {
  const aside = await quarantinedIds(run.pool, run.lease.source, at)
  for (const { id } of aside) run.projects.lapse(id)
  const due = aside.filter(({ isDue }) => isDue)
  const alone = due.filter(({ tries }) => tries > 1).slice(0, MOST_TRIES / 2)
  const left = [...alone.map(({ id }) => [id]), ...untried(run, due)].toReversed()
  const mayBegin = turnsUntil(run.deadline, run)
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    const ids = left.pop()
    if (!ids || !mayBegin()) return
    const reason = await failureOfIds(run, ids, committer)
    if (reason === undefined) {
      const { lease, refused } = run
      const released = ids.filter((id) => !refused.has(id))
      await commitRun(run, (client) => releaseIds(client, lease.source, released, lease.now()))
    } else if (ids.length > 1) left.push(...halved(ids))
    else for (const id of ids) await setAside(run, id, reason)
  }
}

/** In batches, not always the same: the one at fault must not be the first each time. */
function untried(
  run: RunContext,
  due: readonly { readonly id: string; readonly tries: number }[],
): readonly (readonly string[])[] {
  const ids = due.filter(({ tries }) => tries <= 1).map(({ id }) => id)
  // Of a batch that fails, nothing would be learned in the time that is left.
  const most = isPast(run.deadline, run) || !run.jobs.asksById ? 1 : run.jobs.pageSize.mostIds
  return idBatches(rotated(ids, run.random), most)
}
