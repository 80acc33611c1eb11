import { expect, test } from 'vitest'
import { isJsonObject, type JsonValue } from '../../../src/simulator/json.ts'
import { DAY, HOUR, MILLISECOND, MINUTE, parseInstant } from '../../../src/values/instant.ts'
import { compareWithWorld, EQUAL } from '../../support/compare.ts'
import { createHarness, text } from '../../support/harness.ts'
import {
  cycles,
  failures,
  heldIds,
  markedIds,
  OTHER_PROJECT,
  quarantinedIds,
  reconciled,
  requestsOf,
} from './support.ts'

const options = { run: { reconcileEveryMs: (7 * DAY) / MILLISECOND } }

test.each([
  ['COMPLETED', 0],
  ['RUNNING', 0],
  ['RUNNING', 30],
])(
  'A8, A20: a %s job moves to another project that the key sees as well, beside %s others: it goes with it, and is not missed',
  async (status, others) => {
    const harness = await createHarness(options)
    const { world, now, database, sync } = harness
    const createdAt = now() - 2 * DAY
    for (let index = 0; index < others; index += 1)
      world.put({ id: `other-${index}`, createdAt: createdAt + index, fields: { status: 'COMPLETED' } })
    world.put({ id: 'mover', createdAt, fields: { status } })
    await sync()
    world.patch('mover', { project_id: OTHER_PROJECT })
    const ran = [await reconciled(harness), ...(await cycles(harness, { during: DAY, every: HOUR }))]
    expect(failures(ran)).toEqual([])
    expect([...(await markedIds(database)), ...(await heldIds(database))]).toEqual([])
    expect(await compareWithWorld(database, world)).toEqual(EQUAL)
  },
)

test('A6: finished jobs run again: they are open until they finish once more', async () => {
  const harness = await createHarness(options)
  const { world, now, database, sync } = harness
  const ids = Array.from({ length: 30 }, (_, index) => `job-${index}`)
  for (const [index, id] of ids.entries())
    world.put({ id, createdAt: now() - HOUR * (index + 1), fields: { status: 'COMPLETED' } })
  await sync()
  const again = ids.filter((_, index) => index % 3 === 0)
  for (const id of again) world.patch(id, { status: 'RUNNING' })
  const ran = [await reconciled(harness), ...(await cycles(harness, { during: HOUR, every: 20 * MINUTE }))]
  expect(await compareWithWorld(database, world)).toEqual(EQUAL)
  for (const id of again) world.patch(id, { status: 'FAILED' })
  ran.push(...(await cycles(harness, { during: 2 * HOUR, every: 20 * MINUTE })))
  expect(failures(ran)).toEqual([])
  expect(await compareWithWorld(database, world)).toEqual(EQUAL)
})

test('A1, A8, I11: created_at of a third of the jobs differs at each reading: none is marked, and a day costs no more than others', async () => {
  const harness = await createHarness(options)
  const { world, now, api, database, sync } = harness
  for (let index = 0; index < 300; index += 1) {
    const status = index % 10 === 0 ? 'RUNNING' : 'COMPLETED'
    world.put({ id: `job-${index}`, createdAt: now() - HOUR * (index + 1), fields: { status } })
  }
  await sync()
  let readings = 0
  const shifted = (item: JsonValue): JsonValue => {
    if (!isJsonObject(item) || !/[147]$/.test(String(item.id))) return item
    const createdAt = parseInstant(String(item.created_at))! + ((readings % 5) - 2) * 7 * MINUTE
    return { ...item, created_at: text(createdAt) }
  }
  api.settings.intercept = () => {
    readings += 1
    return { kind: 'page', change: (page) => ({ ...page, items: page.items.map(shifted) }) }
  }
  const ran = [await reconciled(harness), ...(await cycles(harness, { during: DAY, every: HOUR }))]
  expect(failures(ran)).toEqual([])
  expect(await markedIds(database)).toEqual([])
  expect(requestsOf(ran)).toBeLessThan(80)
  api.settings.intercept = undefined
  await reconciled(harness)
  await cycles(harness, { during: 2 * HOUR, every: HOUR })
  expect(await compareWithWorld(database, world)).toEqual(EQUAL)
})

test('I5, I9: ids that differ only in case are different jobs', async () => {
  const harness = await createHarness()
  const { world, now, database, sync } = harness
  for (let index = 0; index < 20; index += 1)
    for (const id of [`Job-${index}`, `job-${index}`, `JOB-${index}`])
      world.put({ id, createdAt: now() - HOUR * index, fields: { status: 'RUNNING' } })
  await sync()
  world.remove('job-3')
  for (let index = 0; index < 20; index += 1) world.patch(`JOB-${index}`, { status: 'COMPLETED' })
  expect(failures(await cycles(harness, { during: DAY, every: HOUR }))).toEqual([])
  expect(await markedIds(database)).toEqual(['job-3'])
  expect(await compareWithWorld(database, world)).toEqual(EQUAL)
})

test('I12, A22: an id that the API answers with another job is set aside, and costs no other job anything', async () => {
  const harness = await createHarness()
  const { world, now, api, database, sync } = harness
  for (let index = 0; index < 120; index += 1)
    world.put({ id: `job-${index}`, createdAt: now() - HOUR - index, fields: { status: 'RUNNING' } })
  const odd = 'job-3 '
  world.put({ id: odd, createdAt: now() - 2 * HOUR, fields: { status: 'RUNNING' } })
  api.settings.intercept = ({ query }) => {
    const ids = query.getAll('job_ids')
    query.delete('job_ids')
    for (const id of ids) query.append('job_ids', id.trim())
    return undefined
  }
  await sync()
  for (let index = 0; index < 120; index += 1) world.patch(`job-${index}`, { status: 'COMPLETED' })
  const ran = await cycles(harness, { during: 10 * MINUTE })
  expect(failures(ran)).toEqual([])
  expect(await compareWithWorld(database, world)).toEqual(EQUAL)
  expect(await quarantinedIds(database)).toEqual([odd])
  ran.push(...(await cycles(harness, { during: DAY, every: HOUR })))
  expect(failures(ran)).toEqual([])
  expect(await markedIds(database)).toEqual([])
  expect(requestsOf(ran)).toBeLessThan(150)
})
