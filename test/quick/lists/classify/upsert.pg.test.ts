import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { ObservedJob } from '../../../../src/lists/batch.ts'
import { classify } from '../../../../src/lists/classify/list.ts'
import { createUpsert } from '../../../../src/lists/upsert.ts'
import { transaction } from '../../../../src/store/pool.ts'
import { at, createJobStore, type JobStore, NONE_WRITTEN, OVERLAP, seen } from './job-store.ts'

let store: JobStore
beforeAll(async () => {
  store = await createJobStore()
})
beforeEach(() => store.clear())
afterAll(() => store.database.drop())

const OPEN = 'RUNNING'
const DONE = 'COMPLETED'

test('every observed change of status, type, confidence or time is noted with what was before and after, and nothing else is', async () => {
  await store.write([seen(100, { status: 'PENDING', updatedAt: at(1) })])
  await store.write([seen(101, { status: 'RUNNING', updatedAt: at(2) })])
  await store.write([seen(102, { status: 'RUNNING', updatedAt: at(2) })]) // unchanged
  await store.write([seen(103, { status: 'PENDING', updatedAt: at(1) })]) // stale
  await store.write([seen(103, { status: 'RUNNING', updatedAt: at(2), userId: 'u', extra: '{"new": 1}' })])
  await store.write([seen(104, { status: 'COMPLETED', resultType: 'invoice', updatedAt: null })])
  const done = { status: 'COMPLETED', resultType: 'invoice' }
  await store.write([seen(105, { ...done, resultReasoning: 'It says so.', updatedAt: at(3) })])
  await store.write([seen(106, { ...done, resultConfidence: 0.5, updatedAt: at(3) })])
  expect(await store.changes()).toMatchObject([
    {
      job_id: 'j1',
      observed_at: at(101),
      from_status: 'PENDING',
      to_status: 'RUNNING',
      from_result_type: null,
      to_result_type: null,
      from_updated_at: at(1),
      to_updated_at: at(2),
    },
    {
      job_id: 'j1',
      observed_at: at(104),
      from_status: 'RUNNING',
      to_status: 'COMPLETED',
      from_result_type: null,
      to_result_type: 'invoice',
      from_updated_at: at(2),
      to_updated_at: null,
    },
    {
      job_id: 'j1',
      observed_at: at(105),
      from_status: 'COMPLETED',
      to_status: 'COMPLETED',
      from_result_type: 'invoice',
      to_result_type: 'invoice',
      from_updated_at: null,
      to_updated_at: at(3),
    },
    {
      observed_at: at(106),
      event: 'changed',
      from_result_confidence: null,
      to_result_confidence: 0.5,
    },
  ])
})

test('a job that reappears loses its mark of deletion, though nothing else changed', async () => {
  await store.write([seen(100, { status: DONE, updatedAt: at(5) })])
  await store.database.pool.query('update llamacloud.classify_jobs set deleted_at = $1', [at(110)])
  expect(await store.write([seen(120, { status: DONE, updatedAt: at(5) })])).toEqual({
    ...NONE_WRITTEN,
    updated: 1,
  })
  expect(await store.job()).toMatchObject({ deleted_at: null, synced_at: at(120) })
  expect(await store.changes()).toMatchObject([{ event: 'returned', observed_at: at(120), to_status: DONE }])
})

test('an observation older than the stored one does not lift a mark of deletion', async () => {
  await store.write([seen(100, { status: DONE, updatedAt: at(5) })])
  await store.database.pool.query('update llamacloud.classify_jobs set deleted_at = $1', [at(110)])
  expect(await store.write([seen(99, { status: DONE, updatedAt: at(5) })])).toEqual({
    ...NONE_WRITTEN,
    stale: 1,
  })
  expect(await store.job()).toMatchObject({ deleted_at: at(110) })
})

test('I4: a mark of deletion is an observation without updated_at: the later one decides', async () => {
  await store.write([seen(100, { status: DONE, updatedAt: at(5) })])
  const mark = () =>
    store.database.pool.query('update llamacloud.classify_jobs set deleted_at = $1, synced_at = $1', [
      at(110),
    ])
  await mark()
  expect(await store.write([seen(109, { status: DONE, updatedAt: at(6) })])).toMatchObject({ stale: 1 })
  expect(await store.write([seen(111, { status: DONE, updatedAt: at(4) })])).toMatchObject({ updated: 1 })
  expect(await store.job()).toMatchObject({ deleted_at: null, updated_at: at(4) })
})

test('the source and the time of the first sighting stay', async () => {
  await store.write([seen(100, { status: OPEN })], { source: 'first' })
  await store.write([seen(200, { status: DONE })], { source: 'second' })
  expect(await store.job()).toMatchObject({ source: 'first', first_seen_at: at(100), synced_at: at(200) })
})

test('A6, A9: every status but the terminal ones is open, null and new ones too; case does not matter', async () => {
  const statuses = [
    'PENDING',
    'RUNNING',
    'COMPLETED',
    'FAILED',
    'CANCELLED',
    'THROTTLED',
    'completed',
    '',
    null,
  ]
  const { openIds, inserted } = await store.write(
    statuses.map((status) => seen(1, { id: `is ${status}`, status })),
  )
  expect(inserted).toBe(9)
  expect(openIds.toSorted()).toEqual(
    ['is PENDING', 'is RUNNING', 'is THROTTLED', 'is ', 'is null'].toSorted(),
  )
})

test('a stale observation is open or not as the stored row is', async () => {
  await store.write([
    seen(100, { id: 'done', status: DONE, updatedAt: at(9) }),
    seen(100, { id: 'open', status: OPEN, updatedAt: at(9) }),
    seen(100, { id: 'null', status: null, updatedAt: at(9) }),
  ])
  const { stale, openIds } = await store.write([
    seen(101, { id: 'done', status: OPEN, updatedAt: at(8) }),
    seen(99, { id: 'open', status: DONE, updatedAt: at(8) }),
    seen(99, { id: 'null', status: DONE, updatedAt: at(8) }),
  ])
  expect(stale).toBe(3)
  expect(openIds.toSorted()).toEqual(['null', 'open'])
})

test('it tells which jobs are new, and which changed though they were terminal', async () => {
  const write = (batch: ObservedJob[]) =>
    transaction(store.database.pool, (client) => createUpsert(classify)(client, 'one', batch, OVERLAP))
  const jobs = (seconds: number, errorMessage: string | null) =>
    [DONE, OPEN].map((status) => seen(seconds, { id: status, status, errorMessage }))
  expect(await write(jobs(100, null))).toMatchObject({
    insertedIds: expect.arrayContaining([DONE, OPEN]),
    revisedIds: [],
  })
  expect(await write(jobs(101, 'new'))).toMatchObject({ insertedIds: [], revisedIds: [DONE] })
  expect(await write(jobs(102, 'new'))).toMatchObject({ insertedIds: [], revisedIds: [] })
  expect(await write(jobs(99, 'old'))).toMatchObject({ stale: 2, insertedIds: [], revisedIds: [] })
})

test('an empty batch', async () => {
  expect(await store.write([])).toEqual(NONE_WRITTEN)
})

test('one statement does not take an id twice: SQLSTATE 21000', async () => {
  const twice = transaction(store.database.pool, (client) =>
    createUpsert(classify)(client, 'one', [seen(1), seen(2)], OVERLAP),
  )
  await expect(twice).rejects.toMatchObject({ code: '21000' })
})
