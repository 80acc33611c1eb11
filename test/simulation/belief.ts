import { DAY, HOUR, type Instant, MILLISECOND, MINUTE } from '../../src/values/instant.ts'
import type { Around } from './checks.ts'
import { isHiddenDuring, isVisibleDuring, type Life } from './draw-jobs.ts'
import type { Observed } from './observe.ts'

/** What is believed of jobs that do not come, and when it is looked for what was believed (2.1 to 2.3 of the design). */
export function brokenBelief(around: Around): string[] {
  return [...rash(around), ...given(around), ...empty(around)]
}

const MANY = 50
const MANY_SHARE = 0.2
/** How long before it is noted a job was missed at most: its request took its time, and then the canaries'. */
const ASKING = 15 * MINUTE

/** A job is marked as gone after it was missed twice, far enough apart, while others came, and when it did not show. */
function rash(around: Around): string[] {
  const { scenario, before, after } = around
  // Another worker's run came between: what it did was looked at by itself.
  if (after.runs.length > before.runs.length + 1) return []
  const { options } = scenario
  const marked = scenario.lives.filter(
    ({ id }) => after.jobs.get(id)?.isDeleted && before.jobs.get(id)?.isDeleted === false,
  )
  const living = [...before.jobs.values()].filter(({ isDeleted }) => !isDeleted).length
  const areMany = marked.length > MANY && marked.length > MANY_SHARE * living
  const apart = areMany ? DAY : Math.max(options.goneAfterMs * MILLISECOND, 2 * options.overlap)
  return marked.flatMap((life) => {
    const { missedAt = null, missedAgainAt = null } = after.rechecks.get(life.id) ?? {}
    if (missedAt === null || missedAgainAt === null || missedAgainAt - missedAt < apart)
      return [`2.3: ${life.id} was marked as gone after misses at ${missedAt} and ${missedAgainAt}`]
    return [missedAt, missedAgainAt].flatMap((missed) =>
      brokenMiss(around, life, missed - scenario.databaseSkew),
    )
  })
}

function brokenMiss({ scenario, upstream, after }: Around, life: Life, to: Instant): string[] {
  const from = to - ASKING - scenario.lag
  if (isVisibleDuring(life, from, to) && !upstream.mayHide(life, from, to))
    return [`2.3: ${life.id} was marked as gone, and showed when it was missed at ${to}`]
  // A witness may be one that was stored in this very cycle.
  const projectOf = ({ id }: Life) => after.jobs.get(id)?.projectId ?? ''
  const isAlone = scenario.lives
    .filter((other) => after.jobs.has(other.id) && projectOf(other) === projectOf(life))
    .every((other) => isHiddenDuring(other, from, to) || upstream.surelyHides(other, from, to))
  return isAlone ? [`2.3: ${life.id} was marked as gone when nothing of its project showed, at ${to}`] : []
}

/** What is marked as gone is looked for after an hour, a day and a week. */
function given({ after }: Around): string[] {
  return [...after.rechecks].flatMap(([id, { goneAt, due, isQuarantined }]) => {
    if (goneAt === null || isQuarantined) return []
    const isPlanned = [HOUR, DAY, 7 * DAY].some((later) => due <= goneAt + later)
    return isPlanned ? [] : [`2.2: ${id} was marked as gone at ${goneAt}, and is looked for at ${due} only`]
  })
}

/** A span that came out empty is read again an hour and a day later, unless it cannot be read. */
function empty({ after }: Pick<Around, 'after'>): string[] {
  return after.spans.flatMap(
    ({ lower, upper, readAt, due, empties, isQuarantined }: Observed['spans'][number]) => {
      if (isQuarantined) return []
      const within = empties === 1 ? HOUR : DAY
      const isPlanned = due !== null && readAt !== null && due <= readAt + within
      const isDue = empties === 1 || empties === 2
      return isDue && !isPlanned
        ? [`2.1: the span ${lower}..${upper} came out empty, and is due at ${due}`]
        : []
    },
  )
}
