import { describe, expect, test } from 'vitest'
import { backfillOnce } from '../../../../src/sync/cycle.ts'
import { DAY, HOUR, type Instant, MINUTE, SECOND } from '../../../../src/values/instant.ts'
import { compareWithWorld, EQUAL } from '../../../support/compare.ts'
import { latestRun, missesOf, unaccountedRuns } from '../../../support/sync-tables.ts'
import {
  APART,
  filled,
  idsOf,
  markedIds,
  NO_DIFFERENCE,
  reconcile,
  removeSome,
  UNLIMITED,
  verified,
} from '../reconcile-support.ts'

const each = (ids: readonly string[], misses: number) => Object.fromEntries(ids.map((id) => [id, misses]))

describe('jobs that are deleted upstream', () => {
  test.each<[string, number, number, Instant, Instant, boolean]>([
    ['an hour later, by a sync', 700, 21, APART - 1, APART, false],
    ['an hour later, by a reconcile', 700, 21, APART - 1, APART, true],
    [
      'a day later where they are more than 50 and more than a fifth of those asked for',
      1_500,
      250,
      APART,
      DAY,
      false,
    ],
  ])('A8, I7, I13: are marked %s', async (_when, jobs, count, tooSoon, wait, again) => {
    const harness = await filled(jobs)
    const { world, database, advance, sync } = harness
    const removed = removeSome(world, count)
    advance(HOUR)
    expect((await reconcile(harness)).counts).toMatchObject({ deletions: 0, repairs: 0 })
    expect(await missesOf(database)).toEqual(each(removed, 1))
    advance(tooSoon)
    expect((await sync()).counts.deletions).toBe(0)
    expect(await markedIds(database)).toEqual([])

    advance(wait - tooSoon)
    const second = again ? await reconcile(harness) : await sync()
    expect(second.counts).toMatchObject({ deletions: count, repairs: 0 })
    expect(await latestRun(database)).toMatchObject({ deletions: count, repairs: 0, outcome: 'succeeded' })
    expect(await markedIds(database)).toEqual(removed)
    expect(await missesOf(database)).toEqual({})
    expect(await compareWithWorld(database, world)).toEqual(EQUAL)
    expect(await verified(harness)).toEqual(NO_DIFFERENCE)
    expect(await unaccountedRuns(database)).toEqual([])
  })

  test('A15, A18: many are held, and no run fails for it; those that come back are forgotten, the others believed', async () => {
    const harness = await filled(600)
    const { world, database, advance, sync } = harness
    const removed = removeSome(world, 200)
    for (const run of [reconcile, () => sync(), reconcile, () => sync()]) {
      expect((await run(harness)).outcome).toBe('succeeded')
      expect(await latestRun(database)).toMatchObject({ outcome: 'succeeded', deletions: 0, error: null })
      expect(await markedIds(database)).toEqual([])
      expect(Object.keys(await missesOf(database))).toEqual(removed)
      advance(2 * HOUR)
    }
    for (const id of removed.splice(50)) world.restore(id)
    expect((await reconcile(harness)).counts.deletions).toBe(50)
    expect(await markedIds(database)).toEqual(removed)
    expect(await compareWithWorld(database, world)).toEqual(EQUAL)
    expect(await unaccountedRuns(database)).toEqual([])
  })

  test('a run that ends before it was answered counts no miss', async () => {
    const harness = await filled(300)
    const { world, api, database, advance, sync } = harness
    const removed = removeSome(world, 3)
    const stop = new AbortController()
    api.settings.intercept = ({ query }) => {
      if (!query.has('job_ids')) return undefined
      stop.abort(new Error('stop'))
      return { kind: 'hang' }
    }
    expect((await reconcile(harness, { signal: stop.signal })).outcome).toBe('stopped')
    api.settings.intercept = undefined
    expect(await missesOf(database)).toEqual(each(removed, 0))
    expect((await sync()).counts.deletions).toBe(0)
    expect(await missesOf(database)).toEqual(each(removed, 1))
    advance(APART)
    expect((await sync()).counts.deletions).toBe(3)
    expect(await markedIds(database)).toEqual(removed)
  })

  test('A8: an open one is found by the recheck, and marked after two misses an hour apart', async () => {
    const harness = await filled(100)
    const { world, now, advance, database, sync } = harness
    world.put({ id: 'open', createdAt: now() - MINUTE })
    await sync()
    expect(await missesOf(database)).toEqual({ open: 0 })
    world.remove('open')
    for (const step of [5 * MINUTE, 5 * MINUTE]) {
      advance(step)
      expect((await sync()).counts.deletions).toBe(0)
      expect(await missesOf(database)).toEqual({ open: 1 })
    }
    advance(APART)
    expect((await sync()).counts.deletions).toBe(1)
    expect(await markedIds(database)).toEqual(['open'])
    expect(await missesOf(database)).toEqual({})
  })

  test('A7, A8: one that was shown is not marked while a replica that is behind hides it', async () => {
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
    // When it has caught up, both are there, and what was missed is forgiven.
    advance(5 * MINUTE)
    await reconcile(harness)
    expect(await missesOf(database)).toEqual({ open: 0 })
    for (const id of ['open', 'done']) world.remove(id)
    advance(10 * MINUTE)
    await reconcile(harness)
    expect(await missesOf(database)).toEqual({ done: 1, open: 1 })
    advance(APART)
    await sync()
    expect(await markedIds(database)).toEqual(['done', 'open'])
  })

  test('A8: a job that was missed once and then shown again starts from nothing', async () => {
    const harness = await filled(100)
    const { world, database, advance, sync } = harness
    const [id] = removeSome(world, 1)
    await reconcile(harness)
    world.restore(id!)
    advance(APART)
    await sync()
    expect(await missesOf(database)).toEqual({})
    world.remove(id!)
    await reconcile(harness)
    expect(await markedIds(database)).toEqual([])
    advance(APART)
    await sync()
    expect(await markedIds(database)).toEqual([id])
  })

  test('A8: a job that reappears loses its mark: by a reading of its span, or when it is looked for after an hour', async () => {
    const harness = await filled(100)
    const { world, now, advance, database, source, sync } = harness
    world.put({ id: 'young', createdAt: now() - MINUTE, fields: { status: 'COMPLETED' } })
    await sync()
    advance(6 * MINUTE)
    const [old] = idsOf(world)
    for (const id of [old!, 'young']) world.remove(id)
    await reconcile(harness)
    advance(APART)
    await sync()
    expect(await markedIds(database)).toEqual([old, 'young'].toSorted())

    world.restore('young')
    await backfillOnce(source, { lower: now() - 2 * HOUR, upper: now() }, UNLIMITED)
    expect(await markedIds(database)).toEqual([old])
    world.restore(old!)
    advance(HOUR)
    await sync()
    expect(await markedIds(database)).toEqual([])
    expect(await compareWithWorld(database, world)).toEqual(EQUAL)
    expect(await verified(harness)).toEqual(NO_DIFFERENCE)
  })
})

