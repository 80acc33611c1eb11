import fc from 'fast-check'
import type { ObservedJob } from '../../../../src/lists/classify/batch.ts'
import { at, seen } from './job-store.ts'

const STATUSES = ['PENDING', null, 'RUNNING', 'COMPLETED', 'FAILED']

/**
 * What a job looks like at a moment. Within one updated_at its content never returns to what it was before: an unchanged
 * row is not written (I5), so that nothing remembers how long a content has been seen.
 */
function observation(id: string, moment: number, updatedAt: number | null, phase: number): ObservedJob {
  const status = STATUSES[(phase + (updatedAt ?? 0)) % STATUSES.length]!
  return seen(moment, {
    id,
    status,
    resultType: `phase ${phase}, updated ${updatedAt}`,
    updatedAt: updatedAt === null ? null : at(updatedAt),
  })
}

const id = fc.constantFrom('j1', 'j2', 'j3')
const moment = fc.nat({ max: 11 })
const phaseOf = (second: number) => Math.floor(second / 3)

/** A replica that lags shows an older updated_at at a later moment. */
const lagging = fc
  .tuple(id, moment, fc.nat({ max: 3 }))
  .map(([job, second, updatedAt]) => observation(job, second, updatedAt, phaseOf(second)))

/** The API gives no updated_at at all (A9). */
const silent = fc.tuple(id, moment).map(([job, second]) => observation(job, second, null, phaseOf(second)))

/** The API gives updated_at now and then; where it does, it grows with time. */
const forgetful = fc
  .tuple(id, moment)
  .map(([job, second]) =>
    observation(job, second, phaseOf(second) % 2 === 0 ? null : phaseOf(second), phaseOf(second)),
  )

/** Batches of observations of a few jobs, repeated and in any order. */
export const anyBatches: fc.Arbitrary<ObservedJob[][]> = fc
  .constantFrom(lagging, silent, forgetful)
  .chain((one) => fc.array(fc.array(one, { maxLength: 8 }), { maxLength: 5 }))

/** I4, as it is written: the greater updated_at, and where that does not decide, the later observation. */
export function isNewer(one: ObservedJob, other: ObservedJob): boolean {
  const [mine, theirs] = [one.job.updatedAt, other.job.updatedAt]
  if (mine !== null && theirs !== null && mine !== theirs) return mine > theirs
  return one.observedAt > other.observedAt
}

/** The newest observation of each job. */
export function newestOf(observed: readonly ObservedJob[]): Map<string, ObservedJob> {
  const newest = new Map<string, ObservedJob>()
  for (const each of observed) {
    const rival = newest.get(each.job.id)
    if (!rival || isNewer(each, rival)) newest.set(each.job.id, each)
  }
  return newest
}

export const jobsOf = (newest: ReadonlyMap<string, ObservedJob>) =>
  new Map([...newest].map(([jobId, { job }]) => [jobId, job]))
