import { describe, expect, test } from 'vitest'
import { DAY, HOUR, MINUTE, SECOND } from '../../src/instant.ts'
import { generate } from '../../src/simulator/generate.ts'
import type { Order, Paging } from '../../src/simulator/page.ts'
import { compareWithWorld, EQUAL } from '../support/compare.ts'
import { createHarness } from '../support/harness.ts'
import { coverageOf, latestRun, unaccountedRuns } from '../support/sync-tables.ts'

const OVERLAP = 5 * MINUTE
const STEPS = [MINUTE, 5 * MINUTE, 5 * MINUTE, 40 * MINUTE, 5 * MINUTE, 2 * HOUR, 5 * MINUTE]
const CYCLES = 27
const JOBS = 2_600

const WORLDS: readonly (readonly [Order, Paging])[] = [
  ['ascending', 'keyset'],
  ['descending', 'keyset'],
  ['shuffled', 'keyset'],
  ['ascending', 'offset'],
  ['descending', 'offset'],
  ['shuffled', 'offset'],
]

describe.each(WORLDS)('I8: %s order, paged by %s', (order, paging) => {
  test('after every cycle the tables equal the API, while jobs arrive, change, finish late and show late', async () => {
    const harness = await createHarness({ simulator: { order, paging }, run: { overlap: OVERLAP } })
    const { world, now, sync, advance, database } = harness
    const end = now() + STEPS.reduce((sum, step) => sum + step) * (CYCLES / STEPS.length)
    generate(world, {
      seed: `${order} ${paging}`,
      jobs: JOBS,
      from: now() - 4 * HOUR,
      to: end,
      arrival: 'bursty',
      fate: {
        lateShare: 0.3,
        lateBy: OVERLAP,
        stuckShare: 0.02,
        medianDuration: 3 * MINUTE,
        longDuration: 3 * HOUR,
      },
    })
    await sync()
    for (let cycle = 1; cycle < CYCLES; cycle += 1) {
      const before = await coverageOf(database)
      advance(STEPS[cycle % STEPS.length]!)
      await sync()
      // More than I8 promises: young jobs are due in every cycle here, and those that are not fill up their requests.
      expect(await compareWithWorld(database, world)).toEqual(EQUAL)
      const after = await coverageOf(database)
      expect(after.watermark).toBeLessThanOrEqual(now())
      expect(after.watermark).toBeGreaterThan(now() - SECOND)
      expect(after.coveredFrom).toBe(before.coveredFrom)
    }
    advance(90 * DAY)
    await sync()
    expect(await compareWithWorld(database, world)).toEqual(EQUAL)
    expect(await unaccountedRuns(database)).toEqual([])
    expect((await latestRun(database)).outcome).toBe('succeeded')
  })
})
