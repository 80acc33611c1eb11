import fc from 'fast-check'
import type { PoolClient } from 'pg'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import {
  type Coverage,
  forgetCoverage,
  growCoverage,
  type Head,
  loadTimeline,
  noteDarkness,
  noteProbe,
  saveHead,
  takeCoverageBack,
} from '../../../src/store/coverage.ts'
import { transaction } from '../../../src/store/pool.ts'
import { clearSpans, putSpans } from '../../../src/store/put-spans.ts'
import { type Span, unreadSpan } from '../../../src/store/spans.ts'
import { HOUR, type Instant, parseInstant, SECOND } from '../../../src/values/instant.ts'
import type { TestDatabase } from '../../support/database.ts'
import { createMigratedDatabase, UNUSUAL_SETTINGS } from '../../support/migrated-database.ts'
import { addSource, saveCoverage } from './sources.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await createMigratedDatabase(UNUSUAL_SETTINGS)
})
beforeEach(async () => {
  await addSource(database, 'one')
  await addSource(database, 'two')
})
afterAll(() => database.drop())

const instant = (text: string) => parseInstant(text)!
const inTransaction = <T>(work: (client: PoolClient) => Promise<T>) => transaction(database.pool, work)
const NOON = instant('2026-03-02T12:00:00.000001Z')
const NOTHING = {
  coverage: null,
  head: null,
  darkSince: null,
  probedAt: null,
  reconcileEvery: null,
  pageSize: null,
}

test('a new source has no coverage and no head', async () => {
  expect(await loadTimeline(database.pool, 'one')).toEqual(NOTHING)
  expect(await loadTimeline(database.pool, 'unknown')).toEqual(NOTHING)
  expect((await loadTimeline(database.pool, 'unknown')).coverage).toBeNull()
})

test.each([
  ['microseconds', '2026-03-02T08:00:00.000001Z', '2026-03-02T08:00:00.999999Z'],
  ['whole seconds', '2026-03-02T08:00:00Z', '2026-03-02T09:00:00Z'],
  ['local times with seconds in their offset', '1900-01-01T00:00:00.5Z', '1905-12-31T00:00:00Z'],
  ['the first and last year that numbers hold', '1685-01-01T00:00:00Z', '2255-01-01T00:00:00.000001Z'],
])('coverage and head come back exactly: %s', async (_, lower, upper) => {
  const coverage = { coveredFrom: instant(lower), watermark: instant(upper) }
  const head = { from: instant(lower), until: instant(upper), readAt: instant(upper) }
  const inside = await inTransaction(async (client) => {
    await saveCoverage(client, coverage)
    await saveHead(client, 'one', head)
    return loadTimeline(client, 'one')
  })
  expect(inside).toEqual({ ...NOTHING, coverage, head })
  expect(await loadTimeline(database.pool, 'one')).toEqual(inside)
  expect(await loadTimeline(database.pool, 'two')).toEqual(NOTHING)
})

test('darkness and the last probe are remembered, and forgotten when it is over', async () => {
  await inTransaction(async (client) => {
    await noteDarkness(client, 'one', NOON)
    await noteProbe(client, 'one', NOON + 1)
  })
  expect(await loadTimeline(database.pool, 'one')).toEqual({
    ...NOTHING,
    darkSince: NOON,
    probedAt: NOON + 1,
  })
  await inTransaction((client) => noteDarkness(client, 'one', null))
  expect((await loadTimeline(database.pool, 'one')).darkSince).toBeNull()
})

test('I2: a transaction that is rolled back leaves coverage and spans as they were', async () => {
  const failing = inTransaction(async (client) => {
    await putSpans(client, 'one', [readSpan(0, 10)])
    await saveHead(client, 'one', headAt(10))
    await growCoverage(client, 'one')
    expect((await loadTimeline(client, 'one')).coverage).toEqual(covered(0, 11))
    throw new Error('the lease is lost')
  })
  await expect(failing).rejects.toThrow('the lease is lost')
  expect(await loadTimeline(database.pool, 'one')).toEqual(NOTHING)
  const { rows } = await database.pool.query('select * from llamacloud_sync.spans')
  expect(rows).toEqual([])
})

const at = (second: number) => NOON + second * SECOND
/** A head that begins at this second, read when the API's present was a second later. */
const headAt = (second: number): Head => ({ from: at(second), until: at(second + 1), readAt: NOON })
const covered = (from: number, to: number): Coverage => ({ coveredFrom: at(from), watermark: at(to) })
function spanOf(lower: number, upper: number, readAt: Instant | null): Span {
  return { ...unreadSpan({ lower: at(lower), upper: at(upper) }, NOON), readAt }
}
const readSpan = (lower: number, upper: number) => spanOf(lower, upper, NOON)
const unread = (lower: number, upper: number) => spanOf(lower, upper, null)

