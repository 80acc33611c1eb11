import type { RunKind } from '../../src/store/runs.ts'
import { type Instant, MINUTE, SECOND } from '../../src/values/instant.ts'
import type { Scenario } from './draw.ts'
import { isVisibleDuring, type Life, revisionAt } from './draw-jobs.ts'
import type { Observed, StoredRun } from './observe.ts'

/** What was seen before a cycle and after it, and when. */
export interface Around {
  readonly scenario: Scenario
  readonly kind: RunKind
  readonly isFaultFree: boolean
  readonly before: Observed
  readonly after: Observed
  /** The API's time, which is the world's. */
  readonly began: Instant
  /** Items of the pages that reached a worker in between. */
  readonly delivered: number
  readonly ended: Instant
}

/** What holds after every cycle, whatever happened in it. Each line is a broken promise. */
export function brokenAlways(around: Around): string[] {
  return [
    ...unaccounted(around),
    ...shrunk(around),
    ...holes(around),
    ...regressed(around),
    ...forgotten(around),
    ...rash(around),
  ]
}

/** What also holds after a cycle that says of itself that it has succeeded. */
export function brokenAfterSuccess(around: Around): string[] {
  const { scenario, kind, isFaultFree, after, began } = around
  const lines: string[] = []
  const { coverage } = after
  // The API's clock is told in whole seconds, and a reply takes its time: with retries, more. A head that is behind by
  // less than a minute has caught up.
  const behind = isFaultFree ? 2 * (SECOND + scenario.latency) : MINUTE + SECOND
  if (coverage === null || coverage.watermark < began - behind) {
    lines.push(`I8: the watermark ${coverage?.watermark} is behind the API's time ${began}`)
  }
  if (kind === 'sync' && coverage !== null && coverage.coveredFrom > scenario.options.startAt) {
    lines.push(`I8: the history is not read: covered from ${coverage.coveredFrom}`)
  }
  return [...lines, ...outdated(around)]
}

/** I7: the counts of every run add up, and no job was inserted twice. */
function unaccounted({ before, after, delivered }: Around): string[] {
  const lines = after.runs
    .filter(({ received, accounted }) => received !== accounted)
    .map((run) => `I7: run ${run.id} received ${run.received} and accounts for ${run.accounted}`)
  const received = sumOf(after.runs, 'received') - sumOf(before.runs, 'received')
  if (received > delivered) lines.push(`I7: ${received} items counted, but the API gave only ${delivered}`)
  const rejected = sumOf(after.runs, 'rejected')
  if (rejected !== after.rejectsSeen) lines.push(`I7: ${rejected} rejected, but ${after.rejectsSeen} kept`)
  const inserted = sumOf(after.runs, 'inserted')
  if (inserted !== after.jobs.size) lines.push(`I7: ${inserted} inserted, but ${after.jobs.size} rows`)
  return lines
}

function sumOf(runs: readonly StoredRun[], count: 'received' | 'inserted' | 'rejected'): number {
  return runs.reduce((sum, run) => sum + run[count], 0)
}

/** I3 */
function shrunk({ before, after, ended }: Around): string[] {
  const lines: string[] = []
  const [old, now] = [before.coverage, after.coverage]
  if (now && now.watermark > ended)
    lines.push(`I3: the watermark ${now.watermark} is in the future of ${ended}`)
  if (!old) return lines
  if (!now || now.coveredFrom > old.coveredFrom || now.watermark < old.watermark) {
    lines.push(`I3: the coverage shrank from ${JSON.stringify(old)} to ${JSON.stringify(now)}`)
  }
  return lines
}

