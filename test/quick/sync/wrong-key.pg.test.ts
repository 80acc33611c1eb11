import { describe, expect, test } from 'vitest'
import { DeletionBrakeError } from '../../../src/errors.ts'
import type { Intercept } from '../../../src/simulator/faults.ts'
import { generate } from '../../../src/simulator/generate.ts'
import type { JsonObject } from '../../../src/simulator/json.ts'
import { DAY, MINUTE } from '../../../src/values/instant.ts'
import { compareWithWorld, EQUAL } from '../../support/compare.ts'
import { createHarness, type Harness } from '../../support/harness.ts'
import { latestRun, unaccountedRuns } from '../../support/sync-tables.ts'
import {
  asStoredLongAgo,
  filled,
  markedIds,
  missesOf,
  NO_DIFFERENCE,
  reconcile,
  removeSome,
  verified,
} from './reconcile-support.ts'

/** The API as a key sees it that is not of this project. */
const showsNothing: Intercept = () => ({
  kind: 'page',
  change: () => ({ items: [], next_page_token: null, total_size: null }),
})

function showsOnly(projectId: string): Intercept {
  const isOfProject = (item: unknown) => (item as JsonObject).project_id === projectId
  return () => ({
    kind: 'page',
    change: (page) => ({ ...page, items: page.items.filter(isOfProject) }),
  })
}

async function failsByTheBrake(run: Promise<unknown>, { database }: Harness): Promise<void> {
  const failure = await run.catch((error: unknown) => error)
  expect(failure).toBeInstanceOf(DeletionBrakeError)
  expect(String(failure)).toMatch(/key of another project.*nothing was marked.*LLAMA_CLOUD_API_KEY/)
  expect(await latestRun(database)).toMatchObject({ outcome: 'failed', error: (failure as Error).message })
  expect(await markedIds(database)).toEqual([])
  expect(Object.values(await missesOf(database)).filter((misses) => misses > 0)).toEqual([])
}

describe('A20: the key of another project', () => {
  test.each([1, 30, 49, 260])('of %s jobs it marks none, however often it runs', async (jobs) => {
    const harness = await filled(jobs)
    const { world, api, database, advance, sync } = harness
    api.settings.intercept = showsNothing
    for (let time = 0; time < 3; time += 1) {
      advance(10 * MINUTE)
      await failsByTheBrake(reconcile(harness), harness)
      await failsByTheBrake(sync(), harness)
    }
    api.settings.intercept = undefined
    await sync()
    expect(await missesOf(database)).toEqual({})
    expect((await reconcile(harness)).counts).toMatchObject({ deletions: 0, repairs: 0 })
    expect(await compareWithWorld(database, world)).toEqual(EQUAL)
    expect(await verified(harness)).toEqual(NO_DIFFERENCE)
    expect(await unaccountedRuns(database)).toEqual([])
  })

  test.each([
    ['none', 0],
    ['twenty', 20],
  ])('a plain sync asks for open jobs, beside %s that are done: it marks none', async (_name, done) => {
    const harness = await filled(done)
    const { world, now, api, database, advance, sync } = harness
    for (let job = 0; job < 5; job += 1) world.put({ id: `open-${job}`, createdAt: now() - MINUTE })
    await sync()
    api.settings.intercept = showsNothing
    for (let time = 0; time < 3; time += 1) {
      advance(10 * MINUTE)
      await failsByTheBrake(sync(), harness)
    }
    api.settings.intercept = undefined
    await sync()
    expect(await markedIds(database)).toEqual([])
    expect(await compareWithWorld(database, world)).toEqual(EQUAL)
  })

  test('a project with jobs of its own: it marks none, and the right key finds all as it was', async () => {
    const harness = await createHarness()
    const { world, now, api, database, advance, sync } = harness
    const [ours, others] = ['11111111-1111-4111-8111-111111111111', '99999999-9999-4999-8999-999999999999']
    const [from, to] = [now() - 20 * DAY, now() - DAY]
    generate(world, { seed: 1, jobs: 30, from, to, projectId: ours, fate: { stuckShare: 0 } })
    generate(world, { seed: 2, jobs: 400, from, to, projectId: others, fate: { stuckShare: 0 } })
    world.put({ id: 'open', createdAt: now() - MINUTE, fields: { project_id: ours } })
    api.settings.intercept = showsOnly(ours)
    await sync()
    await asStoredLongAgo(harness)
    advance(10 * MINUTE)
    api.settings.intercept = showsOnly(others)
    await failsByTheBrake(sync(), harness)
    for (let time = 0; time < 3; time += 1) {
      await failsByTheBrake(reconcile(harness), harness)
      await failsByTheBrake(sync(), harness)
    }
    api.settings.intercept = showsOnly(ours)
    await sync()
    expect(await markedIds(database)).toEqual([])
    expect(await missesOf(database)).toEqual({ open: 0 })
  })

  test('a clean-up in a small account is believed: what should be there is', async () => {
    const harness = await filled(12)
    const { world, database, sync } = harness
    const removed = removeSome(world, 9)
    await reconcile(harness)
    await sync()
    expect(await markedIds(database)).toEqual(removed)
  })

  test('a clean-up in an account in which all jobs are open is believed as well', async () => {
    const harness = await filled(0)
    const { world, now, database, advance, sync } = harness
    for (let job = 0; job < 5; job += 1) world.put({ id: `open-${job}`, createdAt: now() - MINUTE })
    await sync()
    world.remove('open-3')
    advance(10 * MINUTE)
    await sync()
    await sync()
    expect(await markedIds(database)).toEqual(['open-3'])
  })

  test('a source whose jobs came with another one first goes on once that one has marked the deletion', async () => {
    const harness = await filled(20)
    const { world, now, database, advance, sync, worker } = harness
    world.put({ id: 'open', createdAt: now() - MINUTE })
    const second = worker({ name: 'second' })
    await sync()
    await sync(second)
    world.remove('open')
    advance(10 * MINUTE)
    await expect(sync(second)).rejects.toThrow(DeletionBrakeError)
    await sync()
    await sync()
    expect(await markedIds(database)).toEqual(['open'])
    expect((await sync(second)).outcome).toBe('succeeded')
    expect(await missesOf(database)).toEqual({})
  })

  test('the first job of an account, alone when it was first seen, can be deleted', async () => {
    const harness = await createHarness()
    const { world, now, database, advance, sync } = harness
    world.put({ id: 'trial', createdAt: now() - MINUTE, fields: { status: 'COMPLETED' } })
    await sync()
    await asStoredLongAgo(harness)
    advance(DAY)
    world.remove('trial')
    world.put({ id: 'real', createdAt: now() - MINUTE, fields: { status: 'COMPLETED' } })
    await reconcile(harness)
    await sync()
    expect(await markedIds(database)).toEqual(['trial'])
  })
})
