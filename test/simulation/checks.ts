import { DAY, HOUR, type Instant, MINUTE } from '../../src/values/instant.ts'
import { brokenBelief } from './belief.ts'
import type { Scenario } from './draw.ts'
import type { CyclePlan } from './draw-cycles.ts'
import { type Life, STRANGER } from './draw-jobs.ts'
import type { Observed, StoredRun } from './observe.ts'
import type { Upstream } from './upstream.ts'

export type How = Omit<CyclePlan, 'gap' | 'sameProcess'>

/** What was seen before a cycle and after it, and when. */
export interface Around {
  readonly scenario: Scenario
  readonly upstream: Upstream
  readonly plan: How
  readonly before: Observed
  readonly after: Observed
  /** Somebody put other tables in their place: what was before says nothing of what comes. */
  readonly isReset: boolean
  /** Rows of jobs that somebody removed, so far. */
  readonly rowsLost: number
  /** What is covered was removed, and no run has come to its end since. */
  readonly isUnnoticed: boolean
  /** So it was when the cycle began: it takes the coverage back. */
  readonly wasUnnoticed: boolean
  /** No other worker ran a cycle meanwhile. */
  readonly isAlone: boolean
  /** The API's time, which is the world's. */
  readonly began: Instant
  /** Items of the pages that reached a worker in between. */
  readonly delivered: number
  readonly ended: Instant
  /** How many jobs the API shows now. */
  readonly visible: number
}

/** What holds after every cycle, whatever happened in it. Each line is a broken promise. */
export function brokenAlways(around: Around): string[] {
  return [
    ...unaccounted(around),
    ...ahead(around),
    ...(around.isReset ? [] : [...shrunk(around), ...regressed(around), ...brokenBelief(around)]),
    ...(around.isUnnoticed ? [] : holes(around)),
    ...forgotten(around),
    ...unbilled(around),
    ...strange(around),
  ]
}

/** I7: the counts of every run add up, and no job was inserted twice. */
function unaccounted({ before, after, delivered, rowsLost }: Around): string[] {
  const lines = after.runs
    .filter(({ received, accounted }) => received !== accounted)
    .map((run) => `I7: run ${run.id} received ${run.received} and accounts for ${run.accounted}`)
  const received = sumOf(after.runs, 'received') - sumOf(before.runs, 'received')
  if (received > delivered) lines.push(`I7: ${received} items counted, but the API gave only ${delivered}`)
  const rejected = sumOf(after.runs, 'rejected')
  if (rejected !== after.rejectsSeen) lines.push(`I7: ${rejected} rejected, but ${after.rejectsSeen} kept`)
  const inserted = sumOf(after.runs, 'inserted') - rowsLost
  if (inserted !== after.jobs.size) lines.push(`I7: ${inserted} inserted, but ${after.jobs.size} rows`)
  return lines
}

function sumOf(runs: readonly StoredRun[], count: 'received' | 'inserted' | 'rejected'): number {
  return runs.reduce((sum, run) => sum + run[count], 0)
}

/** I3, and lag: no more is said to be read than could be, unless two clocks say that it is later. */
function ahead({ scenario, upstream, after, ended }: Around): string[] {
  const lines: string[] = []
  const { coverage, head } = after
  if (coverage !== null && coverage.watermark > ended + slackOf(scenario, upstream))
    lines.push(`I3: the watermark ${coverage.watermark} is in the future of ${ended}`)
  if (head && head.readAt - scenario.databaseSkew > ended)
    lines.push(`I8: the head is said to be read at ${head.readAt - scenario.databaseSkew}, after ${ended}`)
  return lines
}

/** How far two of the three clocks agree to be ahead, so that the watermark may be. */
function slackOf(scenario: Scenario, upstream: Upstream): Instant {
  const workers = scenario.cycles.map(({ wallSkew, jumpAt }) => wallSkew + (jumpAt === null ? 0 : HOUR))
  const clocks = [upstream.dateAhead, scenario.databaseSkew, Math.max(0, ...workers)]
  const [, second = 0] = clocks.toSorted((left, right) => right - left)
  return Math.max(0, second) && second + MINUTE
}

/** Whether a clock may have told a time that was not there yet, by which the watermark then stands too high. */
export const mayLie = (scenario: Scenario, upstream: Upstream) =>
  upstream.hasWrongDate || slackOf(scenario, upstream) > 0

