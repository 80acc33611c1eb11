import { describe, expect, test } from 'vitest'
import { generate } from '../../../src/simulator/generate.ts'
import type { Source } from '../../../src/sync/source.ts'
import { DAY, HOUR, type Instant, MILLISECOND, MINUTE, SECOND } from '../../../src/values/instant.ts'
import { compareWithWorld, EQUAL } from '../../support/compare.ts'
import { createHarness, type Harness } from '../../support/harness.ts'
import { coverageOf, idsAskedFor, statusesOf } from '../../support/sync-tables.ts'

/** A worker, freshly started, whose wall clock is this far ahead. */
function skewed({ worker, clock }: Harness, by: Instant): Source {
  return worker({ clock: { ...clock, now: () => clock.now() + by / MILLISECOND } })
}

/** A worker to which the API's replies bring no Date. */
function withoutDates(worker: Source): Source {
  const { jobs } = worker
  const readPage: typeof jobs.readPage = async (...asked) => ({
    ...(await jobs.readPage(...asked)),
    date: undefined,
  })
  return { ...worker, jobs: { ...jobs, readPage }, apiClock: { now: () => undefined } }
}

const SKEWS = [0, HOUR, -HOUR, 3 * HOUR, -3 * HOUR, 30 * DAY, -400 * DAY]

describe('the clock of the worker', () => {
  test.each(SKEWS.map((skew) => [skew / HOUR, skew]))(
    'A14, I3: %s h ahead from the start: the first cycle covers up to the present and not beyond',
    async (_hours, skew) => {
      const harness = await createHarness()
      const { world, now, database } = harness
      generate(world, { seed: 3, jobs: 500, from: now() - 3 * DAY, to: now() })
      await harness.sync(skewed(harness, skew))
      const { watermark } = await coverageOf(database)
      expect(watermark).toBeLessThanOrEqual(now())
      expect(watermark).toBeGreaterThan(now() - MINUTE)
      expect(await compareWithWorld(database, world)).toEqual(EQUAL)
    },
  )

  test('A14, I3: jumping between cycles: nothing is lost, the coverage only grows', async () => {
    const harness = await createHarness()
    const { world, now, database, advance } = harness
    generate(world, { seed: 4, jobs: 1_000, from: now() - DAY, to: now() + DAY, fate: { stuckShare: 0 } })
    let before: Awaited<ReturnType<typeof coverageOf>> | undefined
    for (const skew of [...SKEWS, ...SKEWS.toReversed()]) {
      await harness.sync(skewed(harness, skew))
      const after = await coverageOf(database)
      expect(after.watermark).toBeLessThanOrEqual(now())
      expect(after.watermark).toBeGreaterThan(now() - MINUTE)
      expect(after.watermark).toBeGreaterThanOrEqual(before?.watermark ?? 0)
      expect(after.coveredFrom).toBeLessThanOrEqual(before?.coveredFrom ?? now())
      before = after
      advance(100 * MINUTE)
    }
    advance(30 * DAY)
    await harness.sync(skewed(harness, -HOUR))
    expect(await compareWithWorld(database, world)).toEqual(EQUAL)
  })

  test.each([HOUR, -HOUR])(
    'A14, I8: %s µs ahead: open jobs are due by the clock of the database',
    async (skew) => {
      const harness = await createHarness()
      const { world, now, api, database, advance, sync } = harness
      world.put({ id: 'not due', createdAt: now() })
      await sync()
      advance(5 * HOUR)
      const end = { at: now() + 24 * MINUTE, changes: { status: 'COMPLETED' } }
      world.put({ id: 'slow', createdAt: now(), steps: [end] })
      await sync()
      advance(10 * MINUTE)
      world.put({ id: 'newest', createdAt: now(), fields: { status: 'COMPLETED' } })
      await sync()
      advance(10 * MINUTE)
      await sync()
      const askedAfter = async (step: number) => {
        advance(step)
        api.requests.reset()
        await sync(skewed(harness, skew))
        return api.requests.entries.flatMap((request) => idsAskedFor(request) ?? [])
      }
      // Neither is due after a minute; after five one is, the other fills up its request, and a known job is its witness.
      expect(await askedAfter(MINUTE)).toEqual([])
      expect(await askedAfter(4 * MINUTE)).toEqual(['slow', 'not due', 'newest'])
      expect(await statusesOf(database)).toMatchObject({ slow: 'COMPLETED', 'not due': 'PENDING' })
    },
  )

  test('A14: replies without a Date: the clock of the worker has to do', async () => {
    const harness = await createHarness()
    const { world, now, database, advance } = harness
    generate(world, { seed: 5, jobs: 600, from: now() - DAY, to: now() + DAY, fate: { stuckShare: 0 } })
    const worker = withoutDates(harness.worker())
    for (let cycle = 0; cycle < 5; cycle += 1) {
      await harness.sync(worker)
      const { watermark } = await coverageOf(database)
      expect(watermark).toBeLessThanOrEqual(now())
      expect(watermark).toBeGreaterThan(now() - MINUTE)
      advance(6 * HOUR)
    }
    await harness.sync(worker)
    expect(await compareWithWorld(database, world)).toEqual(EQUAL)
  })

  test('I3: the Date of a reply is taken for what its listing showed at the earliest, however long the reply took', async () => {
    const harness = await createHarness({ run: { overlap: 0 } })
    const { world, now, api, database, advance, clock } = harness
    generate(world, { seed: 6, jobs: 50, from: now() - HOUR, to: now() })
    await harness.sync(harness.worker())
    advance(HOUR)
    // The listing is made, then the reply takes a minute, and its Date is from the end of it.
    const created = now() + 30 * SECOND
    world.put({ id: 'meanwhile', createdAt: created, fields: { status: 'COMPLETED' } })
    api.settings.intercept = () => ({
      kind: 'page',
      change: (page) => {
        if (now() < created) clock.advance(20_000 + 20_000)
        return page
      },
    })
    await harness.sync(harness.worker())
    api.settings.intercept = undefined
    advance(MINUTE)
    await harness.sync(harness.worker())
    expect(await compareWithWorld(database, world)).toEqual(EQUAL)
  })
})

test('A14, I8: the clock of the database was a day ahead and steps back: a worker with short ticks reads the head again at once', async () => {
  const harness = await createHarness()
  const { world, now, database, advance, sync, source } = harness
  const soon = { tickMs: 10_000 }
  harness.setDatabaseAhead(DAY)
  await sync(source, soon)
  harness.setDatabaseAhead(0)
  world.put({ id: 'new', createdAt: now(), fields: { status: 'COMPLETED' } })
  advance(MINUTE)
  await sync(source, soon)
  expect(await compareWithWorld(database, world)).toEqual(EQUAL)
})
