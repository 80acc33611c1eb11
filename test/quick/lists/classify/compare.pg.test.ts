import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { classify } from '../../../../src/lists/classify/list.ts'
import { createComparison } from '../../../../src/lists/compare.ts'
import { createJobStore, type JobStore, seen } from './job-store.ts'

let store: JobStore
beforeAll(async () => {
  store = await createJobStore()
})
beforeEach(() => store.clear())
afterAll(() => store.database.drop())

test.each([
  ['RUNNING', 'RUNNING', ['extra']],
  [null, null, ['extra']],
  ['RUNNING', 'COMPLETED', ['status', 'extra']],
  ['COMPLETED', 'RUNNING', ['status', 'extra']],
  ['COMPLETED', 'COMPLETED', null],
])(
  'A21: stored as %s and shown as %s, with other unknown fields, it differs in %j',
  async (stored, shown, fields) => {
    await store.write([seen(1, { status: stored, extra: '{"url": 1}' })])
    const shownNow = seen(2, { status: shown, extra: '{"url": 2}' })
    const differing = await createComparison(classify)(store.database.pool, 'one', [shownNow.job])
    expect(differing.map((each) => each.fields.map(({ field }) => field))).toEqual(
      fields === null ? [] : [fields],
    )
    // The same is what a sync writes of it.
    expect(await store.write([shownNow])).toMatchObject({ updated: differing.length })
  },
)
