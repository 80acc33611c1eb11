import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { idBatches } from '../../../src/sync/ask-by-id.ts'
import { nextCheckAt } from '../../../src/sync/open-interval.ts'
import { DAY, formatInstant, HOUR, MINUTE, parseInstant, SECOND } from '../../../src/values/instant.ts'

const NOON = parseInstant('2026-03-02T12:00:00Z')!
const intervalAt = (age: number) => nextCheckAt(formatInstant(NOON - age), NOON) - NOON

describe('ids in a request', () => {
  test('each once and in order, at most 100, at most 6 KB of query', () => {
    const id = fc.oneof(fc.uuid(), fc.string({ unit: 'grapheme', minLength: 1, maxLength: 200 }))
    fc.assert(
      fc.property(fc.array(id, { maxLength: 400 }), (ids) => {
        const batches = idBatches(ids)
        expect(batches.flat()).toEqual(ids)
        for (const batch of batches) {
          expect(batch.length).toBeGreaterThan(0)
          expect(batch.length).toBeLessThanOrEqual(100)
          const query = batch.map((one) => `&job_ids=${encodeURIComponent(one)}`).join('')
          if (batch.length > 1) expect(query.length).toBeLessThanOrEqual(6_000)
        }
      }),
    )
  })

  test('as few batches as fit: 100 of the usual 40 characters', () => {
    const ids = Array.from({ length: 250 }, (_, index) => `cls-${String(index).padStart(36, '0')}`)
    expect(idBatches(ids).map((batch) => batch.length)).toEqual([100, 100, 50])
    expect(idBatches([])).toEqual([])
    expect(idBatches(['x'.repeat(10_000), 'y'])).toHaveLength(2)
  })
})

describe('the next check of an open job', () => {
  test('after a tenth of its age, at least 1 s, at most 6 h; 1 h where the age is unknown (A11)', () => {
    expect(intervalAt(0)).toBe(SECOND)
    expect(intervalAt(50 * MINUTE)).toBe(5 * MINUTE)
    expect(intervalAt(10 * DAY)).toBe(6 * HOUR)
    expect(intervalAt(-DAY)).toBe(SECOND)
    expect(nextCheckAt(null, NOON) - NOON).toBe(HOUR)
    expect(nextCheckAt('9999-12-31T23:59:59.000000Z', NOON) - NOON).toBe(HOUR)
  })

  test('a job stuck for 30 days is asked for some 150 times, though there are 8,640 cycles', () => {
    let checks = 0
    let dueAt = NOON
    for (let now = NOON; now < NOON + 30 * DAY; now += 5 * MINUTE) {
      if (dueAt > now) continue
      checks += 1
      dueAt = nextCheckAt(formatInstant(NOON), now)
    }
    // Each cycle up to 50 minutes, then 10 % apart up to 60 hours, then four a day.
    const bound = 10 + Math.log(72) / Math.log(1.1) + 4 * 27.5
    expect(checks).toBeLessThanOrEqual(Math.ceil(bound) + 1)
    expect(checks).toBeGreaterThan(100)
  })
})