/** I3: but for a clock that proved wrong. */
function shrunk({ scenario, upstream, before, after, wasUnnoticed }: Around): string[] {
  const [old, now] = [before.coverage, after.coverage]
  if (!old || wasUnnoticed) return []
  const isBack = !mayLie(scenario, upstream) && now !== null && now.watermark < old.watermark
  if (now && now.coveredFrom <= old.coveredFrom && !isBack) return []
  return [`I3: the coverage shrank from ${JSON.stringify(old)} to ${JSON.stringify(now)}`]
}

/** I1, I2: every job that the API showed all along in what is covered is stored; one that showed late, once its span was read after that. */
function holes({ scenario, upstream, after, ended }: Around): string[] {
  const { coverage, head } = after
  if (coverage === null || head === null) return []
  const { databaseSkew, lag } = scenario
  // Where the Date was wrong, the watermark may be, until the clock proves wrong; the database's clock keeps its pace.
  const until = Math.min(
    coverage.watermark,
    mayLie(scenario, upstream) ? head.readAt - databaseSkew : Number.POSITIVE_INFINITY,
  )
  return scenario.lives
    .filter((life) => isPromised(scenario, life))
    .filter(({ job: { createdAt, visibleAt } }) => {
      if (createdAt === null || createdAt < coverage.coveredFrom || createdAt > until) return false
      const isLate = visibleAt !== createdAt || lag > 0
      return !isLate || (visibleAt ?? createdAt) + lag <= readingOf(after, createdAt) - databaseSkew
    })
    .filter((life) => !after.jobs.has(life.id) && !upstream.mayHide(life, -Infinity, ended))
    .map((life) => `I2: ${life.id}, created ${life.job.createdAt}, is covered but not stored`)
}

/** When the span of an instant was last read completely, by the database's clock. */
function readingOf({ head, spans }: Observed, at: Instant): Instant {
  if (head && at >= head.from) return head.readAt
  const readings = spans
    .filter(({ lower, upper, isQuarantined }) => at >= lower && at <= upper && !isQuarantined)
    .map(({ readAt }) => readAt ?? -Infinity)
  return Math.max(-Infinity, ...readings)
}

/**
 * A deleted job may have been gone when its span was read; and where paging counts jobs, others shift past the reader
 * when one goes, or when one page shows an earlier moment than the next (A5). Those are the business of later readings.
 */
export function isPromised({ paging, lag, lives, upstream }: Scenario, life: Life): boolean {
  if (life.isReject || life.isDeleted) return false
  const isSteady = lag === 0 && upstream.length === 0 && !lives.some(({ isDeleted }) => isDeleted)
  return paging === 'keyset' || isSteady
}

/** I4, I13: no row disappears, and none goes back to what its job was before, unless its updated_at did not tell. */
function regressed({ scenario, before, after }: Around): string[] {
  return scenario.lives.flatMap(({ id, job }) => {
    const [old, now] = [before.jobs.get(id), after.jobs.get(id)]
    if (!old) return []
    if (!now) return [`I13: ${id} was stored and is not any more`]
    const [from, to] = [old.revision ?? 0, now.revision ?? 0]
    const isTold = (job.steps ?? []).slice(to, from).some(({ changes }) => !('updated_at' in changes))
    // A job seen open and then finished has ended, whatever its updated_at says.
    const hasEnded = old.isOpen && !now.isOpen
    return to < from && isTold && !hasEnded ? [`I4: ${id} went back from revision ${from} to ${to}`] : []
  })
}

/** What I8 rests on: a job that can still change is among those that are asked for again. */
function forgotten({ after }: Around): string[] {
  return [...after.jobs.values()]
    .filter(({ id, isOpen, isDeleted }) => isOpen && !isDeleted && !after.awaited.has(id))
    .map(({ id, status }) => `I8: ${id} is ${status} and will not be asked for again`)
}

/** A finished job without credits is asked for again, up to a day after its end; classify's only if that is wished. */
function unbilled({ scenario, after, ended }: Around): string[] {
  const now = ended + scenario.databaseSkew
  return (
    [...after.jobs.values()]
      .filter(({ isOpen, isBilled, isDeleted }) => !isOpen && !isBilled && !isDeleted)
      // A year that no clock tells is no end.
      .filter(({ updatedAt }) => Number.isSafeInteger(updatedAt) && (updatedAt ?? 0) > now - DAY)
      .filter(({ id }) => !after.awaited.has(id) && !after.creditChecks.has(id))
      .map(({ id }) => `${id} has no credits and will not be asked for again`)
  )
}

/** A20: nothing of another project is stored. */
function strange({ after }: Around): string[] {
  const ids = [...after.jobs.keys()].filter((id) => id.startsWith(STRANGER))
  return ids.length > 0 ? [`A20: ${ids.length} jobs of another project are stored`] : []
}