/** I1, I2: every job that the API showed all along in the covered span is stored. */
function holes({ scenario, after, ended }: Around): string[] {
  const { coverage } = after
  if (coverage === null) return []
  const { overlap } = scenario.options
  return scenario.lives
    .filter((life) => isPromised(scenario, life))
    .filter(({ job: { createdAt, visibleAt } }) => {
      if (createdAt === null || createdAt === undefined || createdAt < coverage.coveredFrom) return false
      const isLate = visibleAt !== createdAt || scenario.lag > 0
      return createdAt <= coverage.watermark - (isLate ? overlap : 0) && (visibleAt ?? 0) <= ended
    })
    .filter(({ id }) => !after.jobs.has(id))
    .map((life) => `I2: ${life.id}, created ${life.job.createdAt}, is covered but not stored`)
}

/**
 * A deleted job may have been gone when its window was read; and where paging counts jobs, others shift past the reader
 * when one goes, or when one page shows an earlier moment than the next (A5). Those are the business of the reconcile.
 */
function isPromised({ paging, lag, lives }: Scenario, life: Life): boolean {
  if (life.isReject || life.isDeleted) return false
  return paging === 'keyset' || (lag === 0 && !lives.some(({ isDeleted }) => isDeleted))
}

/** I4: no row goes back to what its job was before, unless its updated_at did not tell. */
function regressed({ scenario, before, after }: Around): string[] {
  return scenario.lives.flatMap(({ id, job }) => {
    const [old, now] = [before.jobs.get(id)?.revision ?? null, after.jobs.get(id)?.revision ?? null]
    if (old === null) return []
    if (now === null) return [`I4: ${id} was stored and is not any more`]
    const isTold = (job.steps ?? []).slice(now, old).some(({ changes }) => !('updated_at' in changes))
    return now < old && isTold ? [`I4: ${id} went back from revision ${old} to ${now}`] : []
  })
}

/** What I8 rests on: a job that can still change is among those that are asked for again. */
function forgotten({ after }: Around): string[] {
  return [...after.jobs.values()]
    .filter(({ id, isOpen, isDeleted }) => isOpen && !isDeleted && !after.openJobs.has(id))
    .map(({ id, status }) => `I8: ${id} is ${status} and will not be asked for again`)
}

/** A8: a job is marked as deleted only when it was asked for in vain in two runs, and only when it has gone. */
function rash({ scenario, before, after }: Around): string[] {
  // Another worker's run came between: what it did was looked at by itself.
  if (after.runs.length > before.runs.length + 1) return []
  return scenario.lives
    .filter(({ id }) => after.jobs.get(id)?.isDeleted && !before.jobs.get(id)?.isDeleted)
    .filter(({ id, isDeleted }) => !isDeleted || (before.misses.get(id) ?? 0) < 1)
    .map(
      ({ id }) =>
        `A8: ${id} was marked as deleted after ${before.misses.get(id) ?? 0} misses before this run`,
    )
}

/** I8: what was due, and what the head read again, is at least as new as it was at the beginning. */
function outdated({ scenario, before, after, began, ended }: Around): string[] {
  const { overlap } = scenario.options
  // A window that an earlier cycle began goes on where it stood: what it read then may have changed since.
  const begins = before.coverage !== null && !before.hasBegunWindow
  const readFrom = begins ? before.coverage.watermark - overlap : Number.POSITIVE_INFINITY
  // The API's clock is told in whole seconds.
  const surely = began - SECOND - scenario.lag
  return scenario.lives.flatMap((life) => {
    const { id, job } = life
    if (life.isReject || !isVisibleDuring(life, surely, ended)) return []
    const wasDue = (before.openJobs.get(id) ?? Number.POSITIVE_INFINITY) <= surely
    const wasRead = job.createdAt !== null && job.createdAt >= readFrom && job.createdAt <= surely
    if (!wasDue && !(wasRead && isPromised(scenario, life))) return []
    const stored = after.jobs.get(id)
    if (!stored) return [`I8: ${id} should have been read, and is not stored`]
    const least = revisionAt(life, surely)
    return (stored.revision ?? 0) >= least
      ? []
      : [`I8: ${id} is stored at revision ${stored.revision}, and was at ${least} before the cycle began`]
  })
}
