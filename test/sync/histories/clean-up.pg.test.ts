import { expect, test } from 'vitest'
import { generate } from '../../../src/simulator/generate.ts'
import { DAY, HOUR, MILLISECOND } from '../../../src/values/instant.ts'
import { compareWithWorld, EQUAL } from '../../support/compare.ts'
import { createHarness } from '../../support/harness.ts'
import { countJobs, isOfSpan } from '../../support/sync-tables.ts'
import { cycles, failures, heldIds, markedIds, reconciled } from './support.ts'

test('A15: 30 % of all jobs are deleted: held for a day, then marked, and no run fails', async () => {
  const harness = await createHarness({ run: { reconcileEveryMs: (7 * DAY) / MILLISECOND } })
  const { world, now, database, sync } = harness
  generate(world, {
    seed: 'clean-up',
    jobs: 1_000,
    from: now() - 30 * DAY,
    to: now() - 2 * DAY,
    fate: { stuckShare: 0 },
  })
  await sync()
  const all = [...world.all()].map((job) => (job as { id: string }).id)
  const removed = all.filter((_, index) => index % 10 < 3).toSorted()
  for (const id of removed) world.remove(id)
  const began = await reconciled(harness)
  const held = await cycles(harness, { during: 23 * HOUR, every: HOUR })
  expect(failures([began, ...held])).toEqual([])
  expect(await heldIds(database)).toEqual(removed)
  expect(await markedIds(database)).toEqual([])
  const later = await cycles(harness, { during: 4 * HOUR, every: HOUR })
  expect(failures(later)).toEqual([])
  expect(await markedIds(database)).toEqual(removed)
  expect(await heldIds(database)).toEqual([])
  expect(await countJobs(database)).toBe(1_000)
  expect(await compareWithWorld(database, world)).toEqual(EQUAL)
})

test('A8: 40 of 1,000 are deleted: marked an hour after the first miss, not before', async () => {
  const harness = await createHarness()
  const { world, now, database, advance, sync } = harness
  generate(world, {
    seed: 'few',
    jobs: 1_000,
    from: now() - 30 * DAY,
    to: now() - 2 * DAY,
    fate: { stuckShare: 0 },
  })
  await sync()
  const all = [...world.all()].map((job) => (job as { id: string }).id)
  const removed = all.filter((_, index) => index % 25 === 0).toSorted()
  for (const id of removed) world.remove(id)
  await reconciled(harness)
  // However often it is looked at within the hour.
  for (let time = 0; time < 3; time += 1) {
    await reconciled(harness)
    advance(15 * 60_000_000)
    await sync()
    expect(await markedIds(database)).toEqual([])
  }
  await cycles(harness, { during: HOUR / 2 })
  expect(await markedIds(database)).toEqual(removed)
})

test('A8: what comes back loses its mark: within an hour, and within a week at the latest', async () => {
  const harness = await createHarness()
  const { world, now, database, sync } = harness
  generate(world, {
    seed: 'back',
    jobs: 400,
    from: now() - 30 * DAY,
    to: now() - 2 * DAY,
    fate: { stuckShare: 0 },
  })
  await sync()
  const [soon, late] = [...world.all()].map((job) => (job as { id: string }).id)
  for (const id of [soon!, late!]) world.remove(id)
  await reconciled(harness)
  await cycles(harness, { during: 70 * 60_000_000 })
  expect(await markedIds(database)).toEqual([soon!, late!].toSorted())
  world.restore(soon!)
  await cycles(harness, { during: 65 * 60_000_000 })
  expect(await markedIds(database)).toEqual([late])
  await cycles(harness, { during: 2 * DAY, every: 6 * HOUR })
  world.restore(late!)
  await cycles(harness, { during: 6 * DAY, every: 6 * HOUR })
  expect(await markedIds(database)).toEqual([])
  expect(await compareWithWorld(database, world)).toEqual(EQUAL)
})

test('A15, I11: a third of all jobs is deleted, one here and one there: their spans are read again once for that, not at each miss', async () => {
  const harness = await createHarness({ run: { reconcileEveryMs: (7 * DAY) / MILLISECOND } })
  const { world, now, api, database, sync } = harness
  generate(world, {
    seed: 'scattered',
    jobs: 6_000,
    from: now() - 60 * DAY,
    to: now() - 2 * DAY,
    fate: { stuckShare: 0 },
  })
  await sync()
  await cycles(harness, { during: 2 * DAY, every: HOUR })
  const all = [...world.all()].map((job) => (job as { id: string }).id)
  for (const [index, id] of all.entries()) if (index % 3 === 0) world.remove(id)
  api.requests.reset()
  const ran = await cycles(harness, { during: 16 * DAY, every: HOUR })
  expect(failures(ran)).toEqual([])
  expect(await markedIds(database)).toHaveLength(2_000)
  const pages = api.requests.entries.filter(({ query }) => isOfSpan(query)).length
  // 40 pages are left of them: twice by their age, and once for what is missing.
  expect(pages).toBeLessThan(4 * 40)
})
