import fc from 'fast-check'
import type { PoolClient } from 'pg'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { transaction } from '../../../src/store/pool.ts'
import { clearSpans, cutSpans, type Due, makeDue, putSpans } from '../../../src/store/put-spans.ts'
import {
  type Bounds,
  dueSpans,
  firstSpan,
  leastReadAt,
  newestSpans,
  oldestSpans,
  quarantinedSpans,
  type Span,
  spansBelow,
  unreadSpan,
} from '../../../src/store/spans.ts'
import { HOUR, type Instant, parseInstant, SECOND } from '../../../src/values/instant.ts'
import type { TestDatabase } from '../../support/database.ts'
import { createMigratedDatabase, UNUSUAL_SETTINGS } from '../../support/migrated-database.ts'
import { addSource } from './sources.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await createMigratedDatabase(UNUSUAL_SETTINGS)
})
beforeEach(async () => {
  await addSource(database, 'one')
  await addSource(database, 'two')
})
afterAll(() => database.drop())

const NOON = parseInstant('2026-03-02T12:00:00.000001Z')!

/** A span from one number of seconds to another. */
const span = (lower: number, upper: number, changes: Partial<Span> = {}): Span => ({
  ...unreadSpan({ lower: NOON + lower * SECOND, upper: NOON + upper * SECOND }, NOON),
  ...changes,
})
const inTransaction = <T>(work: (client: PoolClient) => Promise<T>) => transaction(database.pool, work)
const put = (spans: readonly Span[], source = 'one') =>
  inTransaction((client) => putSpans(client, source, spans))
const all = (source = 'one') => newestSpans(database.pool, source, 1_000)
const boundsOf = ({ lower, upper }: Bounds) => [(lower - NOON) / SECOND, (upper - NOON) / SECOND]

const EVERY_FIELD: Span = {
  lower: NOON,
  upper: NOON + 999_999,
  freshAt: NOON + 1,
  readAt: NOON + 2,
  items: 7,
  empties: 1,
  dueAt: NOON + 3,
  beganAt: NOON + 4,
  pageToken: `token'; drop table`,
  pages: 3,
  received: 250,
  reason: 'HTTP 500: {"a": "\\"}',
  tries: 2,
  quarantinedAt: NOON + 5,
}

describe('spans that are put', () => {
  test('come back exactly, to the microsecond, and put again with the same ends they are replaced', async () => {
    await put([EVERY_FIELD])
    expect(await all()).toEqual([EVERY_FIELD])
    const changed = { ...EVERY_FIELD, readAt: null, pageToken: null, pages: 0, reason: null }
    await put([changed])
    expect(await all()).toEqual([changed])
  })

  test('cut what they lie upon; a part of a span keeps its times and its share of the items, but no token', async () => {
    const old = span(0, 90, { readAt: NOON + 1, items: 9, beganAt: NOON, pageToken: 'token', pages: 4 })
    await put([old])
    await put([span(30, 60)])
    const part = { ...old, items: 3, beganAt: null, pageToken: null, pages: 0 }
    expect(await all()).toEqual([
      { ...part, lower: NOON + 60 * SECOND },
      span(30, 60),
      { ...part, upper: NOON + 30 * SECOND },
    ])
  })

  test('of one source leave those of another alone', async () => {
    await put([span(0, 90)], 'two')
    await put([span(30, 60)])
    expect(await all('two')).toEqual([span(0, 90)])
    expect(await all()).toEqual([span(30, 60)])
  })

  test('I1: whatever is put in whatever order, spans touch, never overlap, and cover the same stretch', async () => {
    const ends = fc.uniqueArray(fc.integer({ min: 0, max: 24 }), { minLength: 2, maxLength: 5 })
    // Neighbours that touch, or every other one of them, newest or oldest first.
    const group = fc.tuple(ends, fc.boolean(), fc.boolean()).map(([points, isSparse, isReversed]) => {
      const sorted = points.toSorted((left, right) => left - right)
      const pieces = sorted.slice(1).map((upper, index) => [sorted[index]!, upper] as const)
      const some = pieces.filter((_, index) => !isSparse || index % 2 === 0)
      return isReversed ? some.toReversed() : some
    })
    await fc.assert(
      fc.asyncProperty(fc.array(group, { minLength: 1, maxLength: 6 }), async (groups) => {
        await inTransaction(async (client) => {
          await clearSpans(client, 'one')
          await putSpans(client, 'one', [span(0, 24, { tries: -1 })])
          /** Which put a second belongs to. */
          const owner = Array.from({ length: 24 }, () => -1)
          for (const [number, pieces] of groups.entries()) {
            const spans = pieces.map(([lower, upper]) => span(lower, upper, { tries: number }))
            await putSpans(client, 'one', spans)
            for (const [lower, upper] of pieces) owner.fill(number, lower, upper)
            const stored = await storedIn(client)
            const [first, last] = [stored[0]!, stored.at(-1)!]
            expect([first.lower, last.upper]).toEqual([NOON, NOON + 24 * SECOND])
            for (const [index, next] of stored.slice(1).entries())
              expect(next.lower).toBe(stored[index]!.upper)
            const owners = stored.flatMap((each) => {
              const [lower, upper] = boundsOf(each) as [number, number]
              return Array<number>(upper - lower).fill(each.tries)
            })
            expect(owners).toEqual(owner)
          }
        })
      }),
      { numRuns: 60 },
    )
  })
})

