import { expect, test } from 'vitest'
import { Estimate } from '../../../../src/sync/timeline/estimate.ts'
import {
  DAY,
  formatInstant,
  type Instant,
  MINUTE,
  parseInstant,
  SECOND,
} from '../../../../src/values/instant.ts'

const UPPER = parseInstant('2026-03-31T00:00:00Z')!
const WINDOW = { lower: UPPER - 30 * DAY, upper: UPPER }

/** A page of ten jobs, `apart` from each other, the newest at `from`. */
function page(from: Instant, apart: Instant) {
  return Array.from({ length: 10 }, (_, index) => {
    const at = from - index * apart
    return { id: String(at), projectId: null, createdAt: formatInstant(at) }
  })
}

test('a reading that goes on in a burst is judged by all that was read of its window, not by the burst', () => {
  const burst = UPPER - 10 * DAY
  const pages = [page(burst, SECOND), page(burst - MINUTE, SECOND)]
  const [fresh, goesOn] = [new Estimate(), new Estimate(280)]
  for (const estimate of [fresh, goesOn]) for (const jobs of pages) estimate.add(jobs, true)
  // 300 jobs in ten days; twenty days are ahead.
  expect(goesOn.expectedJobs(WINDOW)).toBeCloseTo(600, -1)
  expect(fresh.expectedJobs(WINDOW)).toBeGreaterThan(100_000)
})
