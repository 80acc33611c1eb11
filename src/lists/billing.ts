import { isCreditCheck } from '../store/credit-checks.ts'
import type { Ended } from '../sync/job-list.ts'
import { DAY, HOUR, type Instant, MINUTE, parseInstant } from '../values/instant.ts'
import type { ObservedJob } from './batch.ts'
import { isEnd, isEndSql, type List } from './list.ts'

/** So long after its end a job that is not billed is asked for again; then its span alone tells. */
const STEPS: readonly Instant[] = [10 * MINUTE, HOUR, 6 * HOUR, DAY]
/** Billing may correct what it has recorded: where no span tells, a billed job is asked for once more. */
const LAST_STEP: readonly Instant[] = [DAY]

/** The finished jobs of a batch of which no credits are stored, or those of before they changed. */
export interface Unbilled {
  readonly unbilledIds: readonly string[]
  /** Of these, those that ended anew. */
  readonly rebilledIds: readonly string[]
}

/** The finished jobs of a batch, each with its times for credits. */
export function endedOf(
  list: Pick<List, 'ends' | 'callAlone'>,
  jobs: readonly ObservedJob[],
  { unbilledIds, rebilledIds }: Unbilled,
): Ended[] {
  const [unbilled, rebilled] = [new Set(unbilledIds), new Set(rebilledIds)]
  return jobs.flatMap(({ job: { id, status, updatedAt }, observedAt }) => {
    const isBilled = !unbilled.has(id)
    // Of a list that shows credits, those that are billed need nothing.
    if (!isEnd(list, status) || (isBilled && list.callAlone === undefined)) return []
    const stepIn = (steps: readonly Instant[]) => nextStep(updatedAt, observedAt, steps)
    const [first, next] = [stepIn(STEPS.slice(0, 1)), stepIn(isBilled ? LAST_STEP : STEPS)]
    return [{ id, isBilled, hasChanged: rebilled.has(id), first, next }]
  })
}

/** Undefined once all have passed, and where the end is not known. An end in the future is none: a clock is wrong. */
export function nextStep(endedAt: string | null, observedAt: string, steps = STEPS): Instant | undefined {
  const [end, seen] = [parseInstant(endedAt), parseInstant(observedAt)]
  if (end === undefined || seen === undefined) return undefined
  const from = Math.min(end, seen)
  const step = steps.find((each) => from + each > seen)
  return step === undefined ? undefined : from + step
}

/** In the upsert: whether a job ended anew: what was known of its credits is of the time before. */
export const HAS_CHANGED = `(fate = 'updated' and (
    judged.updated_at is distinct from stored_updated_at or (${isEndSql('stored_status', '$2')}) is not true
  ))`

/** In the upsert, while nobody asks: of the jobs that were asked for, those that ended anew are to be asked once somebody does. */
export const wasAskedFor = (awaits: string) =>
  `(${HAS_CHANGED} and (stored_${awaits} is not null or ${isCreditCheck('$1', 'judged.id')}))`

/** In the upsert: the finished jobs that are stored without credits then, or with those of before they changed. */
export const unbilledIds = (awaits: string, which = 'true') => `coalesce(json_agg(judged.id) filter (
    where case when fate <> 'stale' then judged.${awaits} end is null
      and (stored_${awaits} is null or ${HAS_CHANGED})
      and (${isEndSql('status', '$2')}) is true and ${which}
  ), '[]')`
