import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Span, unreadSpan } from '../../../../src/store/spans.ts'
import {
  afterReading,
  isPastOverlap,
  nextTry,
  type Reading,
  stageOf,
} from '../../../../src/sync/timeline/schedule.ts'
import { DAY, HOUR, type Instant, MINUTE, parseInstant, SECOND } from '../../../../src/values/instant.ts'

const NOON = parseInstant('2026-03-02T12:00:00Z')!
const OVERLAP = 5 * MINUTE
const WEEK = 7 * DAY
const OPTIONS = { overlap: OVERLAP, reconcileEveryMs: WEEK / 1_000, pageSize: 100 }

/** A span whose upper end was the present at noon. */
const FRESH: Span = unreadSpan({ lower: NOON - HOUR, upper: NOON }, NOON)

function readAt(age: Instant, reading: Partial<Reading> = {}, options = OPTIONS, span = FRESH): Span {
  return afterReading(span, { at: NOON + age, items: 500, late: 0, random: 0, ...reading }, options)
}

/** The age at which it is due again. */
const dueAfter = (age: Instant, reading: Partial<Reading> = {}) => readAt(age, reading).dueAt! - NOON

describe('a span that was read is due again', () => {
  test.each([
    ['at once', 0, 30 * SECOND],
    ['at 30 seconds', 30 * SECOND, 2 * MINUTE],
    ['at two minutes', 2 * MINUTE, OVERLAP],
    ['at the overlap', OVERLAP, HOUR],
    ['at an hour', HOUR, DAY],
    ['at a day', DAY, DAY + WEEK],
    ['at a week', WEEK, 2 * WEEK],
  ])('A7, I8: %s: when it has come to the next of its ages', (_, age, next) => {
    expect(dueAfter(age)).toBe(next)
  })

  test('a little earlier than SYNC_RECONCILE_EVERY, by chance, and never of itself where that is off', () => {
    expect(dueAfter(DAY, { random: 0.5 })).toBe(DAY + (WEEK * 7) / 8)
    expect(readAt(DAY, {}, { ...OPTIONS, reconcileEveryMs: null as never }).dueAt).toBeNull()
    expect(readAt(HOUR, {}, { ...OPTIONS, reconcileEveryMs: null as never }).dueAt).toBe(NOON + DAY)
  })

  test('A18: an hour and a day later when it came out empty, whatever its age; then as others', () => {
    const old = 30 * DAY
    const first = readAt(old, { items: 0 })
    expect(first).toMatchObject({ empties: 1, dueAt: NOON + old + HOUR })
    const second = readAt(old + HOUR, { items: 0 }, OPTIONS, first)
    expect(second).toMatchObject({ empties: 2, dueAt: NOON + old + HOUR + DAY })
    const third = readAt(old + 2 * DAY, { items: 0 }, OPTIONS, second)
    expect(third).toMatchObject({ empties: 3, dueAt: readAt(old + 2 * DAY, { items: 1 }).dueAt })
    expect(readAt(old + 2 * DAY, {}, OPTIONS, third).empties).toBe(0)
  })

  test('A7: after a quarter of its age when it brought late jobs', () => {
    expect(dueAfter(40 * MINUTE, { late: 1 })).toBe(50 * MINUTE)
    expect(dueAfter(4 * HOUR, { late: 1 })).toBe(5 * HOUR)
    expect(dueAfter(SECOND, { late: 1 })).toBe(30 * SECOND)
  })

  test('I11: where it holds less than a page, at a moment that a week of them shares, however they were read before', () => {
    const begin = parseInstant('2026-03-05T00:00:00Z')!
    const dueOf = (hour: number, age: Instant) => {
      const upper = begin + hour * HOUR
      const span = unreadSpan({ lower: upper - HOUR, upper }, upper)
      return afterReading(span, { at: upper + age, items: 3, late: 0, random: hour / 200 }, OPTIONS).dueAt!
    }
    const hours = Array.from({ length: 7 * 24 }, (_, hour) => hour)
    const first = hours.map((hour) => dueOf(hour, DAY))
    // Two moments: that of the week itself passes while its last hours are a day old.
    expect(new Set(first).size).toBe(2)
    const latest = Math.max(...first)
    expect(new Set(hours.map((hour) => dueOf(hour, latest - begin - hour * HOUR))).size).toBe(1)
    const weeks = Array.from(
      { length: 50 },
      (_, week) => dueOf(week * 7 * 24, 400 * DAY - week * WEEK) % WEEK,
    )
    expect(new Set(weeks.map((phase) => Math.floor(phase / DAY))).size).toBe(7)
  })

  test('at moments that neighbours share, so that they are read as one', () => {
    for (const later of [SECOND, MINUTE, 14 * MINUTE]) {
      const span = { ...FRESH, freshAt: NOON + later }
      const reading = { at: NOON + later + OVERLAP, items: 1, late: 0, random: 0 }
      expect(afterReading(span, reading, OPTIONS).dueAt).toBe(NOON + HOUR + 15 * MINUTE)
    }
  })
})

test('I8: whatever a reading came to, the next lies later and no further away than SYNC_RECONCILE_EVERY', () => {
  const reading = fc.record({
    age: fc.integer({ min: 0, max: 400 * DAY }),
    items: fc.nat(3),
    late: fc.nat(3),
    random: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
    empties: fc.nat(4),
    overlap: fc.constantFrom(0, SECOND, OVERLAP, 2 * HOUR, 3 * DAY),
  })
  fc.assert(
    fc.property(reading, ({ age, items, late, random, empties, overlap }) => {
      const at = NOON + age
      const span = afterReading({ ...FRESH, empties }, { at, items, late, random }, { ...OPTIONS, overlap })
      expect(span.dueAt!).toBeGreaterThan(at)
      expect(span.dueAt!).toBeLessThanOrEqual(at + WEEK)
    }),
  )
})

test('a reading clears what was under way and the quarantine', () => {
  const begun = { ...FRESH, beganAt: NOON, pageToken: 'token', pages: 7, items: null }
  const aside = { ...begun, reason: 'HTTP 500', tries: 3, quarantinedAt: NOON }
  expect(readAt(MINUTE, { items: 4 }, OPTIONS, aside)).toEqual({
    ...FRESH,
    readAt: NOON + MINUTE,
    items: 4,
    dueAt: NOON + 2 * MINUTE,
  })
})

test('a span is settled once the overlap has passed, and its stage counts the ages it has come to', () => {
  expect(isPastOverlap(FRESH, NOON + OVERLAP - 1, OVERLAP)).toBe(false)
  expect(isPastOverlap(FRESH, NOON + OVERLAP, OVERLAP)).toBe(true)
  const ages = [0, 30 * SECOND, 2 * MINUTE, OVERLAP, HOUR, DAY, 300 * DAY]
  expect(ages.map((age) => stageOf(FRESH, NOON + age, OVERLAP))).toEqual([0, 1, 2, 3, 4, 5, 5])
})

test('A19: what is in quarantine is tried after an hour, then twice as long each time, up to a day', () => {
  const waits = [0, 1, 2, 3, 4, 5, 99].map((tries) => (nextTry(NOON, tries) - NOON) / HOUR)
  expect(waits).toEqual([1, 2, 4, 8, 16, 24, 24])
})
