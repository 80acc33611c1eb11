import { StoredJobsLostError } from '../errors.ts'
import { forgetCoverage, noteDarkness, noteInterval, noteProbe } from '../store/coverage.ts'
import { sqlState } from '../store/database-error.ts'
import { countStored } from '../store/jobs-by-id.ts'
import { idsOutside, oldestIn } from '../store/listed-jobs.ts'
import { countHeld } from '../store/misses.ts'
import type { Outlook } from '../store/outlook.ts'
import { transaction } from '../store/pool.ts'
import { forgetCanaries, saveProjects } from '../store/projects.ts'
import { clearSpans, fillGaps, putSpans, respectInterval } from '../store/put-spans.ts'
import { suspectMissing } from '../store/rechecks.ts'
import { firstSpan, newestSpans, oldestSpans, unreadSpan } from '../store/spans.ts'
import { markUnsummed } from '../store/sums.ts'
import { DAY, formatInstant, type Instant } from '../values/instant.ts'
import { MOST_IDS } from './recheck/batches.ts'
import { howToAccept } from './recheck/gone.ts'
import { commitProgress, commitRun, type RunContext } from './run.ts'
import { type HeadSight, lookAtHead, MOST_SPANS } from './timeline/head.ts'

/** So many of the oldest jobs are asked for each day, by one request beside a known one: retention takes those first (A15). */
const PROBED = MOST_IDS - 1
const UNDEFINED_TABLE = '42P01'

/**
 * Looks at the spans beside the head, and holds what is said to be covered against what is stored: the canaries were stored, and no
 * worker removes a job (I13). When half of them have gone, somebody truncated or restored the table: everything is to be read
 * again.
 *
 * @throws StoredJobsLostError when the tables themselves have gone
 */
export async function lookAndCheck(run: RunContext): Promise<HeadSight> {
  const { pool, lease, jobs, projects, firstHead: head } = run
  const ids = projects.canaries
  const tellIfLost = (error: unknown) => {
    if (sqlState(error) !== UNDEFINED_TABLE) throw error
    throw new StoredJobsLostError(
      `The table ${jobs.table.name} does not exist, although jobs were stored: somebody renamed or dropped it. Rename it back, or restore a backup of the ` +
        'database. Or read everything again: run `drop schema if exists llamacloud cascade` and `drop schema llamacloud_sync cascade`, then start again.',
    )
  }
  const { stored, newest } = await transaction(pool, async (client) => ({
    stored: await countStored(client, jobs.table, ids).catch(tellIfLost),
    newest: await newestSpans(client, lease.source, MOST_SPANS),
  }))
  if (ids.length === 0 || stored > ids.length / 2) return { head, newest }
  run.log.warn(
    { looked: ids.length, stored },
    `Somebody removed jobs from ${jobs.table.name}: reading everything again.`,
  )
  run.jobs.forget()
  await commitProgress(run, async (client) => {
    const { source } = lease
    const first = await firstSpan(client, source)
    await clearSpans(client, source)
    // It goes back as far as before: a backfill may have been further back than SYNC_START_AT.
    if (first && head)
      await putSpans(client, source, [unreadSpan({ lower: first.lower, upper: head.from }, lease.now())])
    await forgetCoverage(client, source)
    await forgetCanaries(client, source)
  })
  projects.forgetCanaries()
  return lookAtHead(pool, lease.source)
}

/** The timeline begins at SYNC_START_AT, or earlier; the setting may have been moved back. */
export async function extendTo(run: RunContext, begin: Instant, { begin: first }: Outlook): Promise<void> {
  const { lease } = run
  if (first === null || first <= begin) return
  await commitProgress(run, (client) =>
    putSpans(client, lease.source, [unreadSpan({ lower: begin, upper: first }, lease.now())]),
  )
}

/** The spans follow SYNC_RECONCILE_EVERY also where it was changed after they were read. */
export async function followInterval(run: RunContext, { head, reconcileEvery }: Outlook): Promise<void> {
  const { lease, options } = run
  const every = options.reconcileEveryMs === null ? null : options.reconcileEveryMs / 1_000
  if (head === null || reconcileEvery === every) return
  await commitProgress(run, async (client) => {
    await respectInterval(client, lease.source, { every, olderThan: DAY })
    await noteInterval(client, lease.source, every)
  })
}

/** Once a day: the oldest jobs, and those that no span holds, are asked for by id; what is missing of the timeline is unread. */
export async function probe(run: RunContext, { probedAt }: Outlook): Promise<void> {
  const { pool, lease, jobs, owner } = run
  const now = lease.now()
  if (probedAt !== null && now - probedAt < DAY) return
  await checkSums(run)
  const first = await firstSpan(pool, lease.source)
  const [oldest] = await oldestSpans(pool, lease.source, 1)
  const ids = oldest ? await oldestIn(pool, jobs.table, owner(), { ...oldest, limit: PROBED }) : []
  const outside = first ? await idsOutside(pool, jobs.table, owner(), first.lower) : []
  await commitProgress(run, async (client) => {
    await fillGaps(client, lease.source, now)
    await suspectMissing(client, lease.source, [...new Set([...ids, ...outside])], now)
    await noteProbe(client, lease.source, now)
  })
}

/** Statistics lack days whose sums somebody removed, until they are marked. */
export async function checkSums({ pool, jobs, log }: RunContext): Promise<void> {
  if (jobs.sums === null) return
  const days = await markUnsummed(pool, jobs.sums, jobs.table.name)
  if (days > 0)
    log.warn({ days }, `Somebody removed sums of ${jobs.table.name}: summing these days up again.`)
}

/** At a run's end: which jobs are known now, and whether the API shows anything at all. */
export async function noteProjects(
  run: RunContext,
  { darkSince }: Pick<Outlook, 'darkSince'>,
): Promise<void> {
  const { lease, projects, tally } = run
  // Whoever knows of no job any more cannot miss one.
  const isLit = tally.counts.received > 0 || projects.canaries.length === 0
  const isDark = projects.nothingCame || (darkSince !== null && !isLit)
  const since = isDark ? (darkSince ?? lease.now()) : null
  if (since !== null) await warnOfDarkness(run, since)
  const renewed = projects.renewed(tally.counts.inserted > 0)
  if (renewed.size === 0 && since === darkSince) return
  await commitRun(run, async (client) => {
    await saveProjects(client, lease.source, renewed)
    if (since !== darkSince) await noteDarkness(client, lease.source, since)
  })
}

async function warnOfDarkness({ pool, lease, log }: RunContext, since: Instant): Promise<void> {
  const held = await countHeld(pool, lease.source)
  const cure = held === 0 ? '' : ` Jobs missing upstream: ${held}. ${howToAccept(lease.source, held)}`
  log.warn(
    { since: formatInstant(since), held },
    `The API returns none of the known jobs. Nothing is marked as deleted while that lasts.${cure}`,
  )
}
