import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type ObservedJob, resolveDuplicates } from '../../../../src/lists/batch.ts'
import { classify } from '../../../../src/lists/classify/list.ts'
import { at, configuration, seen } from './job-store.ts'
import { anyBatches, isNewer, SMALL_OVERLAP } from './observations.ts'

const resolve = (batch: readonly ObservedJob[]) =>
  resolveDuplicates(batch, { list: classify, overlap: SMALL_OVERLAP })

describe('resolveDuplicates', () => {
  const early = seen(1, { status: 'RUNNING', updatedAt: at(1) })
  const late = seen(1, { status: 'COMPLETED', updatedAt: at(2) })
  const other = seen(1, { id: 'j2' })

  test('leaves a batch without duplicates as it is', () => {
    expect(resolve([early, other])).toEqual({ jobs: [early, other], unchanged: 0, stale: 0, doubtfulIds: [] })
    expect(resolve([])).toEqual({ jobs: [], unchanged: 0, stale: 0, doubtfulIds: [] })
  })

  test.each([
    ['after', [early, late]],
    ['before', [late, early]],
  ])('I4: keeps the greater updated_at that comes %s the smaller', (_, batch) => {
    expect(resolve(batch)).toEqual({ jobs: [late], unchanged: 0, stale: 1, doubtfulIds: [] })
  })

  test('I4: a smaller updated_at loses when it was observed a little later, and wins when much later', () => {
    const littleLater = { ...early, observedAt: at(5) }
    expect(resolve([late, littleLater]).jobs).toEqual([late])
    expect(resolve([littleLater, late]).jobs).toEqual([late])
    // Which of them is right, only a third tells that is far from both.
    for (const batch of [
      [late, littleLater],
      [littleLater, late],
    ])
      expect(resolve(batch).doubtfulIds).toEqual(['j1'])
    const muchLater = { ...early, observedAt: at(5.000001) }
    expect(resolve([late, muchLater]).jobs).toEqual([muchLater])
    expect(resolve([muchLater, late]).jobs).toEqual([muchLater])
  })

  test('I4, A16: a job that ended later has ended, whatever updated_at says', () => {
    const open = seen(1, { status: 'RUNNING', updatedAt: at(9) })
    const ended = seen(2, { status: 'COMPLETED', updatedAt: at(1) })
    expect(resolve([open, ended]).jobs).toEqual([ended])
    expect(resolve([ended, open]).jobs).toEqual([ended])
  })

  test('A21: a finished job that differs in unknown fields alone is unchanged, an open one is not', () => {
    const read = (status: string) => [1, 2].map((n) => seen(n, { status, extra: `{"url": ${n}}` }))
    expect(resolve(read('COMPLETED'))).toMatchObject({ unchanged: 1, stale: 0 })
    expect(resolve(read('RUNNING'))).toMatchObject({ unchanged: 0, stale: 1 })
  })

  test.each([
    [at(1), at(1)],
    [null, at(1)],
    [at(1), null],
    [null, null],
  ])('I4: updated_at %s and %s: the later observation wins', (first, second) => {
    const sooner = seen(1, { status: 'RUNNING', updatedAt: first })
    const later = seen(2, { status: 'COMPLETED', updatedAt: second })
    expect(resolve([sooner, later]).jobs).toEqual([later])
    expect(resolve([later, sooner]).jobs).toEqual([later])
  })

  test('the last one wins where nothing decides', () => {
    const again = { ...early, job: { ...early.job, status: 'FAILED' } }
    expect(resolve([early, again]).jobs).toEqual([again])
  })

  test('A5: the same content is unchanged, its configuration compared by content', () => {
    const one = seen(1, { configuration: configuration('a') })
    const same = seen(1, { configuration: configuration('a') })
    const changed = seen(1, { configuration: configuration('b') })
    expect(resolve([one, same])).toEqual({ jobs: [one], unchanged: 1, stale: 0, doubtfulIds: [] })
    expect(resolve([one, changed])).toEqual({ jobs: [changed], unchanged: 0, stale: 1, doubtfulIds: [] })
  })

  test('the same content counts from its last observation', () => {
    const again = { ...early, observedAt: at(5) }
    const between = seen(3, { status: 'FAILED', updatedAt: at(1) })
    expect(resolve([early, again, between]).jobs).toEqual([again])
  })
})

test('I4, I7: a resolved batch is what its observations leave when taken one after the other', () => {
  fc.assert(
    fc.property(anyBatches, (batches) => {
      const batch = batches.flat()
      const oneByOne = new Map<string, ObservedJob>()
      for (const each of batch) {
        const stored = oneByOne.get(each.job.id)
        if (!stored || !isNewer(stored, each)) oneByOne.set(each.job.id, each)
      }
      const { jobs, unchanged, stale } = resolve(batch)
      expect(jobs).toEqual([...oneByOne.values()])
      expect(jobs.length + unchanged + stale).toBe(batch.length)
    }),
    { seed: 5, numRuns: 2_000 },
  )
})

/**
 * Nearer than twice the overlap the order is by updated_at, further apart by time: of three observations each may be newer
 * than the next. So the rest of many may depend on their order. It is never wrong without being doubted.
 */
test('I4: what is left of many observations, in any order, is the latest of them, or in doubt', () => {
  fc.assert(
    fc.property(anyBatches, (batches) => {
      const ours = batches.flat().filter(({ job }) => job.id === 'j1')
      // Told apart by their content, and by their time.
      const batch = ours.map((each, index) => ({
        job: { ...each.job, resultType: `${index}` },
        observedAt: each.observedAt.replace(/\d{3}Z$/, `${String(index).padStart(3, '0')}Z`),
      }))
      fc.pre(batch.length > 0)
      const latest = batch.reduce((one, other) => (one.observedAt > other.observedAt ? one : other))
      const { jobs, doubtfulIds } = resolve(batch)
      if (doubtfulIds.length === 0) expect(jobs).toEqual([latest])
    }),
    { seed: 9, numRuns: 5_000 },
  )
})

test('I4: which of two observations is newer does not depend on the order in which they come', () => {
  fc.assert(
    fc.property(anyBatches, (batches) => {
      const [one, other] = batches.flat().filter(({ job }) => job.id === 'j1')
      fc.pre(one !== undefined && other !== undefined && one.observedAt !== other.observedAt)
      expect(resolve([one, other]).jobs).toEqual(resolve([other, one]).jobs)
    }),
    { seed: 6, numRuns: 2_000 },
  )
})
