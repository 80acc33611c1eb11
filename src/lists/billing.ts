import type { Ended } from '../sync/job-list.ts'
import { DAY, HOUR, type Instant, MINUTE, parseInstant } from '../values/instant.ts'
import type { ObservedJob } from './batch.ts'
import { isEnd, type List } from './list.ts'

/** So long after its end a job that is not billed is asked for again; then its span alone tells. */
const STEPS: readonly Instant[] = [10 * MINUTE, HOUR, 6 * HOUR, DAY]
/** Billing may correct what it has recorded: where no span tells, a billed job is asked for once more. */
const LAST_STEP: readonly Instant[] = [DAY]

/** The finished jobs of a batch, each with its times for credits. Of these ids none are stored. */
export function endedOf(
  list: Pick<List, 'ends' | 'callAlone'>,
  jobs: readonly ObservedJob[],
  unbilledIds: readonly string[],
): Ended[] {
  const unbilled = new Set(unbilledIds)
  return jobs.flatMap(({ job: { id, status, updatedAt }, observedAt }) => {
    const isBilled = !unbilled.has(id)
    // Of a list that shows credits, those that are billed need nothing.
    if (!isEnd(list, status) || (isBilled && list.callAlone === undefined)) return []
    const stepIn = (steps: readonly Instant[]) => nextStep(updatedAt, observedAt, steps)
    return [{ id, isBilled, first: stepIn(STEPS.slice(0, 1)), next: stepIn(isBilled ? LAST_STEP : STEPS) }]
  })
}

/** Undefined once all have passed, and where the end is not known. An end in the future is none: a clock is wrong. */
export function nextStep(endedAt: string | null, observedAt: string, steps = STEPS): Instant | undefined {
  const [end, seen] = [parseInstant(endedAt ?? ''), parseInstant(observedAt)]
  if (end === undefined || seen === undefined) return undefined
  const from = Math.min(end, seen)
  const step = steps.find((each) => from + each > seen)
  return step === undefined ? undefined : from + step
}
