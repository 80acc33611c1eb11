import { describe, expect, test } from 'vitest'
import { WrongProjectError } from '../../../../src/errors.ts'
import type { Intercept } from '../../../../src/simulator/faults.ts'
import { generate } from '../../../../src/simulator/generate.ts'
import type { JsonObject } from '../../../../src/simulator/json.ts'
import { DAY, HOUR, MINUTE } from '../../../../src/values/instant.ts'
import { compareWithWorld, EQUAL } from '../../../support/compare.ts'
import { createHarness, type Harness } from '../../../support/harness.ts'
import { countJobs, latestRun, missesOf, unaccountedRuns } from '../../../support/sync-tables.ts'
import { filled, markedIds, NO_DIFFERENCE, reconcile, verified } from '../reconcile-support.ts'

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

/** Nothing is marked, and nothing counts as missed. */
async function believesNothing({ database }: Harness): Promise<void> {
  expect(await markedIds(database)).toEqual([])
  expect(Object.values(await missesOf(database)).filter((misses) => misses > 0)).toEqual([])
}

async function isDark({ database }: Harness): Promise<boolean> {
  const { rows } = await database.pool.query<{ dark: boolean }>(
    'select dark_since is not null as dark from llamacloud_sync.sources',
  )
  return rows[0]!.dark
}

describe('A18, A20: a key that shows nothing', () => {
  test.each([1, 30, 49, 260])('of %s jobs it marks none, however often it runs', async (jobs) => {
    const harness = await filled(jobs)
    const { world, api, database, advance, sync } = harness
    api.settings.intercept = showsNothing
    for (let time = 0; time < 3; time += 1) {
      for (const run of [reconcile, () => sync()]) {
        advance(6 * HOUR)
        expect((await run(harness)).counts.deletions).toBe(0)
        await believesNothing(harness)
        expect(await isDark(harness)).toBe(true)
      }
    }
    api.settings.intercept = undefined
    advance(6 * HOUR)
    await sync()
    expect(await isDark(harness)).toBe(false)
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
      advance(2 * HOUR)
      await sync()
      await believesNothing(harness)
    }
    api.settings.intercept = undefined
    advance(HOUR)
    await sync()
    expect(await markedIds(database)).toEqual([])
    expect(await compareWithWorld(database, world)).toEqual(EQUAL)
  })
})

test('A20: the key of a project with jobs of its own: none is stored or marked, and the right key finds all as it was', async () => {
  const harness = await createHarness()
  const { world, now, api, database, advance, sync } = harness
  const [ours, others] = ['11111111-1111-4111-8111-111111111111', '99999999-9999-4999-8999-999999999999']
  const [from, to] = [now() - 20 * DAY, now() - DAY]
  generate(world, { seed: 1, jobs: 30, from, to, projectId: ours, fate: { stuckShare: 0 } })
  generate(world, { seed: 2, jobs: 400, from, to, projectId: others, fate: { stuckShare: 0 } })
  world.put({ id: 'open', createdAt: now() - MINUTE, fields: { project_id: ours } })
  api.settings.intercept = showsOnly(ours)
  await sync()
  const stored = await countJobs(database)
  api.settings.intercept = showsOnly(others)
  for (let time = 0; time < 3; time += 1) {
    advance(2 * HOUR)
    const failure = await reconcile(harness).catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(WrongProjectError)
    expect(String(failure)).toMatch(new RegExp(`${others}.*${ours}.*Nothing was stored`))
    expect(await latestRun(database)).toMatchObject({ outcome: 'failed', error: (failure as Error).message })
    await sync().catch(() => {}) // also when it fails, as above
    await believesNothing(harness)
    expect(await countJobs(database)).toBe(stored)
  }
  api.settings.intercept = showsOnly(ours)
  advance(6 * HOUR)
  await sync()
  expect(await markedIds(database)).toEqual([])
  expect(await missesOf(database)).toEqual({ open: 0 })
})
