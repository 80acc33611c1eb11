import { expect, test } from 'vitest'
import { generate } from '../../../src/simulator/generate.ts'
import type { World } from '../../../src/simulator/world.ts'
import { reconcileOnce } from '../../../src/sync/cycle.ts'
import { DAY, HOUR, MILLISECOND, MINUTE, SECOND } from '../../../src/values/instant.ts'
import { compareWithWorld, EQUAL } from '../../support/compare.ts'
import { createHarness, type Harness } from '../../support/harness.ts'
import { coverageOf, statusesOf } from '../../support/sync-tables.ts'
import { darkness, lostShard, poisonIds, together, wrongDate } from '../../support/upstream-faults.ts'
import {
  cycles,
  failures,
  heldIds,
  markedIds,
  OTHER_PROJECT,
  PROJECT,
  reconciled,
  requestsOf,
  runOnce,
  UNLIMITED,
  verified,
} from './support.ts'

const DONE = { status: 'COMPLETED' }
const WEEKLY = { reconcileEveryMs: (7 * DAY) / MILLISECOND }

const idsOf = (world: World) => [...world.all()].map((job) => (job as { id: string }).id)

/** Finished jobs of the last month, one after the other. */
function month({ world, now }: Harness, jobs: number, projectId = PROJECT): void {
  const span = { from: now() - 30 * DAY, to: now() - 2 * DAY, fate: { stuckShare: 0 } }
  generate(world, { seed: `month of ${projectId}`, jobs, projectId, ...span })
}

test('A8: what was created today is deleted, and no new job comes: it is marked within a day, although it is most of what was seen lately', async () => {
  const harness = await createHarness()
  const { world, now, database } = harness
  month(harness, 200)
  await runOnce(harness)
  // Enough to take every canary's place.
  const today = Array.from({ length: 180 }, (_, index) => `today-${index}`).toSorted()
  for (const [index, id] of today.entries())
    world.put({ id, createdAt: now() + index * 5 * MINUTE, fields: DONE })
  await cycles(harness, { during: 16 * HOUR })
  for (const id of today) world.remove(id)
  const ran = await cycles(harness, { during: 2 * DAY + 4 * HOUR, every: 30 * MINUTE })
  expect(failures(ran)).toEqual([])
  expect(await markedIds(database)).toEqual(today)
  expect(await heldIds(database)).toEqual([])
})

test('A18: the API shows by id what its lists do not, and nothing is marked', async () => {
  const harness = await createHarness({ run: WEEKLY })
  const { world, api, database } = harness
  month(harness, 300)
  await runOnce(harness)
  const hidden = idsOf(world).filter((_, index) => index % 3 === 0)
  api.settings.intercept = ({ query }) =>
    query.has('job_ids')
      ? undefined
      : {
          kind: 'page',
          change: (page) => ({
            ...page,
            items: page.items.filter((item) => !hidden.includes((item as { id: string }).id)),
          }),
        }
  const ran = [await reconciled(harness), ...(await cycles(harness, { during: 10 * DAY, every: 6 * HOUR }))]
  expect(failures(ran)).toEqual([])
  expect(await markedIds(database)).toEqual([])
  expect(await heldIds(database)).toEqual([])
  // And nobody asks for them over and over: a span once a week, and what it did not show.
  expect(requestsOf(ran)).toBeLessThanOrEqual(6 * ran.length)
})

test('A18: lists show what cannot be had by id: an open job is kept, and ends when a list shows it', async () => {
  const harness = await createHarness({ run: WEEKLY })
  const { world, api, now, database } = harness
  month(harness, 100)
  world.put({ id: 'open', createdAt: now() - 3 * DAY, fields: { project_id: PROJECT, status: 'RUNNING' } })
  await runOnce(harness)
  api.settings.intercept = ({ query }) =>
    query.has('job_ids')
      ? {
          kind: 'page',
          change: (page) => ({
            ...page,
            items: page.items.filter((item) => (item as { id: string }).id !== 'open'),
          }),
        }
      : undefined
  await cycles(harness, { during: 3 * HOUR, every: 30 * MINUTE })
  // The listing of where it was created shows it: it is there.
  expect(await markedIds(database)).toEqual([])
  world.patch('open', DONE)
  await reconciled(harness)
  await cycles(harness, { during: 3 * HOUR, every: 30 * MINUTE })
  expect(await markedIds(database)).toEqual([])
  expect(await compareWithWorld(database, world)).toEqual(EQUAL)
})

