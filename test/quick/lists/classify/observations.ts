import fc from 'fast-check'
import type { ObservedJob } from '../../../../src/lists/batch.ts'
import { type Instant, parseInstant, SECOND } from '../../../../src/values/instant.ts'
import { at, seen } from './job-store.ts'

/** Small enough for observations of both kinds: nearer than twice that, and further apart. */
export const SMALL_OVERLAP: Instant = 2 * SECOND

const STATUSES = ['PENDING', null, 'RUNNING', 'COMPLETED', 'FAILED']
const ENDED = ['COMPLETED', 'FAILED']

const id = fc.constantFrom('j1', 'j2', 'j3')
const moment = fc.nat({ max: 11 })

/** Anything at any moment: a status that comes back, an updated_at that steps back or is missing. */
const erratic = fc
  .record({
    id,
    moment,
    status: fc.constantFrom(...STATUSES),
    updatedAt: fc.option(fc.nat({ max: 3 })),
    extra: fc.constantFrom(null, '{"a": 1}', '{"a": 2}'),
  })
  .map(({ moment: seconds, updatedAt, ...fields }) =>
    seen(seconds, { ...fields, updatedAt: updatedAt === null ? null : at(updatedAt) }),
  )

/** A job that goes on every three seconds until it ends, as servers show it that lag by an overlap at most (A7). */
const lagging = fc
  .record({ id, moment, lag: fc.integer({ min: 0, max: SMALL_OVERLAP / SECOND }) })
  .map(({ id: jobId, moment: seconds, lag }) => {
    const version = Math.max(0, Math.floor((seconds - lag) / 3))
    return seen(seconds, {
      id: jobId,
      status: STATUSES[version]!,
      resultType: `${version}`,
      updatedAt: at(version),
    })
  })

const batchesOf = (one: fc.Arbitrary<ObservedJob>) =>
  fc.array(fc.array(one, { maxLength: 8 }), { maxLength: 5 })

/** Batches of observations of a few jobs, repeated and in any order. */
export const anyBatches = fc.oneof(batchesOf(erratic), batchesOf(lagging))

/** Those whose order can be told. */
export const truthfulBatches = batchesOf(lagging)

/** I4, as the design words it, for observations of one job. */
export function isNewer(one: ObservedJob, other: ObservedJob): boolean {
  const gap = parseInstant(one.observedAt)! - parseInstant(other.observedAt)!
  const isFar = Math.abs(gap) > 2 * SMALL_OVERLAP
  const [earlier, later] = gap < 0 ? [one, other] : [other, one]
  const hasEnded = gap !== 0 && ENDED.includes(later.job.status!) && !ENDED.includes(earlier.job.status!)
  const [mine, theirs] = [one.job.updatedAt, other.job.updatedAt]
  if (!isFar && !hasEnded && mine !== null && theirs !== null && mine !== theirs) return mine > theirs
  return gap > 0
}

/** Whether nothing is to be written of it (I5, A21). */
export function isSame(one: ObservedJob, other: ObservedJob): boolean {
  const comparable = ({ job }: ObservedJob) =>
    JSON.stringify(ENDED.includes(job.status!) ? { ...job, extra: null } : job)
  return comparable(one) === comparable(other)
}