async function storedIn(client: PoolClient): Promise<{ lower: Instant; upper: Instant; tries: number }[]> {
  const micros = (column: string) => `(extract(epoch from ${column}) * 1000000)::int8 as ${column}`
  const { rows } = await client.query<{ lower: Instant; upper: Instant; tries: number }>(
    `select ${micros('lower')}, ${micros('upper')}, tries from llamacloud_sync.spans
    where source = 'one' order by lower`,
  )
  return rows
}

describe('spans that are looked up', () => {
  const read = { readAt: NOON, dueAt: null, items: 5 }
  const spans = [
    span(0, 10, { ...read, readAt: NOON - HOUR }),
    span(10, 20, { ...read, items: 0, dueAt: NOON + 1 }),
    span(20, 30, { dueAt: NOON - 1 }),
    span(30, 40, { ...read, dueAt: NOON, reason: 'HTTP 500', quarantinedAt: NOON }),
  ]
  beforeEach(() => put(spans))
  const [oldest, , unread, newest] = spans as [Span, Span, Span, Span]

  test('those due come newest first, from the microsecond on, and no more than asked for', async () => {
    expect(await dueSpans(database.pool, 'one', NOON - 1, { limit: 9 })).toEqual([unread])
    expect(await dueSpans(database.pool, 'one', NOON, { limit: 9 })).toEqual([newest, unread])
    expect(await dueSpans(database.pool, 'one', NOON, { limit: 1 })).toEqual([newest])
    expect(await dueSpans(database.pool, 'two', NOON, { limit: 9 })).toEqual([])
  })

  test('the first, the newest, those below an instant, those with items, and what is in quarantine', async () => {
    const { pool } = database
    expect(await firstSpan(pool, 'one')).toEqual(oldest)
    expect(await firstSpan(pool, 'two')).toBeUndefined()
    expect(await newestSpans(pool, 'one', 2)).toEqual([newest, unread])
    expect((await spansBelow(pool, 'one', unread.lower, 9)).map(boundsOf)).toEqual([
      [10, 20],
      [0, 10],
    ])
    expect((await oldestSpans(pool, 'one', 9)).map(boundsOf)).toEqual([
      [0, 10],
      [30, 40],
    ])
    expect(await quarantinedSpans(pool, 'one', 9)).toEqual([newest])
  })

  test('every span was read since the least of the times; null while one was not', async () => {
    expect(await leastReadAt(database.pool, 'one')).toBeNull()
    await put([{ ...unread, readAt: NOON }])
    expect(await leastReadAt(database.pool, 'one')).toBe(NOON - HOUR)
    expect(await leastReadAt(database.pool, 'two')).toBeNull()
  })
})

describe('making spans due', () => {
  const make = (due: Due) => inTransaction((client) => makeDue(client, 'one', due))
  const dueAts = async () => (await all()).map(({ dueAt }) => dueAt).toReversed()
  const [LATER, EARLIER] = [NOON + HOUR, NOON - HOUR]
  beforeEach(() =>
    put([
      span(0, 10, { dueAt: null, readAt: NOON }),
      span(10, 20, { dueAt: LATER, readAt: EARLIER }),
      span(20, 30, { dueAt: EARLIER }),
      span(30, 40, { dueAt: LATER }),
    ]),
  )

  test('all at once; what is due already keeps its place', async () => {
    await make({ now: NOON })
    expect(await dueAts()).toEqual([NOON, NOON, EARLIER, NOON])
  })

  test('only those that lie upon a piece or touch it, one instant included', async () => {
    await make({ now: NOON, within: { lower: NOON + 10 * SECOND, upper: NOON + 10 * SECOND } })
    expect(await dueAts()).toEqual([NOON, NOON, EARLIER, LATER])
  })

  test('only those not read since', async () => {
    await make({ now: NOON, notReadSince: NOON })
    expect(await dueAts()).toEqual([null, NOON, EARLIER, NOON])
  })
})

test('I3: what lies above an instant is cut off: it was never truly read', async () => {
  await put([span(0, 10), span(10, 20, { pageToken: 'token', pages: 2, beganAt: NOON }), span(20, 30)])
  await put([span(0, 30)], 'two')
  await inTransaction((client) => cutSpans(client, 'one', NOON + 15 * SECOND))
  expect(await all()).toEqual([span(10, 15), span(0, 10)])
  await inTransaction((client) => cutSpans(client, 'one', NOON + 10 * SECOND))
  expect((await all()).map(boundsOf)).toEqual([[0, 10]])
  expect((await all('two')).map(boundsOf)).toEqual([[0, 30]])
})
