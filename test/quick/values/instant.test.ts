import fc from 'fast-check'
import { expect, test } from 'vitest'
import { formatTimestamp, isCanonicalTimestamp, parseTimestamp } from '../../../src/values/instant.ts'

/** What taking it apart and putting it together again makes of a text; undefined when it is no date-time. */
function rewritten(text: string): string | undefined {
  const timestamp = parseTimestamp(text)
  return timestamp?.exact ? formatTimestamp(timestamp) : undefined
}

const twoDigits = fc.integer({ min: 0, max: 99 }).map((value) => String(value).padStart(2, '0'))
const year = fc.integer({ min: 0, max: 9999 }).map((value) => String(value).padStart(4, '0'))
const micros = fc.integer({ min: 0, max: 999_999 }).map((value) => String(value).padStart(6, '0'))

test('a text that is called canonical is what it is rewritten to, also if it looks only nearly like one', () => {
  const parts = fc.tuple(year, twoDigits, twoDigits, twoDigits, twoDigits, twoDigits, micros)
  fc.assert(
    fc.property(parts, ([years, months, days, hours, minutes, seconds, fraction]) => {
      const text = `${years}-${months}-${days}T${hours}:${minutes}:${seconds}.${fraction}Z`
      if (isCanonicalTimestamp(text)) expect(rewritten(text)).toBe(text)
    }),
    { numRuns: 20_000 },
  )
})

test('every moment of the first 28 days of a month is called canonical', () => {
  const seconds = fc.integer({ min: -62_135_596_800, max: 253_402_300_799 })
  fc.assert(
    fc.property(seconds, fc.integer({ min: 0, max: 999_999 }), (whole, fraction) => {
      const text = formatTimestamp({ seconds: whole, micros: fraction })
      expect(isCanonicalTimestamp(text)).toBe(Number(text.slice(8, 10)) <= 28)
    }),
  )
})

test.each([
  '2026-02-29T00:00:00.000000Z',
  '2026-01-01T00:00:00.00000Z',
  '2026-01-01T00:00:00.000000',
  '2026-01-01T00:00:00.000000+00:00',
  '2026-01-01t00:00:00.000000z',
  ' 2026-01-01T00:00:00.000000Z',
  '2026-01-01T00:00:00.000000Z\n',
  '0000-01-01T00:00:00.000000Z',
])('%j is not', (text) => {
  expect(isCanonicalTimestamp(text)).toBe(false)
})