test('A18: a shard goes for 50 minutes at a time, again and again: what is asked for in between is never marked, and all else is back', async () => {
  const harness = await createHarness()
  const { world, now, database } = harness
  const open = Array.from({ length: 30 }, (_, index) => `open-${index}`)
  const fields = { project_id: PROJECT, status: 'RUNNING' }
  month(harness, 60)
  world.put(...open.map((id) => ({ id, createdAt: now() - HOUR, fields })))
  await runOnce(harness)
  for (let time = 0; time < 6; time += 1) {
    const from = now() + MINUTE
    world.hide(lostShard(0.5, { from, to: from + 50 * MINUTE }))
    const ran = await cycles(harness, { during: 70 * MINUTE })
    expect(failures(ran)).toEqual([])
    // Nobody asks for a finished job between its two misses: it may be marked, and is looked for an hour later.
    const marked = await markedIds(database)
    expect(marked.filter((id) => open.includes(id))).toEqual([])
  }
  for (const id of open) world.patch(id, DONE)
  await cycles(harness, { during: 2 * HOUR })
  expect(await markedIds(database)).toEqual([])
  expect(await compareWithWorld(database, world)).toEqual(EQUAL)
})

test('A18, A20: one of two projects of a key is dark: its jobs are held, those of the other are believed in time', async () => {
  const harness = await createHarness()
  const { world, now, database } = harness
  month(harness, 150)
  month(harness, 150, OTHER_PROJECT)
  await runOnce(harness)
  const from = now()
  world.hide((job, at) => at >= from && at < from + 3 * DAY && job.projectId() === OTHER_PROJECT)
  const gone = idsOf(world)
    .filter((_, index) => index % 10 === 0)
    .toSorted()
  for (const id of gone) world.remove(id)
  await reconciled(harness)
  const dark = await cycles(harness, { during: 2 * HOUR, every: 20 * MINUTE })
  expect(failures(dark)).toEqual([])
  // The held of the dark project are no reason to doubt these.
  expect(await markedIds(database)).toEqual(gone)
  expect(await heldIds(database)).toHaveLength(150)
  const after = await cycles(harness, { during: 4 * DAY, every: 2 * HOUR })
  expect(failures(after)).toEqual([])
  expect(await heldIds(database)).toEqual([])
  expect(await compareWithWorld(database, world)).toEqual(EQUAL)
})

test('A8, A15: the last job of a project goes, then a new one comes: the old one is marked', async () => {
  const harness = await createHarness()
  const { world, now, database } = harness
  world.put({ id: 'old', createdAt: now() - DAY, fields: { project_id: PROJECT, ...DONE } })
  await runOnce(harness)
  world.remove('old')
  await reconciled(harness)
  await cycles(harness, { during: 5 * DAY, every: 6 * HOUR })
  expect(await markedIds(database)).toEqual([])
  expect(await heldIds(database)).toEqual(['old'])
  world.put({ id: 'new', createdAt: now(), fields: { project_id: PROJECT, ...DONE } })
  const ran = await cycles(harness, { during: 2 * DAY, every: HOUR })
  expect(failures(ran)).toEqual([])
  expect(await markedIds(database)).toEqual(['old'])
})

test('A14, A17: the clocks of the API and of the worker agree, and both are a day ahead: what comes then is stored, and all is right afterwards', async () => {
  const harness = await createHarness()
  const { world, now, api, clock, worker, database } = harness
  month(harness, 60)
  await runOnce(harness)
  const minutes = Array.from({ length: 600 }, (_, index) => index)
  world.put(
    ...minutes.map((index) => ({
      id: `job-${index}`,
      createdAt: now() + index * MINUTE,
      fields: { project_id: PROJECT, ...DONE },
    })),
  )
  api.settings.intercept = wrongDate(DAY)
  const ahead = { ...clock, now: () => clock.now() + DAY / MILLISECOND }
  const source = worker({ clock: ahead })
  const wrong = await cycles(harness, { source, during: 3 * HOUR })
  expect(failures(wrong)).toEqual([])
  api.settings.intercept = undefined
  const right = await cycles(harness, { during: 20 * MINUTE })
  expect(failures(right)).toEqual([])
  expect(await compareWithWorld(database, world)).toEqual(EQUAL)
  expect((await coverageOf(database)).watermark).toBeLessThanOrEqual(now())
})

test('A14, I6: two workers take turns, and the clocks of both are wrong, one ahead and one behind', async () => {
  const harness = await createHarness()
  const { world, now, clock, worker, database } = harness
  month(harness, 60)
  const minutes = Array.from({ length: 300 }, (_, index) => index)
  world.put(
    ...minutes.map((index) => ({
      id: `job-${index}`,
      createdAt: now() + index * MINUTE,
      fields: { project_id: PROJECT, ...DONE },
    })),
  )
  const off = (by: number) => worker({ clock: { ...clock, now: () => clock.now() + by / MILLISECOND } })
  const workers = [off(2 * DAY), off(-2 * DAY)]
  for (let cycle = 0; cycle < 24; cycle += 1) {
    harness.advance(5 * MINUTE)
    const run = await runOnce(harness, { source: workers[cycle % 2]! })
    expect(run).toMatchObject({ outcome: 'succeeded', error: null })
    expect((await coverageOf(database)).watermark).toBeLessThanOrEqual(now() + SECOND)
  }
  expect(await compareWithWorld(database, world)).toEqual(EQUAL)
})

