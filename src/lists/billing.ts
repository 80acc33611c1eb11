import type { AskAgain } from '../sync/job-list.ts'
import { DAY, HOUR, type Instant, MINUTE, parseInstant } from '../values/instant.ts'
import type { ObservedJob } from './batch.ts'
import { camelCase } from './columns.ts'
import { isEnd, type List } from './list.ts'

/** So long after its end a job that is not billed is asked for again; then its span alone tells. */
const STEPS: readonly Instant[] = [10 * MINUTE, HOUR, 6 * HOUR, DAY]

/** The finished jobs of a batch whose credits are still to come, each with its next time. */
export function unbilled(
  { ends, awaits }: Pick<List, 'ends' | 'awaits'>,
  omitted: ReadonlySet<string>,
  jobs: readonly ObservedJob[],
): AskAgain[] {
  if (awaits === undefined || omitted.has(awaits)) return []
  const property = camelCase(awaits)
  return jobs.flatMap(({ job, observedAt }) => {
    if (job[property] !== null || !isEnd({ ends }, job.status)) return []
    const at = nextStep(job.updatedAt, observedAt)
    return at === undefined ? [] : [{ id: job.id, at }]
  })
}

/** Undefined once all have passed, and where the end is not known. An end in the future is none: a clock is wrong. */
export function nextStep(endedAt: string | null, observedAt: string): Instant | undefined {
  const [end, seen] = [parseInstant(endedAt ?? ''), parseInstant(observedAt)]
  if (end === undefined || seen === undefined) return undefined
  const from = Math.min(end, seen)
  const step = STEPS.find((each) => from + each > seen)
  return step === undefined ? undefined : from + step
}
