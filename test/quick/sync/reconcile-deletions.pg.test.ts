import { describe, expect, test } from 'vitest'
import { DeletionBrakeError } from '../../../src/errors.ts'
import { backfillOnce } from '../../../src/sync/cycle.ts'
import { HOUR, MINUTE, SECOND } from '../../../src/values/instant.ts'
import { compareWithWorld, EQUAL } from '../../support/compare.ts'
import { latestRun, unaccountedRuns } from '../../support/sync-tables.ts'
import {
  asStoredLongAgo,
  filled,
  idsOf,
  markedIds,
  missesOf,
  NO_DIFFERENCE,
  NOTHING_LEFT,
  reconcile,
  removeSome,
  UNLIMITED,
  verified,
  walkLeftovers,
} from './reconcile-support.ts'

describe('deletions', () => {
  test.each([
    ['a reconcile and a sync', 700, 21, false],
    ['two reconciles', 700, 21, true],
    [
      'a reconcile and a sync: more than 50, yet no more than a fifth of what is asked for',
      1_500,
      250,
      false,
    ],
  ])('A8, I7, I13: marked exactly after %s', async (_runs, jobs, count, again) => {
    const harness = await filled(jobs)
    const { world, database, advance, sync } = harness
    const removed = removeSome(world, count)
    advance(HOUR)
    expect((await reconcile(harness)).counts).toMatchObject({ deletions: 0, repairs: 0 })
    expect(await markedIds(database)).toEqual([])
    expect(await missesOf(database)).toEqual(Object.fromEntries(removed.map((id) => [id, 1])))
    expect(await walkLeftovers(database)).toEqual(NOTHING_LEFT)

    const second = again ? await reconcile(harness) : await sync()
    expect(second.counts).toMatchObject({ deletions: count, repairs: 0 })
    expect(await latestRun(database)).toMatchObject({ deletions: count, repairs: 0, outcome: 'succeeded' })
    expect(await markedIds(database)).toEqual(removed)
    expect(await missesOf(database)).toEqual({})
    expect(await walkLeftovers(database)).toEqual(NOTHING_LEFT)
    expect(await compareWithWorld(database, world)).toEqual(EQUAL)
    expect(await verified(harness)).toEqual(NO_DIFFERENCE)
    expect(await unaccountedRuns(database)).toEqual([])
  })

  test('A15: the brake: more than 20 % and more than 50 of the ids asked for: nothing is marked or counted, ever', async () => {
    const harness = await filled(600)
    const { world, database, sync } = harness
    const removed = removeSome(world, 200)
    for (const run of [reconcile, () => sync(), reconcile, () => sync()]) {
      const failure = await run(harness).catch((error: unknown) => error)
      expect(failure).toBeInstanceOf(DeletionBrakeError)
      expect(String(failure)).toMatch(
        /did not return 200 of 600 jobs of the source "default".*another project/,
      )
      expect(await latestRun(database)).toMatchObject({
        outcome: 'failed',
        deletions: 0,
        error: (failure as Error).message,
      })
      expect(await markedIds(database)).toEqual([])
      expect(await missesOf(database)).toEqual(Object.fromEntries(removed.map((id) => [id, 0])))
    }
    // What was asked for in vain in those runs does not count: it takes two more.
    for (const id of removed.splice(50)) world.restore(id)
    expect((await sync()).counts.deletions).toBe(0)
    expect((await sync()).counts.deletions).toBe(50)
    expect(await markedIds(database)).toEqual(removed)
    expect(await compareWithWorld(database, world)).toEqual(EQUAL)
    expect(await unaccountedRuns(database)).toEqual([])
  })

  test('a run that ends between asking and settling counts no miss', async () => {
    const harness = await filled(300)
    const { world, api, database, sync } = harness
    const removed = removeSome(world, 3)
    const stop = new AbortController()
    let askedById = 0
    // The first such request is for what the walk did not come by, the second for what should be there.
    api.settings.intercept = ({ query }) => {
      if (query.has('job_ids')) askedById += 1
      if (askedById === 2) stop.abort(new Error('stop'))
      return undefined
    }
    expect((await reconcile(harness, { signal: stop.signal })).outcome).toBe('stopped')
    api.settings.intercept = undefined
    const none = Object.fromEntries(removed.map((id) => [id, 0]))
    expect(await missesOf(database)).toEqual(none)
    expect((await sync()).counts.deletions).toBe(0)
    expect((await sync()).counts.deletions).toBe(3)
    expect(await markedIds(database)).toEqual(removed)
  })

  test('A8: an open job that was deleted is found by the refresh, and marked after two runs', async () => {
    const harness = await filled(100)
    const { world, now, advance, database, sync } = harness
    world.put({ id: 'open', createdAt: now() - MINUTE })
    await sync()
    expect(await missesOf(database)).toEqual({ open: 0 })
    world.remove('open')
    advance(5 * MINUTE)
    expect((await sync()).counts.deletions).toBe(0)
    expect(await missesOf(database)).toEqual({ open: 1 })
    advance(5 * MINUTE)
    expect((await sync()).counts.deletions).toBe(1)
    expect(await markedIds(database)).toEqual(['open'])
    expect(await missesOf(database)).toEqual({})
  })

  test('A7, A8: one that was shown within the overlap is not missed where it is hidden, by the refresh and after a walk', async () => {
    const harness = await filled(100)
    const { world, now, advance, api, database, sync } = harness
    const createdAt = now() - MINUTE
    world.put({ id: 'open', createdAt })
    world.put({ id: 'done', createdAt, fields: { status: 'COMPLETED' } })
    await sync()
    // From here on a replica answers that is three minutes behind.
    api.settings.intercept = () => ({ kind: 'past', by: 3 * MINUTE })
    for (const run of [sync, () => reconcile(harness), () => reconcile(harness), sync]) {
      advance(10 * SECOND)
      expect((await run()).counts.deletions).toBe(0)
    }
    expect(await missesOf(database)).toEqual({ done: 0, open: 0 })
    // When it has caught up, both are there; had they been deleted, it would come out now.
    advance(5 * MINUTE)
    await sync()
    expect(await missesOf(database)).toEqual({ open: 0 })
    for (const id of ['open', 'done']) world.remove(id)
    advance(10 * MINUTE)
    await asStoredLongAgo(harness)
    await reconcile(harness)
    expect(await missesOf(database)).toEqual({ done: 1, open: 1 })
    await sync()
    expect(await markedIds(database)).toEqual(['done', 'open'])
  })

  test('A8: a job that was missed once and then shown again starts from nothing', async () => {
    const harness = await filled(100)
    const { world, database, sync } = harness
    const [id] = removeSome(world, 1)
    await reconcile(harness)
    world.restore(id!)
    await sync()
    expect(await missesOf(database)).toEqual({})
    world.remove(id!)
    await reconcile(harness)
    expect(await markedIds(database)).toEqual([])
    await sync()
    expect(await markedIds(database)).toEqual([id])
  })

  test('A8: a job that reappears loses its mark: by a window, and by the walk where no window looks', async () => {
    const harness = await filled(100)
    const { world, now, advance, database, source, sync } = harness
    world.put({ id: 'young', createdAt: now() - MINUTE, fields: { status: 'COMPLETED' } })
    await sync()
    advance(6 * MINUTE)
    await asStoredLongAgo(harness)
    const [old] = idsOf(world)
    for (const id of [old!, 'young']) world.remove(id)
    await reconcile(harness)
    await sync()
    expect(await markedIds(database)).toEqual([old, 'young'].toSorted())

    for (const id of [old!, 'young']) world.restore(id)
    await backfillOnce(source, { lower: now() - 10 * MINUTE, upper: now() }, UNLIMITED)
    expect(await markedIds(database)).toEqual([old])
    await reconcile(harness)
    expect(await markedIds(database)).toEqual([])
    expect(await compareWithWorld(database, world)).toEqual(EQUAL)
    expect(await verified(harness)).toEqual(NO_DIFFERENCE)
  })
})
