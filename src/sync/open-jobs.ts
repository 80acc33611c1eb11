import { dueOpenJobs, earlyOpenJobs, noteMisses } from '../store/open-jobs.ts'
import { type Instant, SECOND } from '../values/instant.ts'
import { askById, idBatches } from './ask-by-id.ts'
import { Committer } from './committer.ts'
import { inLanes } from './lanes.ts'
import { isPast, presentOf, type RunContext } from './run.ts'

/** How many due jobs are looked up at once. */
const LOOK_UP = 2_000
/** So many ids go into a request. */
const IDS_A_REQUEST = 100
/** A job seen no longer ago than this before the cycle is not asked for early. */
const FRESH = 10 * SECOND
/** So much of what the head cost may be spent on jobs that are not due yet. */
const EARLY_SHARE = 1 / 3

/**
 * Asks for the open jobs again, by id, that were due at `dueAt`, until none is left: this is what makes a watermark on
 * created_at right for jobs that change (A6). Each job asked for either gets a later time of its next check, or is
 * noted as missing and not asked for again in this run, so this ends.
 *
 * Where it costs little, all other open jobs are asked for as well, so that their status is right at the end of every
 * cycle: they fill up the last request, and a busy source spends a third of its head's requests on them.
 *
 * @param dueAt by the API's clock; from before the head was read, so that what the head just showed is not asked again
 * @param headPages how many requests the head took
 * @returns false when the deadline came first
 */
export async function refreshOpenJobs(run: RunContext, dueAt: Instant, headPages: number): Promise<boolean> {
  const { source } = run.lease
  const committer = new Committer<null>(run)
  for (let isFirst = true; ; isFirst = false) {
    if (isPast(run.deadline, run)) return false
    // Where the API's clock was set back meanwhile, what was just asked for gets a time that is before `dueAt`.
    const now = Math.min(dueAt, presentOf(run))
    const due = await dueOpenJobs(run.pool, source, { now, run: run.id, limit: LOOK_UP })
    const early = isFirst ? await earlyJobs(run, dueAt, roomFor(due.length, headPages)) : []
    if (due.length + early.length === 0) return true
    const batches = idBatches([...due, ...early])
    await inLanes(
      run,
      () => batches.shift(),
      async (lane, batch) => {
        const missing = await askById(lane, batch, committer)
        if (missing.length === 0) return
        const inVain = { run: run.id, now: presentOf(run), overlap: run.options.overlap }
        const misses = await run.lease.commit((client) => noteMisses(client, source, missing, inVain))
        run.asked.missing += misses
      },
    )
  }
}

/** How many ids more than those due may be asked for. */
function roomFor(due: number, headPages: number): number {
  const requests = Math.max(Math.ceil(due / IDS_A_REQUEST), Math.floor(headPages * EARLY_SHARE))
  return due < LOOK_UP ? requests * IDS_A_REQUEST - due : 0
}

async function earlyJobs({ pool, lease, id }: RunContext, dueAt: Instant, limit: number): Promise<string[]> {
  if (limit === 0) return []
  return earlyOpenJobs(pool, lease.source, { now: dueAt, seenBefore: dueAt - FRESH, run: id, limit })
}
