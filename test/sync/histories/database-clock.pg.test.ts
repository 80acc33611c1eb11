import { expect, test } from 'vitest'
import { parse } from '../../../src/simulator/lists/parse.ts'
import { World } from '../../../src/simulator/world.ts'
import { DAY, HOUR, MINUTE } from '../../../src/values/instant.ts'
import { compareWithWorld, EQUAL } from '../../support/compare.ts'
import { createHarness, text } from '../../support/harness.ts'
import { Copy, NOTHING_LOST } from '../../support/increment.ts'
import {
  cycles,
  failures,
  heldIds,
  markedIds,
  putRunning,
  reconciled,
  runOnce,
  UNLIMITED,
} from './support.ts'

test('I8: the clock of the database was a month ahead for some hours: once it is right, open jobs and spans are due as ever', async () => {
  const harness = await createHarness({ run: { reconcileEveryMs: 7 * 86_400_000 } })
  const { world, now, database, setDatabaseAhead } = harness
  const ends = [{ at: now() + 4 * HOUR, changes: { status: 'COMPLETED' } }]
  world.put({ id: 'open', createdAt: now() - 2 * HOUR, fields: { status: 'RUNNING' }, steps: ends })
  world.put({ id: 'old', createdAt: now() - 20 * DAY, fields: { status: 'COMPLETED' } })
  await runOnce(harness)
  setDatabaseAhead(30 * DAY)
  world.put({ id: 'meanwhile', createdAt: now(), fields: { status: 'COMPLETED' } })
  await cycles(harness, { during: 3 * HOUR, every: 30 * MINUTE })
  setDatabaseAhead(0)
  world.put({
    id: 'late',
    createdAt: now() - 30 * MINUTE,
    visibleAt: now() + MINUTE,
    fields: { status: 'COMPLETED' },
  })
  const ran = await cycles(harness, { during: DAY + 2 * HOUR, every: 30 * MINUTE })
  expect(failures(ran)).toEqual([])
  expect(await compareWithWorld(database, world)).toEqual(EQUAL)
  // The age of the last success is told again, and what vanishes is marked, though it was stored by the wrong clock.
  const { rows } = await database.pool.query<{ ahead: number }>(
    'select count(*)::int as ahead from llamacloud_sync.runs where finished_at > now() + interval $$1 minute$$',
  )
  expect(rows).toEqual([{ ahead: 0 }])
  world.remove('meanwhile')
  await reconciled(harness)
  await cycles(harness, { during: 3 * HOUR, every: 30 * MINUTE })
  expect(await markedIds(database)).toEqual(['meanwhile'])
})

test('I6, I8: a worker is killed while the clock of the database is a month ahead: its lease ends all the same', async () => {
  const harness = await createHarness()
  const { world, now, database, setDatabaseAhead, worker } = harness
  await runOnce(harness)
  setDatabaseAhead(30 * DAY)
  await database.pool.query(
    `update llamacloud_sync.sources set lease_owner = 'killed', fence = fence + 1, lease_expires_at = clock_timestamp() + interval '2 minutes'`,
  )
  setDatabaseAhead(0)
  world.put({ id: 'new', createdAt: now(), fields: { status: 'COMPLETED' } })
  const ran = await cycles(harness, { during: HOUR, source: worker() })
  expect(ran.at(-1)!.outcome).toBe('succeeded')
  expect(await compareWithWorld(database, world)).toEqual(EQUAL)
})

