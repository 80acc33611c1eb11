import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ObservedJob } from '../../../../src/lists/classify/batch.ts'
import { TERMINAL_STATUSES } from '../../../../src/lists/classify/upsert.ts'
import { createJobStore, type JobStore } from './job-store.ts'
import { anyBatches, newestOf } from './observations.ts'

let store: JobStore
beforeAll(async () => {
  store = await createJobStore()
})
afterAll(() => store.database.drop())

const isOpen = (status: string | null) => status === null || !TERMINAL_STATUSES.includes(status)

async function expectNewest(batches: readonly ObservedJob[][]): Promise<void> {
  for (const [id, { job }] of newestOf(batches.flat())) {
    expect(await store.job(id)).toMatchObject({
      status: job.status,
      result_type: job.resultType,
      updated_at: job.updatedAt,
    })
  }
}

test('I4, I7: any observations in any order end with the newest, and every one of them is counted', async () => {
  await fc.assert(
    fc.asyncProperty(anyBatches, async (batches) => {
      await store.clear()
      const seenBefore = new Set<string>()
      let updated = 0
      for (const batch of batches) {
        const ids = new Set(batch.map(({ job }) => job.id))
        const written = await store.write(batch)
        updated += written.updated
        expect(written.inserted + written.updated + written.unchanged + written.stale).toBe(batch.length)
        expect(written.inserted).toBe([...ids].filter((id) => !seenBefore.has(id)).length)
        const rows = await Promise.all([...ids].map((id) => store.job(id)))
        const open = rows.filter(({ status }) => isOpen(status)).map(({ id }) => id)
        expect(written.openIds.toSorted()).toEqual(open.toSorted())
        for (const id of ids) seenBefore.add(id)
      }
      expect(await store.changes()).toHaveLength(updated)
      await expectNewest(batches)
    }),
    { seed: 4, numRuns: 250 },
  )
})
