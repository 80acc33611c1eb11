import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type ObservedJob, resolveDuplicates } from '../../../../src/lists/classify/batch.ts'
import { at, configuration, seen } from './job-store.ts'
import { anyBatches, isNewer, jobsOf, newestOf } from './observations.ts'

describe('resolveDuplicates', () => {
  const early = seen(1, { status: 'RUNNING', updatedAt: at(1) })
  const late = seen(1, { status: 'COMPLETED', updatedAt: at(2) })
  const other = seen(1, { id: 'j2' })

  test('leaves a batch without duplicates as it is', () => {
    expect(resolveDuplicates([early, other])).toEqual({ jobs: [early, other], unchanged: 0, stale: 0 })
    expect(resolveDuplicates([])).toEqual({ jobs: [], unchanged: 0, stale: 0 })
  })

  test.each([
    ['after', [early, late]],
    ['before', [late, early]],
  ])('I4: keeps the greater updated_at that comes %s the smaller', (_, batch) => {
    expect(resolveDuplicates(batch)).toEqual({ jobs: [late], unchanged: 0, stale: 1 })
  })

  test('I4: a smaller updated_at loses even when it was observed later', () => {
    const observedLater = { ...early, observedAt: at(9) }
    expect(resolveDuplicates([late, observedLater]).jobs).toEqual([late])
    expect(resolveDuplicates([observedLater, late]).jobs).toEqual([late])
  })

  test.each([
    [at(1), at(1)],
    [null, at(1)],
    [at(1), null],
    [null, null],
  ])('I4: updated_at %s and %s: the later observation wins', (first, second) => {
    const sooner = seen(1, { status: 'RUNNING', updatedAt: first })
    const later = seen(2, { status: 'COMPLETED', updatedAt: second })
    expect(resolveDuplicates([sooner, later]).jobs).toEqual([later])
    expect(resolveDuplicates([later, sooner]).jobs).toEqual([later])
  })

  test('the last one wins where nothing decides', () => {
    const again = { ...early, job: { ...early.job, status: 'FAILED' } }
    expect(resolveDuplicates([early, again]).jobs).toEqual([again])
  })

  test('A5: the same content is unchanged, its configuration compared by content', () => {
    const one = seen(1, { configuration: configuration('a') })
    const same = seen(1, { configuration: configuration('a') })
    const changed = seen(1, { configuration: configuration('b') })
    expect(resolveDuplicates([one, same])).toEqual({ jobs: [one], unchanged: 1, stale: 0 })
    expect(resolveDuplicates([one, changed])).toEqual({ jobs: [changed], unchanged: 0, stale: 1 })
  })

  test('the same content counts from its last observation', () => {
    const again = { ...early, observedAt: at(5) }
    const between = seen(3, { status: 'FAILED', updatedAt: at(1) })
    expect(resolveDuplicates([early, again, between]).jobs).toEqual([again])
  })
})

/** The upsert's rule on one row: what is stored after one more observation. */
function apply(stored: ObservedJob | undefined, incoming: ObservedJob): ObservedJob {
  if (!stored) return incoming
  return isNewer(stored, incoming) ? stored : incoming
}

function applyAll(stored: Map<string, ObservedJob>, batch: readonly ObservedJob[]): Map<string, ObservedJob> {
  const result = new Map(stored)
  for (const each of batch) result.set(each.job.id, apply(result.get(each.job.id), each))
  return result
}

test('I4, I7: a resolved batch stores what its observations store one after the other, whatever was there', () => {
  fc.assert(
    fc.property(anyBatches, (batches) => {
      let resolved = new Map<string, ObservedJob>()
      let oneByOne = new Map<string, ObservedJob>()
      for (const batch of batches) {
        const { jobs, unchanged, stale } = resolveDuplicates(batch)
        expect(new Set(jobs.map(({ job }) => job.id)).size).toBe(jobs.length)
        expect(jobs.length + unchanged + stale).toBe(batch.length)
        resolved = applyAll(resolved, jobs)
        oneByOne = applyAll(oneByOne, batch)
        expect(jobsOf(resolved)).toEqual(jobsOf(oneByOne))
      }
      expect(jobsOf(resolved)).toEqual(jobsOf(newestOf(batches.flat())))
    }),
    { seed: 5, numRuns: 2_000 },
  )
})