test('A19, A8: an id that answers 500 is deleted meanwhile: when it is answered again, it is marked', async () => {
  const harness = await createHarness()
  const { world, now, api, database } = harness
  month(harness, 100)
  world.put({ id: 'poison', createdAt: now() - HOUR, fields: { project_id: PROJECT, status: 'RUNNING' } })
  await runOnce(harness)
  api.settings.intercept = poisonIds(['poison'], 500)
  const degraded = await cycles(harness, { during: 3 * HOUR, every: 30 * MINUTE })
  expect(failures(degraded)).toEqual([])
  expect(degraded.at(-1)!.outcome).toBe('degraded')
  world.remove('poison')
  await cycles(harness, { during: 3 * HOUR, every: 30 * MINUTE })
  expect(await markedIds(database)).toEqual([])
  api.settings.intercept = undefined
  const ran = await cycles(harness, { during: 2 * DAY, every: 2 * HOUR })
  expect(failures(ran)).toEqual([])
  expect(await markedIds(database)).toEqual(['poison'])
  expect(ran.at(-1)!.outcome).toBe('succeeded')
})

test('A18, A19: dark, and one id at fault as well: nothing is marked, nothing but that is set aside, and all comes back', async () => {
  const harness = await createHarness()
  const { world, now, api, database } = harness
  month(harness, 100)
  const open = Array.from({ length: 100 }, (_, index) => `open-${index}`)
  world.put(
    ...open.map((id) => ({
      id,
      createdAt: now() - HOUR,
      fields: { project_id: PROJECT, status: 'RUNNING' },
    })),
  )
  await runOnce(harness)
  world.hide(darkness({ from: now(), to: now() + 5 * HOUR }))
  api.settings.intercept = together(poisonIds(['open-50'], 500))
  const dark = await cycles(harness, { during: 5 * HOUR, every: 30 * MINUTE })
  expect(failures(dark)).toEqual([])
  expect(await markedIds(database)).toEqual([])
  const set = 'select job_id from llamacloud_sync.rechecks where reason is not null'
  expect((await database.pool.query(set)).rows.length).toBeLessThanOrEqual(1)
  api.settings.intercept = undefined
  for (const id of open) world.patch(id, DONE)
  const lit = await cycles(harness, { during: DAY, every: HOUR })
  expect(failures(lit)).toEqual([])
  expect(await compareWithWorld(database, world)).toEqual(EQUAL)
})

test('A8: a job comes and goes every two hours for days: it is never asked for endlessly, and its mark is right in the end', async () => {
  const harness = await createHarness()
  const { world, database } = harness
  month(harness, 100)
  await runOnce(harness)
  const [id = ''] = idsOf(world)
  const quiet = await cycles(harness, { during: DAY, every: HOUR })
  const ran: Awaited<ReturnType<typeof cycles>> = []
  for (let time = 0; time < 12; time += 1) {
    if (time % 2 === 0) world.remove(id)
    else world.restore(id)
    ran.push(...(await cycles(harness, { during: 2 * HOUR, every: HOUR })))
  }
  expect(failures(ran)).toEqual([])
  expect(requestsOf(ran)).toBeLessThanOrEqual(requestsOf(quiet) + 24)
  world.remove(id)
  await reconciled(harness)
  await cycles(harness, { during: 3 * HOUR, every: HOUR })
  expect(await markedIds(database)).toEqual([id])
})

test('I8: a job is deleted after it ended and before that was seen: it is marked as it was seen last, within hours', async () => {
  const harness = await createHarness()
  const { world, now, database } = harness
  month(harness, 50)
  world.put({ id: 'short', createdAt: now() - MINUTE, fields: { project_id: PROJECT, status: 'RUNNING' } })
  await runOnce(harness)
  world.patch('short', DONE)
  world.remove('short')
  const ran = await cycles(harness, { during: 90 * MINUTE })
  expect(failures(ran)).toEqual([])
  expect(await markedIds(database)).toEqual(['short'])
  expect((await statusesOf(database)).short).toBe('RUNNING')
})

test('I6, I12: a reconcile and a cycle of another worker alternate while jobs vanish: each miss counts once, and verify agrees', async () => {
  const harness = await createHarness()
  const { world, database, worker, advance, source } = harness
  month(harness, 400)
  await runOnce(harness)
  const gone = idsOf(world)
    .filter((_, index) => index % 20 === 0)
    .toSorted()
  for (const id of gone) world.remove(id)
  const other = worker()
  for (let time = 0; time < 4; time += 1) {
    await reconcileOnce(other, UNLIMITED)
    await runOnce(harness)
    advance(10 * MINUTE)
    expect(await markedIds(database)).toEqual([])
  }
  await cycles(harness, { during: HOUR, every: 10 * MINUTE })
  expect(await markedIds(database)).toEqual(gone)
  expect((await verified(source)).differences).toEqual([])
})
