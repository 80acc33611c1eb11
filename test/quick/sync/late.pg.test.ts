import { describe, expect, test } from 'vitest'
import { generate } from '../../../src/simulator/generate.ts'
import { DAY, HOUR, MINUTE, SECOND } from '../../../src/values/instant.ts'
import { compareWithWorld, EQUAL } from '../../support/compare.ts'
import { createHarness, type HarnessOptions } from '../../support/harness.ts'
import { ordersFor } from '../../support/orders.ts'
import { isOfSpan, spanAskedFor, unreadSpans } from '../../support/sync-tables.ts'

const OVERLAP = 5 * MINUTE
/** Too many pages for one listing of the head. */
const PAGE: HarnessOptions = {
  simulator: { latencyMs: 1_000 },
  run: { concurrency: 1, overlap: OVERLAP, pageSize: 20 },
}

describe.each(ordersFor('late'))('A7: jobs that become visible late, listing %s', (order) => {
  test('I8: within the overlap, while the head is left in the middle and goes on hours later', async () => {
    const harness = await createHarness({ ...PAGE, simulator: { ...PAGE.simulator, order } })
    const { world, now, sync, advance, database, worker } = harness
    await sync()
    advance(DAY)
    generate(world, { seed: 7, jobs: 900, from: now() - DAY + MINUTE, to: now() - HOUR })
    // Created just before the head is begun, and visible only after it has been left.
    const created = [MINUTE, 3 * MINUTE, 299 * SECOND].map((ago) => now() - ago)
    for (const at of created) world.put({ id: `late-${at}`, createdAt: at, visibleAt: at + OVERLAP })
    expect((await sync(worker(), { maxRuntimeMs: 2_500 })).outcome).toBe('stopped')
    expect(await unreadSpans(database)).toHaveLength(1)
    advance(6 * HOUR)
    expect((await sync(worker())).outcome).toBe('succeeded')
    expect(await compareWithWorld(database, world)).toEqual(EQUAL)
    expect(await unreadSpans(database)).toEqual([])
  })

  test('I8: within the overlap, while the very first head is left in the middle', async () => {
    const { world, now, sync, advance, database, worker } = await createHarness({
      simulator: { latencyMs: 1_000, order },
      run: { concurrency: 2, overlap: OVERLAP, pageSize: 20 },
    })
    generate(world, { seed: 17, jobs: 900, from: now() - OVERLAP, to: now() - 2 * MINUTE })
    const created = [MINUTE, 4 * MINUTE].map((ago) => now() - ago)
    for (const at of created) world.put({ id: `late-${at}`, createdAt: at, visibleAt: at + OVERLAP })
    expect((await sync(worker(), { maxRuntimeMs: 2_500 })).outcome).toBe('stopped')
    // The history, and what the head left.
    expect(await unreadSpans(database)).toHaveLength(2)
    advance(6 * HOUR)
    expect((await sync(worker())).outcome).toBe('succeeded')
    expect(await compareWithWorld(database, world)).toEqual(EQUAL)
    expect(await unreadSpans(database)).toEqual([])
  })

  test('I8: within the overlap, while a long head is being read in several windows', async () => {
    const harness = await createHarness({
      simulator: { latencyMs: 5_000, order },
      run: { concurrency: 1, overlap: OVERLAP },
    })
    const { world, now, sync, advance, database } = harness
    await sync()
    advance(10 * MINUTE)
    // So many that the head takes three minutes, and jobs show up all along.
    generate(world, {
      seed: 8,
      jobs: 6_000,
      from: now() - 10 * MINUTE,
      to: now() + 10 * MINUTE,
      fate: { lateShare: 0.2, lateBy: OVERLAP },
    })
    await sync()
    advance(30 * MINUTE)
    await sync()
    expect((await compareWithWorld(database, world)).missing).toEqual([])
  })
})

describe('the overlap', () => {
  test('I8: none: jobs that are visible at once are all found', async () => {
    const harness = await createHarness({ run: { overlap: 0 } })
    const { world, now, sync, advance, database, worker } = harness
    generate(world, { seed: 9, jobs: 2_000, from: now() - DAY, to: now() + DAY, fate: { stuckShare: 0 } })
    for (let cycle = 0; cycle < 12; cycle += 1) {
      await sync(worker())
      advance(2 * HOUR + 123_456)
      expect((await compareWithWorld(database, world)).surplus).toEqual([])
    }
    await sync(worker())
    advance(DAY)
    await sync(worker())
    expect(await compareWithWorld(database, world)).toEqual(EQUAL)
  })

  test('A7: what lies within it is read again with the head at 30 s, 2 min and its end, and no more', async () => {
    const { world, now, sync, advance, api } = await createHarness({ run: { overlap: OVERLAP } })
    // A page of each minute, so that none is read again because it costs nothing.
    for (let minute = 0; minute < 20; minute += 1) {
      for (let job = 0; job < 100; job += 1) {
        const createdAt = now() + minute * MINUTE + job
        world.put({ id: `${minute} ${job}`, createdAt, fields: { status: 'COMPLETED' } })
      }
    }
    await sync()
    const reaches: number[] = []
    for (let cycle = 0; cycle < 60; cycle += 1) {
      advance(20 * SECOND)
      api.requests.reset()
      await sync()
      const heads = api.requests.entries.filter(({ query }) => !query.has('job_ids') && !isOfSpan(query))
      expect(heads.length).toBeLessThanOrEqual(7)
      reaches.push(...heads.map((request) => now() - spanAskedFor(request).lower))
    }
    expect(Math.max(...reaches)).toBeGreaterThan(OVERLAP - MINUTE)
    expect(Math.max(...reaches)).toBeLessThan(OVERLAP + 2 * MINUTE)
    const pages = reaches.length
    // Each job once when it is new and three times more, and the pages that are not full.
    expect(pages).toBeLessThan(60 + 4 * 20 + 20)
  })
})
