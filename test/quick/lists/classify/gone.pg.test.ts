import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { OnDelete } from '../../../../src/lists/gone.ts'
import { transaction } from '../../../../src/store/pool.ts'
import { isWaitingForLock } from '../../../support/migrated-database.ts'
import { at, classifyJobs, createJobStore, type JobStore, OVERLAP, seen } from './job-store.ts'

let store: JobStore
beforeAll(async () => {
  store = await createJobStore()
})
beforeEach(() => store.clear())
afterAll(() => store.database.drop())

const mark = (ids: readonly string[], seconds: number, onDelete?: OnDelete) =>
  transaction(store.database.pool, (client) => classifyJobs(onDelete).markGone(client, ids, at(seconds)))

const FULL = {
  projectId: 'p',
  status: 'COMPLETED',
  documentInputType: 'url',
  parseJobId: 'pjb-1',
  configurationId: 'cfg-1',
  resultType: 'invoice',
  resultConfidence: 0.9,
  createdAt: at(1),
  updatedAt: at(2),
}
const CONTENT = {
  fileInput: 'https://example.com/a.pdf',
  resultReasoning: 'It says so.',
  errorMessage: 'none',
  transactionId: 't',
  userId: 'u',
  extra: '{"name":"Jane"}',
}

const row = async () => (await store.database.pool.query('select * from llamacloud.classify_jobs')).rows[0]

test('only jobs that are stored and not yet marked are marked, and counted', async () => {
  await store.write([seen(100, { id: 'a' }), seen(100, { id: 'b' }), seen(100, { id: 'c' })])
  expect(await mark([], 105)).toBe(0)
  expect(await mark(['b'], 110)).toBe(1)
  expect(await mark(['c', 'b', 'unknown', 'c'], 120)).toBe(1)
  expect(await store.job('a')).toMatchObject({ deleted_at: null, synced_at: at(100) })
  expect(await store.job('b')).toMatchObject({ deleted_at: at(110), synced_at: at(110) })
  expect(await store.job('c')).toMatchObject({ deleted_at: at(120), synced_at: at(120) })
  expect((await store.changes()).map(({ event, job_id }) => [event, job_id])).toEqual([
    ['deleted', 'b'],
    ['deleted', 'c'],
  ])
})

test('I13: a mark keeps everything else of the job', async () => {
  await store.write([seen(100, { ...FULL, ...CONTENT })])
  const before = await row()
  await mark(['j1'], 110)
  expect(await row()).toEqual({ ...before, deleted_at: expect.any(String), synced_at: expect.any(String) })
})

test('I13: erased, a job keeps what it was', async () => {
  await store.write([seen(100, { ...FULL, ...CONTENT })])
  const before = await row()
  expect(await mark(['j1'], 110, 'erase')).toBe(1)
  expect(await row()).toEqual({
    ...before,
    file_input: null,
    result_reasoning: null,
    error_message: null,
    transaction_id: null,
    user_id: null,
    extra: null,
    deleted_at: expect.any(String),
    synced_at: expect.any(String),
  })
})

test('I4: what was erased comes back with the job, and not with an earlier observation of it', async () => {
  const job = { ...FULL, ...CONTENT }
  await store.write([seen(100, job)])
  await mark(['j1'], 110, 'erase')
  expect(await store.write([seen(109, { ...job, updatedAt: at(3) })])).toMatchObject({ stale: 1 })
  expect(await row()).toMatchObject({ file_input: null })
  expect(await store.write([seen(111, job)])).toMatchObject({ updated: 1 })
  expect(await row()).toMatchObject({ file_input: job.fileInput, extra: { name: 'Jane' }, deleted_at: null })
})

test('I4: a mark does not take the time of the stored content back', async () => {
  await store.write([seen(100)])
  await mark(['j1'], 90)
  expect(await store.job()).toMatchObject({ deleted_at: at(90), synced_at: at(100) })
})

test('a mark and a batch that share ids in different orders wait for each other instead of deadlocking', async () => {
  const ids = ['a', 'b', 'c', 'd']
  await store.write(ids.map((id) => seen(100, { id })))
  const list = classifyJobs()
  const { marked } = await transaction(store.database.pool, async (client) => {
    await list.write(client, 'one', [seen(110, { id: 'a', status: 'RUNNING' })], { overlap: OVERLAP })
    const marked = mark(ids.toReversed(), 120)
    await expect.poll(() => isWaitingForLock(store.database)).toBe(true)
    const rest = ids.map((id) => seen(110, { id, status: 'RUNNING' }))
    expect(await list.write(client, 'one', rest, { overlap: OVERLAP })).toMatchObject({ updated: 3 })
    return { marked }
  })
  expect(await marked).toBe(4)
  expect(await store.job('a')).toMatchObject({ status: 'RUNNING', deleted_at: at(120) })
})