describe('a clean-up in a small account is believed', () => {
  test('where most of its jobs go', async () => {
    const harness = await filled(12)
    const { world, database, advance, sync } = harness
    const removed = removeSome(world, 9)
    await reconcile(harness)
    advance(APART)
    await sync()
    expect(await markedIds(database)).toEqual(removed)
  })

  test('where all jobs are open', async () => {
    const harness = await filled(0)
    const { world, now, database, advance, sync } = harness
    for (let job = 0; job < 5; job += 1) world.put({ id: `open-${job}`, createdAt: now() - MINUTE })
    await sync()
    world.remove('open-3')
    advance(10 * MINUTE)
    await sync()
    advance(APART)
    await sync()
    expect(await markedIds(database)).toEqual(['open-3'])
  })

  test('of the first job, alone when it was first seen', async () => {
    const harness = await filled(0)
    const { world, now, database, advance, sync } = harness
    world.put({ id: 'trial', createdAt: now() - MINUTE, fields: { status: 'COMPLETED' } })
    await sync()
    advance(DAY)
    world.remove('trial')
    world.put({ id: 'real', createdAt: now() - MINUTE, fields: { status: 'COMPLETED' } })
    await reconcile(harness)
    advance(APART)
    await sync()
    expect(await markedIds(database)).toEqual(['trial'])
  })
})