async function grown(spans: readonly Span[], head: Head | null, before: Coverage | null = null) {
  return inTransaction(async (client) => {
    await clearSpans(client, 'one')
    await client.query(
      'update llamacloud_sync.sources set head_from = null, head_until = null, head_read_at = null',
    )
    await forgetCoverage(client, 'one')
    if (before) await saveCoverage(client, before)
    if (head) await saveHead(client, 'one', head)
    await putSpans(client, 'one', spans)
    await growCoverage(client, 'one')
    return (await loadTimeline(client, 'one')).coverage
  })
}

describe('the coverage', () => {
  test.each<[string, Span[], Coverage | null, Coverage]>([
    ['begins with the head, up to the present when that was read', [], null, covered(30, 31)],
    ['grows down over what was read', [readSpan(10, 20), readSpan(20, 30)], null, covered(10, 31)],
    ['and not over what was not', [readSpan(0, 10), unread(10, 20), readSpan(20, 30)], null, covered(20, 31)],
    ['nor up over it', [readSpan(0, 10), unread(10, 30)], covered(0, 5), covered(0, 10)],
    ['up to the head, once what lay between is read', [readSpan(5, 30)], covered(0, 10), covered(0, 31)],
    [
      'and not beyond what cannot be read ahead of the head',
      [readSpan(0, 30), unread(30.25, 30.5)],
      null,
      covered(0, 30.25),
    ],
    ['which takes nothing back', [readSpan(0, 30), unread(30.25, 30.5)], covered(0, 31), covered(0, 31)],
    ['but beyond what was read there', [readSpan(0, 30), readSpan(30.25, 30.5)], null, covered(0, 31)],
    ['and stays where nothing touches it', [unread(0, 10), readSpan(20, 30)], covered(2, 5), covered(2, 5)],
  ])('I2: %s', async (_, spans, before, after) => {
    expect(await grown(spans, headAt(30), before)).toEqual(after)
  })

  test('I2: there is none while no head was read', async () => {
    expect(await grown([readSpan(0, 10)], null)).toBeNull()
  })

  test('I2, I3: it only grows, and is exactly the contiguous stretch of spans read that it touches', async () => {
    const ends = fc.uniqueArray(fc.integer({ min: 0, max: 20 }), { minLength: 2, maxLength: 8 })
    const flags = fc.array(fc.boolean(), { minLength: 8, maxLength: 8 })
    await fc.assert(
      fc.asyncProperty(ends, flags, fc.nat(7), fc.nat(7), async (points, isRead, one, other) => {
        const sorted = points.toSorted((left, right) => left - right)
        const pieces = sorted.slice(1).map((upper, index) => {
          return { lower: sorted[index]!, upper, isRead: isRead[index] === true }
        })
        const top = sorted.at(-1)!
        const edges = [one, other].map((index) => sorted[index % sorted.length]!)
        const [from, to] = [Math.min(...edges), Math.max(...edges)]
        const expected = contiguous(pieces, { from, to })
        const after = await grown(
          pieces.map((piece) => spanOf(piece.lower, piece.upper, piece.isRead ? NOON : null)),
          headAt(top),
          covered(from, to),
        )
        const end = expected.to === top ? top + 1 : expected.to
        expect(after).toEqual(covered(expected.from, end))
      }),
      { numRuns: 60 },
    )
  })

  test('I3: of another source it stays as it is', async () => {
    await grown([readSpan(0, 30)], headAt(30))
    expect((await loadTimeline(database.pool, 'two')).coverage).toBeNull()
  })

  test('I3: the watermark is taken back, where a clock proved wrong, and the coverage does not begin behind it', async () => {
    await grown([readSpan(0, 30)], headAt(30))
    await inTransaction((client) => takeCoverageBack(client, 'one', NOON - HOUR))
    expect((await loadTimeline(database.pool, 'one')).coverage).toEqual({
      coveredFrom: NOON - HOUR,
      watermark: NOON - HOUR,
    })
  })
})

interface Piece {
  readonly lower: number
  readonly upper: number
  readonly isRead: boolean
}

/** By the definition: what can be reached from the stretch, hopping over shared ends of pieces that were read. */
function contiguous(pieces: readonly Piece[], { from, to }: { from: number; to: number }) {
  let stretch = { from, to }
  for (let isGrown = true; isGrown; ) {
    const touching = pieces.filter(
      ({ lower, upper, isRead }) => isRead && lower <= stretch.to && upper >= stretch.from,
    )
    const next = {
      from: Math.min(stretch.from, ...touching.map(({ lower }) => lower)),
      to: Math.max(stretch.to, ...touching.map(({ upper }) => upper)),
    }
    isGrown = next.from !== stretch.from || next.to !== stretch.to
    stretch = next
  }
  return stretch
}
