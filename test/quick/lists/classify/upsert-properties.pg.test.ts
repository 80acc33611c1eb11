import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type ObservedJob, resolveDuplicates } from '../../../../src/lists/batch.ts'
import { classify } from '../../../../src/lists/classify/list.ts'
import { isEnd } from '../../../../src/lists/list.ts'
import { formatInstant, MICROSECOND, parseInstant, SECOND } from '../../../../src/values/instant.ts'
import { bySize } from '../../../support/size.ts'
import { at, createJobStore, type JobStore, seen } from './job-store.ts'
import { anyBatches, isNewer, isSame, SMALL_OVERLAP, truthfulBatches } from './observations.ts'

let store: JobStore
beforeAll(async () => {
  store = await createJobStore()
})
afterAll(() => store.database.drop())

const write = (batch: readonly ObservedJob[]) => store.write(batch, { overlap: SMALL_OVERLAP })

/** What is stored, by id, and how often a change of it was noted. */
class Model {
  readonly stored = new Map<string, ObservedJob>()
  readonly #firstSeenAt = new Map<string, string>()
  changes = 0
  /** Ids of which an earlier observation won over a later one in the latest write. */
  readonly doubtful = new Set<string>()

  /** One observation of each job; returns the counts. */
  write(jobs: readonly ObservedJob[]) {
    const counts = { inserted: 0, updated: 0, unchanged: 0, stale: 0 }
    this.doubtful.clear()
    for (const incoming of jobs) counts[this.#write(incoming)] += 1
    return counts
  }

  #write(incoming: ObservedJob): 'inserted' | 'updated' | 'unchanged' | 'stale' {
    const stored = this.stored.get(incoming.job.id)
    if (stored && isSame(stored, incoming)) return 'unchanged'
    const isStale = stored !== undefined && isNewer(stored, incoming)
    const [winner, loser] = isStale ? [stored, incoming] : [incoming, stored]
    if (loser && winner.observedAt < loser.observedAt) this.doubtful.add(incoming.job.id)
    if (isStale) return 'stale'
    this.stored.set(incoming.job.id, this.#apart(incoming))
    if (!stored) return 'inserted'
    const noted = ['status', 'resultType', 'updatedAt'] as const
    if (noted.some((field) => stored.job[field] !== incoming.job[field])) this.changes += 1
    return 'updated'
  }

  /** A change keeps a microsecond apart from the moment of the insert. */
  #apart(observed: ObservedJob): ObservedJob {
    const { job, observedAt } = observed
    const firstSeenAt = this.#firstSeenAt.get(job.id)
    if (firstSeenAt === undefined) this.#firstSeenAt.set(job.id, observedAt)
    return observedAt === firstSeenAt
      ? { job, observedAt: formatInstant(parseInstant(observedAt)! + MICROSECOND) }
      : observed
  }
}

test('I4, I5, I7: any observations in any order: what is stored, counted and noted', async () => {
  await fc.assert(
    fc.asyncProperty(anyBatches, async (batches) => {
      await store.clear()
      const model = new Model()
      for (const batch of batches) {
        const { jobs, unchanged, stale, doubtfulIds } = resolveDuplicates(batch, {
          list: classify,
          overlap: SMALL_OVERLAP,
        })
        const expected = model.write(jobs)
        const { openIds, ...counts } = await write(batch)
        expect(counts).toEqual({
          ...expected,
          unchanged: expected.unchanged + unchanged,
          stale: expected.stale + stale,
        })
        expect(store.doubtful()).toEqual([...new Set([...doubtfulIds, ...model.doubtful])].toSorted())
        const left = jobs.map(({ job }) => model.stored.get(job.id)!.job)
        const open = left.filter(({ status }) => !isEnd(classify, status)).map(({ id }) => id)
        expect(openIds.toSorted()).toEqual(open.toSorted())
      }
      for (const [id, { job, observedAt }] of model.stored) {
        expect(await store.job(id)).toMatchObject({
          status: job.status,
          result_type: job.resultType,
          updated_at: job.updatedAt,
          synced_at: observedAt,
        })
      }
      expect(await store.changes()).toHaveLength(model.changes)
    }),
    { seed: 4, numRuns: bySize(100, 250) },
  )
})

test('I4, I8: whatever came before, in any order: the next observation that is far from all of it is what is stored', async () => {
  await fc.assert(
    fc.asyncProperty(anyBatches, async (batches) => {
      await store.clear()
      for (const batch of batches) await write(batch)
      const ids = [...new Set(batches.flat().map(({ job }) => job.id))]
      const far = 11 + (2 * SMALL_OVERLAP) / SECOND + 0.001
      const next = { status: 'RUNNING', resultType: 'next', updatedAt: at(-100) }
      await write(ids.map((id) => seen(far, { id, ...next })))
      for (const id of ids)
        expect(await store.job(id)).toMatchObject({ status: 'RUNNING', result_type: 'next' })
    }),
    { seed: 10, numRuns: bySize(50, 100) },
  )
})

test('I4, A7: servers that lag by an overlap at most leave the newest that any of them showed, in any order', async () => {
  await fc.assert(
    fc.asyncProperty(truthfulBatches, async (batches) => {
      await store.clear()
      const newest = new Map<string, number>()
      for (const batch of batches) {
        await write(batch)
        for (const { job } of batch) {
          newest.set(job.id, Math.max(newest.get(job.id) ?? 0, Number(job.resultType)))
        }
      }
      for (const [id, version] of newest) {
        expect(await store.job(id)).toMatchObject({ result_type: String(version) })
      }
      expect(await write(batches.flat())).toMatchObject({ inserted: 0, updated: 0 })
    }),
    { seed: 8, numRuns: bySize(100, 250) },
  )
})
