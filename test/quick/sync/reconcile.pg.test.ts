import { describe, expect, test } from 'vitest'
import { generate } from '../../../src/simulator/generate.ts'
import { DAY, HOUR, MINUTE, parseInstant } from '../../../src/values/instant.ts'
import { compareWithWorld, EQUAL } from '../../support/compare.ts'
import { createHarness, type Harness } from '../../support/harness.ts'
import { latestRun, statusesOf, unaccountedRuns } from '../../support/sync-tables.ts'
import {
  asStoredLongAgo,
  filled,
  idsOf,
  isOfWalk,
  NO_DIFFERENCE,
  NOTHING_LEFT,
  reconcile,
  verified,
  walkLeftovers,
} from './reconcile-support.ts'

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
    // None of these is a repair: the head and the refresh bring them, or the walk before them.
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

  test('jobs that the walk itself sees first, new or open, and a history not read yet are no repairs', async () => {
    const harness = await createHarness()
    const { world, now, api, database } = harness
    generate(world, { seed: 3, jobs: 300, from: now() - 20 * DAY, to: now() })
    world.put({ id: 'open', createdAt: now() - MINUTE })
    api.settings.intercept = ({ query }) => {
      if (!isOfWalk(query) || query.has('page_token')) return undefined
      world.put({ id: 'new', createdAt: now() })
      world.patch('open', { status: 'COMPLETED', updated_at: '2026-03-02T08:00:00Z' })
      return undefined
    }
    expect((await reconcile(harness)).counts).toMatchObject({ inserted: 302, repairs: 0 })
    expect(await compareWithWorld(database, world)).toEqual(EQUAL)
    expect(await verified(harness)).toEqual(NO_DIFFERENCE)
  })

  test('A11: finds jobs without created_at and with an absurd one', async () => {
    const harness = await filled(150)
    const { world, now, advance, database, sync } = harness
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
    const added = ['ancient', 'future', 'open timeless', 'timeless']
    expect((await compareWithWorld(database, world)).missing.toSorted()).toEqual(added)
    const { differences } = await verified(harness)
    expect(differences.map(({ id }) => id).toSorted()).toEqual(added.slice(1))
    expect((await reconcile(harness)).counts).toMatchObject({ inserted: 4, repairs: 0 })
    expect(await compareWithWorld(database, world)).toEqual(EQUAL)
    expect(await verified(harness)).toEqual(NO_DIFFERENCE)
    // From then on they are refreshed, and deleted, like all others.
    world.patch('open timeless', { status: 'FAILED' })
    advance(2 * HOUR)
    await sync()
    expect(await statusesOf(database)).toMatchObject({ 'open timeless': 'FAILED' })
    for (const id of added) world.remove(id)
    await asStoredLongAgo(harness)
    await reconcile(harness)
    await sync()
    expect(await compareWithWorld(database, world)).toEqual(EQUAL)
  })

  test('SYNC_RECONCILE_EVERY: a sync reconciles when it is due, not before and not without it', async () => {
    const harness = await filled(150)
    const { database, worker, sync } = harness
    const weekly = worker({ options: { ...harness.source.options, reconcileEveryMs: 7 * 86_400_000 } })
    expect(await walks(harness, () => sync(weekly))).toBe(0)
    await database.pool.query(`update llamacloud_sync.runs set started_at = started_at - interval '8 days'`)
    expect(await walks(harness, () => sync())).toBe(0)
    expect(await walks(harness, () => sync(weekly))).toBe(1)
    expect(await walkLeftovers(database)).toEqual(NOTHING_LEFT)
    expect(await walks(harness, () => sync(weekly))).toBe(0)
    const lastReconcileBack = (days: number) =>
      database.pool.query(
        `update llamacloud_sync.sources set last_reconcile_at = now() - make_interval(days => $1)`,
        [days],
      )
    await lastReconcileBack(6)
    expect(await walks(harness, () => sync(weekly))).toBe(0)
    await lastReconcileBack(7)
    expect(await walks(harness, () => sync(weekly))).toBe(1)
    expect(await unaccountedRuns(database)).toEqual([])
  })
})

/** How many walks were begun meanwhile. */
async function walks({ api }: Harness, work: () => Promise<unknown>): Promise<number> {
  api.requests.reset()
  await work()
  return api.requests.entries.filter(({ query }) => isOfWalk(query) && !query.has('page_token')).length
}
