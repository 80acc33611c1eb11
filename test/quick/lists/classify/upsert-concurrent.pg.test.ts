import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { ObservedJob } from '../../../../src/lists/batch.ts'
import { transaction } from '../../../../src/store/pool.ts'
import { isWaitingForLock } from '../../../support/migrated-database.ts'
import { seededRandom } from '../../../support/virtual-clock.ts'
import {
  at,
  type Counted,
  classifyJobs,
  createJobStore,
  type JobStore,
  NONE_WRITTEN,
  OVERLAP,
  seen,
} from './job-store.ts'

let store: JobStore
beforeAll(async () => {
  store = await createJobStore()
})
beforeEach(() => store.clear())
afterAll(() => store.database.drop())

function shuffled<T>(items: readonly T[], random: () => number): T[] {
  return items
    .map((item) => ({ item, key: random() }))
    .sort((a, b) => a.key - b.key)
    .map(({ item }) => item)
}

test('batches that share ids in different orders do not deadlock', async () => {
  const ids = Array.from({ length: 40 }, (_, index) => `job ${index}`)
  await store.write(ids.map((id) => seen(0, { id, status: 'PENDING' })))
  const writer = async (number: number) => {
    const random = seededRandom(number)
    const counts: Counted[] = []
    for (let round = 1; round <= 25; round += 1) {
      const fields = { status: `RUNNING ${number}/${round}` }
      // Half of the ids are new, so that inserts wait for each other as well.
      const all = [...ids, ...ids.map((id) => `${id}, round ${round}`)]
      counts.push(await store.write(shuffled(all, random).map((id) => seen(round, { id, ...fields }))))
    }
    return counts
  }
  const counts = (await Promise.all([1, 2, 3, 4, 5, 6].map(writer))).flat()
  expect(
    counts.map(({ inserted, updated, unchanged, stale }) => inserted + updated + unchanged + stale),
  ).toEqual(counts.map(() => 80))
  expect(counts.reduce((sum, { inserted }) => sum + inserted, 0)).toBe(25 * 40)
  const { rows } = await store.database.pool.query('select count(*) as jobs from llamacloud.classify_jobs')
  expect(rows).toEqual([{ jobs: 26 * 40 }])
})

/** Writes `first` and, before it is committed, `second`, which has to wait for it. */
async function race(first: ObservedJob, second: ObservedJob): Promise<Counted> {
  const list = classifyJobs()
  const { pool } = store.database
  const waiting = await transaction(pool, async (client) => {
    await list.write(client, 'one', [first], { overlap: OVERLAP })
    const written = store.write([second])
    await expect.poll(() => isWaitingForLock(store.database)).toBe(true)
    return { written }
  })
  return waiting.written
}

const version = async () =>
  (await store.database.pool.query('select xmin::text, ctid::text from llamacloud.classify_jobs')).rows

test('I5: a job that a neighbour is just storing, too, is written once', async () => {
  const job = { status: 'RUNNING', updatedAt: at(5) }
  expect(await race(seen(100, job), seen(101, job))).toEqual({
    ...NONE_WRITTEN,
    unchanged: 1,
    openIds: ['j1'],
  })
  expect(await version()).toEqual([{ xmin: expect.any(String), ctid: '(0,1)' }])
  expect(await store.job()).toMatchObject({ synced_at: at(100) })
})

test('I5: a change that a neighbour is just storing, too, is written and noted once', async () => {
  await store.write([seen(1, { status: 'RUNNING', updatedAt: at(1) })])
  const job = { status: 'COMPLETED', updatedAt: at(5) }
  expect(await race(seen(100, job), seen(101, job))).toEqual({ ...NONE_WRITTEN, unchanged: 1 })
  expect(await store.changes()).toHaveLength(1)
  expect(await store.job()).toMatchObject({ synced_at: at(100) })
})

test('I4: an older observation does not replace the newer one that a neighbour is just storing', async () => {
  await store.write([seen(1, { status: 'PENDING', updatedAt: at(1) })])
  const newer = seen(100, { status: 'COMPLETED', updatedAt: at(5) })
  const older = seen(101, { status: 'RUNNING', updatedAt: at(4) })
  const { inserted, updated, unchanged, stale } = await race(newer, older)
  expect([inserted, updated, unchanged + stale]).toEqual([0, 0, 1])
  expect(await store.job()).toMatchObject({ status: 'COMPLETED', updated_at: at(5) })
  expect(await store.changes()).toHaveLength(1)
})

test('I4: a newer observation replaces the older one that a neighbour is just storing', async () => {
  const older = seen(100, { status: 'RUNNING', updatedAt: null })
  const newer = seen(101, { status: 'COMPLETED', updatedAt: null })
  expect(await race(older, newer)).toEqual({ ...NONE_WRITTEN, updated: 1 })
  expect(await store.job()).toMatchObject({ status: 'COMPLETED', synced_at: at(101), first_seen_at: at(100) })
})

test('I4: a job that a neighbour is just storing as ended is not open again by an earlier observation', async () => {
  await store.write([seen(1, { status: 'PENDING', updatedAt: at(1) })])
  const ended = seen(101, { status: 'COMPLETED', updatedAt: at(4) })
  const open = seen(100, { status: 'RUNNING', updatedAt: at(5) })
  const { inserted, updated, unchanged, stale } = await race(ended, open)
  expect([inserted, updated, unchanged + stale]).toEqual([0, 0, 1])
  expect(await store.job()).toMatchObject({ status: 'COMPLETED', synced_at: at(101) })
  expect(await store.changes()).toHaveLength(1)
})

test('I5, A21: what differs from what a neighbour is just storing in unknown fields alone is not written', async () => {
  await store.write([seen(1, { status: 'RUNNING' })])
  const read = (seconds: number) => seen(seconds, { status: 'COMPLETED', extra: `{"url": ${seconds}}` })
  expect(await race(read(100), read(101))).toEqual({ ...NONE_WRITTEN, unchanged: 1 })
  expect(await store.job()).toMatchObject({ synced_at: at(100) })
})
