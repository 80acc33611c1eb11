import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { anyItem } from '../../../support/arbitrary-payload.ts'
import { decodeItem } from '../../../support/decode-item.ts'
import { at, createJobStore, type JobStore, NONE_WRITTEN, seen } from './job-store.ts'

let store: JobStore
beforeAll(async () => {
  store = await createJobStore()
})
beforeEach(() => store.clear())
afterAll(() => store.database.drop())

test.each([
  ["'; drop table llamacloud.classify_jobs; --"],
  ['{"a","b"}'],
  ['{'],
  ['NULL'],
  ['null'],
  ['a,b'],
  ['back\\slash "quote" \'apostrophe\' $1 $$ %s'],
  [' leading and trailing\t\n'],
  ['\u{1f600}\u200f\u0001\u007f'],
  ['é'.repeat(256)],
])('A10: the id and text %j is stored as it is', async (text) => {
  const fields = {
    id: text,
    status: text,
    errorMessage: text,
    resultType: text,
    extra: JSON.stringify({ [text]: text }),
  }
  expect(await store.write([seen(1, fields)])).toEqual({ ...NONE_WRITTEN, inserted: 1, openIds: [text] })
  expect(await store.write([seen(2, fields)])).toEqual({ ...NONE_WRITTEN, unchanged: 1, openIds: [text] })
  const { rows } = await store.database.pool.query(
    'select id, status, error_message, result_type, extra from llamacloud.classify_jobs',
  )
  expect(rows).toEqual([
    { id: text, status: text, error_message: text, result_type: text, extra: { [text]: text } },
  ])
})

test('ids that a locale takes for equal or sorts anew are different jobs', async () => {
  const ids = ['a', 'A', 'á', 'a\u0301', 'a ', ' a', '-a', 'a-', 'ﬁ', 'fi']
  expect(await store.write(ids.map((id) => seen(1, { id })))).toMatchObject({ inserted: ids.length })
  expect((await store.write(ids.map((id) => seen(2, { id })))).openIds.toSorted()).toEqual(ids.toSorted())
})

test('A11: absurd times are stored and compared like any other', async () => {
  const times = { createdAt: '0001-01-01T00:00:00.000000Z', updatedAt: '9999-12-31T23:59:59.999999Z' }
  await store.write([seen(1, { ...times, status: 'PENDING' })])
  expect(await store.write([seen(2, { ...times, status: 'RUNNING', updatedAt: at(5) })])).toMatchObject({
    stale: 1,
  })
  expect(await store.write([seen(3, { ...times, status: 'RUNNING' })])).toMatchObject({ updated: 1 })
  expect(await store.job()).toMatchObject({ updated_at: '9999-12-31T23:59:59.999999Z' })
})

test('I5, A9: whatever JSON can say is stored at once, and seen again it is unchanged', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(anyItem, { selector: ({ id }) => id, minLength: 1, maxLength: 20 }),
      async (items) => {
        const write = (seconds: number) =>
          store.write(items.map((item) => ({ job: decodeItem(item), observedAt: at(seconds) })))
        const { inserted, ...none } = await write(1)
        expect([inserted, none.updated, none.unchanged, none.stale]).toEqual([items.length, 0, 0, 0])
        expect(await write(2)).toMatchObject({ unchanged: items.length })
        await store.clear()
      },
    ),
    { seed: 7, numRuns: 60 },
  )
})
