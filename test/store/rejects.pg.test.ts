import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { transaction } from '../../src/store/pool.ts'
import { countRejects, keepRejects, type Reject } from '../../src/store/rejects.ts'
import { formatJson, parseJson } from '../../src/values/json.ts'
import { addSource } from '../quick/store/sources.ts'
import type { TestDatabase } from '../support/database.ts'
import { createMigratedDatabase, UNUSUAL_SETTINGS } from '../support/migrated-database.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await createMigratedDatabase(UNUSUAL_SETTINGS)
})
beforeEach(async () => {
  await addSource(database, 'one')
  await addSource(database, 'two')
})
afterAll(() => database.drop())

const keep = (items: readonly Reject[], source = 'one') =>
  transaction(database.pool, (client) => keepRejects(client, source, items))
const stored = async (source = 'one') => {
  const { rows } = await database.pool.query<Record<string, unknown>>(
    `select reason, payload, times_seen, last_seen_at > first_seen_at as seen_again,
      first_seen_at between clock_timestamp() - interval '1 minute' and clock_timestamp() as is_new
    from llamacloud_sync.rejects where source = $1 order by payload collate "C"`,
    [source],
  )
  return rows
}
const A: Reject = { reason: 'the id is missing', payload: '{"status":"FAILED"}' }
const B: Reject = { reason: 'the item is not an object', payload: '[]' }

test('the same item is kept once and counted, within a batch and over batches', async () => {
  await keep([A, B, A])
  const row = { seen_again: false, is_new: true }
  expect(await stored()).toEqual([
    { ...B, ...row, times_seen: 1 },
    { ...A, ...row, times_seen: 2 },
  ])
  await keep([A])
  expect(await stored()).toEqual([
    { ...B, ...row, times_seen: 1 },
    { ...A, ...row, times_seen: 3, seen_again: true },
  ])
  expect(await countRejects(database.pool, 'one')).toBe(2)
})

test('each source has rejects of its own', async () => {
  await keep([A])
  await keep([A], 'two')
  expect(await stored('two')).toMatchObject([{ times_seen: 1 }])
  expect(await countRejects(database.pool, 'unknown')).toBe(0)
  await keep([])
  expect(await countRejects(database.pool, 'one')).toBe(1)
})

test('I9, A10: the payload is kept whole, whatever it holds', async () => {
  const payloads = [
    formatJson(parseJson('{"id":"\\u0000","number":12345678901234567890.10,"half":"\\ud800"}')),
    JSON.stringify({ id: 'x'.repeat(1_000_000) }),
    `'); drop table llamacloud_sync.rejects; --`,
    'NULL',
  ]
  await keep(payloads.map((payload) => ({ reason: 'r', payload })))
  expect((await stored()).map(({ payload }) => payload).toSorted()).toEqual(payloads.toSorted())
})

test('half of a surrogate pair that is not escaped is replaced', async () => {
  await keep([{ reason: 'r', payload: '"\ud800"' }])
  expect(await stored()).toMatchObject([{ payload: '"\ufffd"' }])
})

test('I7: commits side by side count every time it was seen, and do not deadlock', async () => {
  const items = Array.from({ length: 50 }, (_, index) => ({ reason: 'r', payload: `${index}` }))
  await Promise.all(Array.from({ length: 10 }, (_, n) => keep(n % 2 === 0 ? items : items.toReversed())))
  expect((await stored()).map(({ times_seen }) => times_seen)).toEqual(items.map(() => 10))
})

describe('I11: rejects do not grow without end', () => {
  const many = (count: number, bytes = 0): Reject[] =>
    Array.from({ length: count }, (_, index) => ({ reason: 'r', payload: `${index} ${'x'.repeat(bytes)}` }))

  test('the latest 10,000 of a source are kept', async () => {
    await keep([A])
    await keep([B], 'two')
    await keep(many(6_000))
    await keep(many(12_000))
    expect(await countRejects(database.pool, 'one')).toBe(10_000)
    await keep([A])
    expect(await countRejects(database.pool, 'one')).toBe(10_000)
    expect((await stored()).some(({ payload }) => payload === A.payload)).toBe(true)
    expect(await countRejects(database.pool, 'two')).toBe(1)
  })

  test('and no more than 256 MB of them, but always one', async () => {
    // What PostgreSQL cannot compress.
    await database.pool.query(
      `insert into llamacloud_sync.rejects (source, reason, payload, fingerprint, first_seen_at, last_seen_at)
      select 'one', 'r', (select string_agg(md5(n || ' ' || m), '') from generate_series(1, 500000) as m), n,
        clock_timestamp() - interval '1 day', clock_timestamp() - interval '1 day'
      from generate_series(1, 20) as n`,
    )
    await keep([A])
    const left = await countRejects(database.pool, 'one')
    expect(left).toBeGreaterThan(10)
    expect(left).toBeLessThan(20)
  })

  test('one that did not come for 90 days goes when others come', async () => {
    await keep([A, B])
    await database.pool.query(
      `update llamacloud_sync.rejects set last_seen_at = now() - interval '91 days' where payload = $1`,
      [A.payload],
    )
    await keep([B])
    expect(await stored()).toMatchObject([{ payload: B.payload, times_seen: 2 }])
  })
})
