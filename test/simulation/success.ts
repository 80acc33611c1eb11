import type { Bounds } from '../../src/store/spans.ts'
import { type Instant, MINUTE, SECOND } from '../../src/values/instant.ts'
import { type Around, isPromised } from './checks.ts'
import { isBill, isVisibleDuring, type Life, revisionAt } from './draw-jobs.ts'
import type { Observed } from './observe.ts'
import { backfilled } from './start-work.ts'

/** What also holds after a cycle that says of itself that it has succeeded, or all but what is in quarantine. */
export function brokenAfterSuccess(around: Around): string[] {
  const { plan, scenario, upstream, after, began, ended } = around
  // A backfill reads its own piece.
  const lines = plan.kind === 'backfill' ? [] : unfinished(around)
  const { coverage, head } = after
  // What is in quarantine was never read: the coverage ends before it.
  const isQuarantined = after.spans.some((span) => span.isQuarantined)
  if (
    !upstream.hasWrongDate &&
    // A backfill leaves what the head could not hold.
    !(isQuarantined || plan.kind === 'backfill') &&
    (coverage === null || coverage.watermark < began - toleratedLag(around))
  )
    lines.push(`I8: the watermark ${coverage?.watermark} is behind the API's time ${began}`)
  lines.push(...overstated(around), ...unhurried(around))
  if (head === null || head.readAt < began + scenario.databaseSkew)
    lines.push(`I8: the head was not read: ${head?.readAt}, ${began}`)
  if (
    plan.kind === 'sync' &&
    coverage !== null &&
    !isQuarantined &&
    coverage.coveredFrom > scenario.options.startAt
  )
    lines.push(`I8: the history is not read: covered from ${coverage.coveredFrom}`)
  return upstream.isClear(began, ended) ? [...lines, ...outdated(around)] : lines
}

/**
 * The API's clock is told in whole seconds, and a reply takes its time: with retries, more. A head that is behind by less
 * than a minute has caught up. Where the two other clocks are behind, the watermark is as well.
 */
function toleratedLag({ plan, scenario }: Around): Instant {
  const jump = plan.jumpAt === null ? 0 : 60 * MINUTE
  const others = Math.max(0, -Math.max(plan.wallSkew - jump, scenario.databaseSkew))
  return others + (plan.isFaultFree && others === 0 ? 2 * (SECOND + scenario.latency) : MINUTE + SECOND)
}

/** I3: once the clocks are right again, the watermark is. */
function overstated({ scenario, upstream, plan, after, began, ended }: Around): string[] {
  const others = [scenario.databaseSkew, plan.wallSkew, plan.jumpAt === null ? 0 : 60 * MINUTE]
  if (upstream.mayMislead(began, ended) || others.filter((ahead) => ahead > 0).length > 1) return []
  const { watermark = 0 } = after.coverage ?? {}
  return watermark > ended + 2 * MINUTE ? [`I3: the watermark ${watermark} stays ahead of ${ended}`] : []
}

/** 2.1: a span that brought late jobs is read again after a quarter of its age. */
function unhurried(around: Around): string[] {
  const { scenario, upstream, plan, before, after, began, ended } = around
  if (!plan.isFaultFree || !upstream.isClear(began, ended) || scenario.latency > MINUTE) return []
  if (wasTakenBack(around)) return []
  // A list without ids shows them first where it is asked for others of the same instant.
  if (!scenario.list.list.asksById) return []
  // What shows no time of its creation cannot be told to be of a span.
  const late = scenario.lives.filter(
    ({ id, job }) => job.payload === undefined && after.jobs.has(id) && !before.jobs.has(id),
  )
  return after.spans.flatMap(({ lower, upper, readAt, freshAt, due }) => {
    const old = before.spans.find((span) => span.lower === lower && span.upper === upper)
    if (!old || old.readAt === null || readAt === null || readAt === old.readAt) return []
    // Of two readings in this cycle, one that began before it and one that did not, the latter may have brought none.
    if (old.hasBegun && readAt >= began + scenario.databaseSkew) return []
    const isLate = late.some(
      ({ job: { createdAt } }) => createdAt !== null && createdAt > lower && createdAt < upper,
    )
    const latest = readAt + Math.max(30 * SECOND, (readAt - freshAt) / 4) + SECOND
    return isLate && (due === null || due > latest)
      ? [`2.1: the span ${lower}..${upper} brought late jobs, and waits`]
      : []
  })
}

