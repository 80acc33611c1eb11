import { describe, expect, test } from 'vitest'
import { generate } from '../../../src/simulator/generate.ts'
import { reconcileOnce } from '../../../src/sync/cycle.ts'
import { DAY, HOUR, MILLISECOND, MINUTE, parseInstant } from '../../../src/values/instant.ts'
import { compareWithWorld, EQUAL } from '../../support/compare.ts'
import { createHarness, type Harness } from '../../support/harness.ts'
import { isOfSpan, latestRun, spanAskedFor, statusesOf, unaccountedRuns } from '../../support/sync-tables.ts'
import { APART, filled, idsOf, NO_DIFFERENCE, reconcile, UNLIMITED, verified } from './reconcile-support.ts'

describe('reconcile', () => {
  test('I8, I7: repairs what differs and counts it; a second one has nothing to repair', async () => {
    const harness = await filled(500)
    const { world, now, advance, database, sync } = harness
    world.put({ id: 'open', createdAt: now() - MINUTE })
    await sync()
    const ids = idsOf(world)
    const change = async (sql: string, some: readonly string[]) => {
      const { rowCount } = await database.pool.query(`${sql} where id = any ($1)`, [some])
      expect(rowCount).toBe(some.length)
    }
    await change(
      `update llamacloud.classify_jobs set status = 'FAILED', result_type = 'planted'`,
      ids.slice(0, 2),
    )
    await change(`update llamacloud.classify_jobs set error_message = 'planted'`, ids.slice(2, 3))
    await change(`update llamacloud.classify_jobs set created_at = null`, ids.slice(3, 4))
    await change(`update llamacloud.classify_jobs set configuration_hash = null`, ids.slice(4, 5))
    await change('delete from llamacloud.classify_jobs', ids.slice(5, 8))
    // None of these is a repair: the head and the refresh bring them, or its own readings before them.
    advance(10 * MINUTE)
    world.patch('open', { status: 'COMPLETED' })
    world.put({ id: 'new', createdAt: now() - MINUTE })

    expect((await reconcile(harness)).counts).toMatchObject({ repairs: 8, deletions: 0 })
    expect(await latestRun(database)).toMatchObject({ kind: 'reconcile', repairs: 8, outcome: 'succeeded' })
    expect(await compareWithWorld(database, world)).toEqual(EQUAL)
    expect(await verified(harness)).toEqual(NO_DIFFERENCE)
    const { counts } = await reconcile(harness)
    expect(counts).toMatchObject({ repairs: 0, inserted: 0, updated: 0, stale: 0, deletions: 0 })
    expect(await unaccountedRuns(database)).toEqual([])
  })

  test('jobs that its readings see first, new or open, and a history not read yet are no repairs', async () => {
    const harness = await createHarness()
    const { world, now, api, database } = harness
    generate(world, { seed: 3, jobs: 300, from: now() - 20 * DAY, to: now() })
    world.put({ id: 'open', createdAt: now() - MINUTE })
    api.settings.intercept = ({ query }) => {
      if (!isOfSpan(query) || query.has('page_token')) return undefined
      world.put({ id: 'new', createdAt: now() })
      world.patch('open', { status: 'COMPLETED', updated_at: '2026-03-02T08:00:00Z' })
      return undefined
    }
    expect((await reconcile(harness)).counts).toMatchObject({ inserted: 301, repairs: 0 })
    // The head was read before.
    expect((await compareWithWorld(database, world)).missing).toEqual(['new'])
    await harness.sync()
    expect(await compareWithWorld(database, world)).toEqual(EQUAL)
    expect(await verified(harness)).toEqual(NO_DIFFERENCE)
  })

  test('A11: the head finds an absurd created_at, and reconcile --whole what is in no span', async () => {
    const harness = await filled(150)
    const { world, now, advance, database, source, sync } = harness
    const done = { status: 'COMPLETED' }
    world.put({ id: 'timeless', createdAt: null, visibleAt: now(), fields: done })
    world.put({ id: 'open timeless', createdAt: null, visibleAt: now() })
    world.put({
      id: 'future',
      createdAt: parseInstant('2099-12-31T23:59:59.999999Z')!,
      visibleAt: now(),
      fields: done,
    })
    world.put({
      id: 'ancient',
      createdAt: parseInstant('1970-01-01T00:00:00Z')!,
      visibleAt: now(),
      fields: done,
    })
    await sync()
    const inNoSpan = ['ancient', 'open timeless', 'timeless']
    expect((await compareWithWorld(database, world)).missing.toSorted()).toEqual(inNoSpan)
    await reconcile(harness)
    expect((await compareWithWorld(database, world)).missing.toSorted()).toEqual(inNoSpan)
    const whole = await reconcileOnce(source, UNLIMITED, { whole: true })
    expect(whole.counts).toMatchObject({ inserted: 3, repairs: 0 })
    expect(await compareWithWorld(database, world)).toEqual(EQUAL)
    expect(await verified(harness)).toEqual(NO_DIFFERENCE)
    // From then on they are asked for again, and marked, like all others.
    world.patch('open timeless', { status: 'FAILED' })
    advance(2 * HOUR)
    await sync()
    expect(await statusesOf(database)).toMatchObject({ 'open timeless': 'FAILED' })
    for (const id of [...inNoSpan, 'future']) world.remove(id)
    advance(DAY)
    await reconcile(harness)
    advance(APART)
    await sync()
    expect(await compareWithWorld(database, world)).toEqual(EQUAL)
  })

  test('SYNC_RECONCILE_EVERY: spans are read again when they are due, not before and not without it', async () => {
    const reconcileEveryMs = (7 * DAY) / MILLISECOND
    const weekly = await filled(150, { run: { reconcileEveryMs } })
    const never = await filled(150)
    // After the reading at a day, which comes whatever is set.
    const ages = [2 * DAY, 3 * DAY, 8 * DAY]
    const read = { weekly: [] as boolean[], never: [] as boolean[] }
    for (const harness of [weekly, never]) await comesOfAge(harness)
    let passed = 0
    for (const age of ages) {
      for (const [name, harness] of Object.entries({ weekly, never })) {
        harness.advance(age - passed)
        read[name as keyof typeof read].push(await readsHistory(harness))
      }
      passed = age
    }
    expect(read).toEqual({ weekly: [false, false, true], never: [false, false, false] })
    expect(await unaccountedRuns(weekly.database)).toEqual([])
  })

  test('SYNC_RECONCILE_EVERY: where it is set later, what was read before is due by it as well', async () => {
    const harness = await filled(150)
    const reconcileEveryMs = (7 * DAY) / MILLISECOND
    const weekly = harness.worker({ options: { ...harness.source.options, reconcileEveryMs } })
    await comesOfAge(harness)
    harness.advance(10 * DAY)
    expect(await readsHistory(harness)).toBe(false)
    expect(await readsHistory({ ...harness, source: weekly })).toBe(true)
  })
})

/** Spans are read by themselves at a day of their age, and empty ones an hour and a day after they came out so. */
async function comesOfAge({ advance, sync }: Harness): Promise<void> {
  for (const step of [DAY + 6 * HOUR, 2 * HOUR, DAY + 2 * HOUR]) {
    advance(step)
    await sync()
  }
}

/** Whether a sync reads what lies before the last day again. */
async function readsHistory({ api, source, sync, now }: Harness): Promise<boolean> {
  api.requests.reset()
  await sync(source)
  const listings = api.requests.entries.filter(({ query }) => isOfSpan(query)).map(spanAskedFor)
  return listings.some(({ lower }) => lower < now() - 12 * DAY)
}
