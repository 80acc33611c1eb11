import { DeletionBrakeError } from '../errors.ts'
import { observationTime } from '../store/lease.ts'
import { controlIds, markDeleted } from '../store/listed-jobs.ts'
import { countMisses, forgetOpenJobs, hasMisses } from '../store/open-jobs.ts'
import { addToRun, NO_COUNTS } from '../store/runs.ts'
import { askById, idBatches } from './ask-by-id.ts'
import { Committer } from './committer.ts'
import { inLanes } from './lanes.ts'
import type { AskedById, RunContext } from './run.ts'

/** A job is marked after it was asked for in vain in so many runs. */
const MISSES_TO_DELETE = 2
/** More missing than this, and more than this share of what was asked for, is not believed, true as it may be (A15). */
const MOST_MISSING = 50
const MOST_MISSING_SHARE = 0.2
/** At least so many jobs that should be there are asked for beside the missing ones. */
const FEWEST_CONTROLS = 10
/** How many jobs are looked up, or marked in one transaction, at once. */
const CHUNK = 2_000

/**
 * The end of a run: counts what it asked for in vain, and marks as deleted what was missing in two runs. Before that
 * it asks for other jobs, which should be there, until their answer tells whether the API can be believed; where it
 * cannot, nothing is counted and nothing marked.
 *
 * @throws DeletionBrakeError
 */
export async function settleMisses(run: RunContext): Promise<void> {
  if (run.asked.missing === 0 || !(await hasMisses(run.pool, run.lease.source, run.id))) return
  const controls = await askControls(run)
  if (isBeyondBelief(run.asked, controls)) throw brakeError(run)
  let settled: number
  do settled = await settleChunk(run)
  while (settled > 0)
}

/**
 * Whether the missing ids look like a wrong key (A20) or a broken API (A18) instead of a clean-up. Some job that should
 * be there has to come: an account in which nothing is left cannot be told from one that the key does not open.
 */
export function isBeyondBelief(asked: AskedById, controls: AskedById): boolean {
  const noneCame = controls.missing === controls.ids
  return noneCame || (asked.missing > MOST_MISSING && asked.missing > MOST_MISSING_SHARE * asked.ids)
}

/**
 * Asks for jobs that should be there until the missing ones are no more than a fifth of all ids asked for, or there are
 * no others. Without them a reconcile that found a few deleted jobs, and asked only for those, would look like a broken
 * API. What is asked counts in `run.asked` as well.
 */
async function askControls(run: RunContext): Promise<AskedById> {
  const before = { ...run.asked }
  const committer = new Committer<null>(run)
  let offset = 0
  for (;;) {
    const enough = Math.ceil(before.missing / MOST_MISSING_SHARE) - run.asked.ids
    const limit = Math.min(CHUNK, Math.max(FEWEST_CONTROLS - offset, enough))
    if (limit <= 0) break
    const ids = await controlIds(run.pool, run.jobs.table, run.lease.source, { run: run.id, limit, offset })
    if (ids.length === 0) break
    offset += ids.length
    const batches = idBatches(ids)
    await inLanes(
      run,
      () => batches.shift(),
      async (lane, batch) => {
        const missing = await askById(lane, batch, committer)
        run.asked.missing += missing.length
      },
    )
  }
  return { ids: run.asked.ids - before.ids, missing: run.asked.missing - before.missing }
}

async function settleChunk(run: RunContext): Promise<number> {
  const { source } = run.lease
  const { settled, deletions } = await run.lease.commit(async (client) => {
    const missed = await countMisses(client, source, run.id, CHUNK)
    const gone = missed.filter(({ misses }) => misses >= MISSES_TO_DELETE).map(({ jobId }) => jobId)
    const marked = await markDeleted(client, run.jobs.table, source, {
      ids: gone,
      observedAt: observationTime(run.lease),
    })
    await forgetOpenJobs(client, source, gone)
    await addToRun(client, run.id, { ...NO_COUNTS, deletions: marked })
    return { settled: missed.length, deletions: marked }
  })
  run.tally.add({ deletions })
  return settled
}

function brakeError({ asked, lease }: RunContext): DeletionBrakeError {
  return new DeletionBrakeError(
    `The API did not return ${asked.missing} of ${asked.ids} jobs of the source "${lease.source}" that it was asked for by ` +
      'id. That is what the key of another project, or a broken API, looks like, and not a clean-up: nothing was marked ' +
      'as deleted. Check that LLAMA_CLOUD_API_KEY, LLAMA_CLOUD_PROJECT_ID and LLAMA_CLOUD_ORGANIZATION_ID are those that ' +
      'the source was synced with, and run it again. Jobs that really were deleted are marked once they are no more than a fifth ' +
      'of those asked for and the API shows others.',
  )
}