/** Rows were removed, so that the cycle began the timeline anew. */
const wasTakenBack = ({ isReset, wasUnnoticed }: Around) => isReset || wasUnnoticed

/** Everything that was due at the beginning was done, and what is in quarantine was tried. */
function unfinished({ scenario, after, began }: Around): string[] {
  const isDue = (due: Instant | null) => due !== null && due <= began + scenario.databaseSkew
  const spans = after.spans.filter(({ due }) => isDue(due))
  const rechecks = [...after.rechecks].filter(([, { due }]) => isDue(due))
  return [
    ...spans.map(({ lower, upper }) => `I8: the span ${lower}..${upper} was due, and was not read`),
    ...rechecks.map(([id]) => `I8: ${id} was due, and was not asked for`),
  ]
}

/** I8, I12: what was due, and what the head read again, is at least as new as it was at the beginning. */
function outdated(around: Around): string[] {
  const { scenario, upstream, plan, before, after, began, ended } = around
  // What was the head is history now, of which a backfill reads its own piece.
  if (plan.kind === 'backfill' && wasTakenBack(around)) return []
  // The API's clock is told in whole seconds.
  const surely = began - SECOND - scenario.lag
  const due = surely + scenario.databaseSkew
  const within = plan.kind === 'backfill' ? backfilled(scenario) : null
  // A list without ids is asked where the stored row was created.
  const canAsk = ({ id }: Life) => scenario.list.list.asksById || before.jobs.has(id)
  const isRead = (life: Life) =>
    (canAsk(life) && wasDue(before, life, due)) ||
    (wasRead(before, life, { surely, due, within }) && !(within && isLeft(after, life)))
  return scenario.lives.flatMap((life) => {
    if (life.isReject || !isPromised(scenario, life) || !isRead(life)) return []
    if (!isVisibleDuring(life, surely, ended) || upstream.mayHide(life, surely, ended)) return []
    if (upstream.mayPoison(life) || isSetAside(after, life)) return []
    const stored = after.jobs.get(life.id)
    if (!stored) return [`I8: ${life.id} should have been read, and is not stored`]
    const least = revisionAt(life, surely)
    const isNew = (stored.revision ?? 0) >= least || isOverruled(life)
    return isNew && !stored.isDeleted
      ? []
      : [
          `I8: ${life.id} is stored at revision ${stored.revision}, and was at ${least} before the cycle began`,
        ]
  })
}

function wasDue({ rechecks }: Observed, { id }: Life, at: Instant): boolean {
  const recheck = rechecks.get(id)
  return recheck !== undefined && !recheck.isQuarantined && recheck.due <= at
}

interface Read {
  readonly surely: Instant
  readonly due: Instant
  /** The only part of time whose spans are read; null for all. */
  readonly within: Bounds | null
}

/** By the head, or with a span that was due and not begun. */
function wasRead(
  { head, spans }: Observed,
  { job: { createdAt } }: Life,
  { surely, due: dueBy, within }: Read,
): boolean {
  if (head === null || createdAt === null || createdAt > surely) return false
  if (createdAt >= head.from) return true
  if (within && (createdAt < within.lower || createdAt > within.upper)) return false
  return spans.some(
    ({ lower, upper, due, hasBegun, isQuarantined }) =>
      createdAt >= lower && createdAt <= upper && due !== null && due <= dueBy && !hasBegun && !isQuarantined,
  )
}

/** What is too much for the head becomes spans, which a backfill leaves to the next cycle. */
function isLeft({ spans }: Observed, { job: { createdAt } }: Life): boolean {
  return spans.some(
    ({ lower, upper, readAt }) =>
      readAt === null && createdAt !== null && createdAt >= lower && createdAt <= upper,
  )
}

/** Of a span in quarantine nothing can be read. */
function isSetAside({ spans, rechecks }: Observed, { id, job: { createdAt } }: Life): boolean {
  if (rechecks.get(id)?.isQuarantined) return true
  return spans.some(
    ({ lower, upper, isQuarantined }) =>
      isQuarantined && createdAt !== null && createdAt >= lower && createdAt <= upper,
  )
}

/** A16: what was seen shortly before with a greater updated_at may stand until it is seen again. */
function isOverruled({ job }: Life): boolean {
  const { payload, steps = [] } = job
  return payload !== undefined || steps.some((step) => 'updated_at' in step.changes && !isBill(step))
}