test('A12, I8: the clock of the database was a month ahead for an hour, in which nothing could be listed: all is due as ever', async () => {
  const harness = await createHarness({ lookups: ['projects'], run: { reconcileEveryMs: null } })
  const { world, now, api, database, setDatabaseAhead, source } = harness
  const ends = [{ at: now() + 4 * HOUR, changes: { status: 'COMPLETED' } }]
  world.put({ id: 'open', createdAt: now() - 3 * DAY, fields: { status: 'RUNNING' }, steps: ends })
  await runOnce(harness)
  await cycles(harness, { during: 2 * HOUR, every: 30 * MINUTE })
  setDatabaseAhead(30 * DAY)
  api.settings.intercept = ({ query }) =>
    query.has('job_ids') ? undefined : { kind: 'status', status: 500, body: '' }
  const lookUp = () => harness.worker().lookUp?.(UNLIMITED.signal)
  const failed = await cycles(harness, { during: HOUR, every: 30 * MINUTE, source, each: lookUp })
  expect(failures(failed)).toHaveLength(2)
  setDatabaseAhead(0)
  api.settings.intercept = undefined
  const ran = await cycles(harness, { during: 12 * HOUR, every: 30 * MINUTE, each: lookUp })
  expect(failures(ran)).toEqual([])
  expect(await compareWithWorld(database, world)).toEqual(EQUAL)
  const { rows } = await database.pool.query(
    `select probed_at <= now() as probed, (
      select max(due_at) < now() + interval '1 hour' from llamacloud_sync.lookups
    ) as "looksUp" from llamacloud_sync.sources`,
  )
  expect(rows).toEqual([{ probed: true, looksUp: true }])
})

test('I11: jobs that are asked for their credits no more are not asked again after the clock of the database was ahead', async () => {
  const harness = await createHarness({ credits: true })
  const { world, now, api, setDatabaseAhead } = harness
  const fields = { status: 'FAILED', updated_at: text(now()), usage: null }
  for (let index = 0; index < 20; index += 1)
    world.put({ id: `job-${index}`, createdAt: now() - index * MINUTE, fields })
  await cycles(harness, { during: 2 * DAY, every: 2 * HOUR })
  setDatabaseAhead(30 * DAY)
  await cycles(harness, { during: HOUR, every: 30 * MINUTE })
  setDatabaseAhead(0)
  api.requests.reset()
  await cycles(harness, { during: DAY, every: 2 * HOUR })
  expect(api.requests.entries.filter(({ query }) => query.has('expand'))).toEqual([])
})

test('A18, I8: the machine sleeps in the middle of a run: a miss right after it and one five minutes later are not an hour apart', async () => {
  const harness = await createHarness()
  const { world, api, database, advance, setDatabaseAhead } = harness
  putRunning(harness, 10)
  await runOnce(harness)
  await cycles(harness, { during: HOUR, every: 5 * MINUTE })
  // The run's own clock stands still meanwhile; that of the database does not.
  api.settings.intercept = ({ query }) => {
    if (query.has('job_ids')) setDatabaseAhead(10 * HOUR)
    return undefined
  }
  world.remove('job-3')
  advance(30 * MINUTE)
  const ran = [await runOnce(harness)]
  expect(await heldIds(database)).toEqual(['job-3'])
  ran.push(...(await cycles(harness, { during: 30 * MINUTE })))
  expect(failures(ran)).toEqual([])
  expect(await markedIds(database)).toEqual([])
  ran.push(...(await cycles(harness, { during: HOUR })))
  expect(await markedIds(database)).toEqual(['job-3'])
})

test('I15: the clock of the database was a month ahead: the increment of one source does not wait for another that is read no more', async () => {
  let time = () => 0
  const others = [new World({ now: () => time(), simulates: parse })]
  const harness = await createHarness({ simulator: { others, latencyMs: 1_000 } })
  const { world, now, advance, database, setDatabaseAhead, worker, sync } = harness
  time = now
  setDatabaseAhead(30 * DAY)
  await sync()
  await sync(worker({}, { list: 'parse', name: 'default/parse' }))
  setDatabaseAhead(0)
  const copy = new Copy(database.pool)
  for (const id of ['one', 'two', 'three']) {
    advance(5 * MINUTE)
    world.put({ id, createdAt: now(), fields: { status: 'COMPLETED' } })
    await cycles(harness, { during: 2 * MINUTE, every: MINUTE })
    await copy.poll()
    expect(await copy.lost()).toEqual(NOTHING_LOST)
  }
})
