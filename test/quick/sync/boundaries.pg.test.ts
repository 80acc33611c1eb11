import { describe, expect, test } from 'vitest'
import { generate } from '../../../src/simulator/generate.ts'
import { DAY, HOUR, type Instant } from '../../../src/values/instant.ts'
import { compareWithWorld, EQUAL } from '../../support/compare.ts'
import { createHarness } from '../../support/harness.ts'
import { ordersFor } from '../../support/orders.ts'
import { bySize } from '../../support/size.ts'
import {
  countJobs,
  coverageOf,
  idsAskedFor,
  spanAskedFor,
  totalCounts,
  unaccountedRuns,
} from '../../support/sync-tables.ts'

/** The moments around an edge. */
const around = (edge: Instant) => [edge - 1, edge, edge + 1]

describe.each(ordersFor('boundaries'))('I1: jobs on the edges of windows, listing %s', (order) => {
  test('one microsecond before, on and after every edge of the windows are all stored, once', async () => {
    const options = { simulator: { order }, run: { concurrency: 1 } }
    const fill = (harness: Awaited<ReturnType<typeof createHarness>>) =>
      generate(harness.world, {
        seed: 20,
        jobs: bySize(6_000, 30_000),
        from: harness.now() - 60 * DAY,
        to: harness.now() - HOUR,
      })
    // A first world tells where the edges come to lie; in a second, just like it, jobs lie on them.
    const first = await createHarness(options)
    fill(first)
    await first.sync()
    const listings = first.api.requests.entries.filter((request) => !idsAskedFor(request)).map(spanAskedFor)
    const edges = new Set(listings.flatMap(({ lower, upper }) => [lower, upper]))
    expect(edges.size).toBeGreaterThan(8)
    const second = await createHarness(options)
    fill(second)
    const past = [...edges].flatMap(around).filter((at) => at <= second.now())
    for (const at of past)
      second.world.put({ id: `edge-${at}`, createdAt: at, fields: { status: 'COMPLETED' } })
    await second.sync()
    const begins = second.source.options.startAt
    const { missing, surplus, different } = await compareWithWorld(second.database, second.world)
    // Only what was created before SYNC_START_AT is left out.
    expect({ missing, surplus, different }).toEqual({ ...EQUAL, missing: [`edge-${begins - 1}`] })
    expect((await totalCounts(second.database)).inserted).toBe(await countJobs(second.database))
    expect(await unaccountedRuns(second.database)).toEqual([])
  })

  test('I1, I7: 10,000 jobs on five instants', async () => {
    const { world, sync, now, database, api } = await createHarness({ simulator: { order } })
    const instants = [0, 1, 2, HOUR, 300 * DAY].map((ago) => now() - DAY - ago)
    for (let index = 0; index < 10_000; index += 1) {
      const createdAt = instants[index % 5]!
      world.put({ id: `burst-${index}`, createdAt, fields: { status: 'COMPLETED' } })
    }
    await sync()
    expect(await compareWithWorld(database, world)).toEqual(EQUAL)
    const { received, inserted, unchanged } = await totalCounts(database)
    expect(inserted).toBe(10_000)
    expect(received).toBe(inserted + unchanged)
    expect(api.requests.total).toBeLessThanOrEqual(100 * 1.1 + 40)
  })
})

describe('the ends of the coverage', () => {
  test.each([-1, 0, 1])('I2: a job %i µs from the watermark and from covered_from', async (offset) => {
    const { world, sync, now, database, advance } = await createHarness({ run: { overlap: 0 } })
    await sync()
    const { watermark } = await coverageOf(database)
    expect(watermark).toBe(now())
    world.put({
      id: 'at the watermark',
      createdAt: watermark + Math.abs(offset),
      fields: { status: 'COMPLETED' },
    })
    advance(HOUR)
    await sync()
    expect(await compareWithWorld(database, world)).toEqual(EQUAL)
    const again = await createHarness({ run: { overlap: 0 } })
    again.world.put({
      id: 'at covered_from',
      createdAt: again.now() + offset,
      fields: { status: 'COMPLETED' },
    })
    await again.sync()
    again.advance(HOUR)
    await again.sync()
    expect(await compareWithWorld(again.database, again.world)).toEqual(EQUAL)
  })
})
