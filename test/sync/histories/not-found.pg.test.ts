import { expect, test } from 'vitest'
import { DAY, HOUR, MINUTE } from '../../../src/values/instant.ts'
import { compareWithWorld, EQUAL } from '../../support/compare.ts'
import { createHarness } from '../../support/harness.ts'
import { poisonIds } from '../../support/upstream-faults.ts'
import { cycles, failures, markedIds, putRunning, quarantinedIds } from './support.ts'

test.each([404, 410] as const)(
  'A8, I8: requests that hold the id of a job that is gone answer %s: it is marked, and none stays in quarantine',
  async (status) => {
    const harness = await createHarness()
    const { world, api, database, sync } = harness
    putRunning(harness, 150)
    await sync()
    const gone = ['job-20', 'job-90']
    for (const id of gone) world.remove(id)
    for (let index = 0; index < 150; index += 2) world.patch(`job-${index}`, { status: 'COMPLETED' })
    api.settings.intercept = poisonIds(gone, status)
    expect(failures(await cycles(harness, { during: DAY, every: 20 * MINUTE }))).toEqual([])
    expect(await markedIds(database)).toEqual(gone)
    expect(await quarantinedIds(database)).toEqual([])
    expect(await compareWithWorld(database, world)).toEqual(EQUAL)
  },
)

test('A19, I12: the id of a job that lives answers 404 for a day: it is set aside, never marked, and right by its span', async () => {
  const harness = await createHarness()
  const { world, api, database, sync } = harness
  putRunning(harness, 150)
  await sync()
  api.settings.intercept = poisonIds(['job-20'], 404)
  const ran = await cycles(harness, {
    during: DAY,
    every: 20 * MINUTE,
    each: async () => expect(await markedIds(database)).toEqual([]),
  })
  expect(failures(ran)).toEqual([])
  expect(await quarantinedIds(database)).toEqual(['job-20'])
  expect(ran.at(-1)).toMatchObject({ outcome: 'degraded' })
  world.patch('job-20', { status: 'COMPLETED' })
  await cycles(harness, { during: DAY, every: HOUR })
  expect(await compareWithWorld(database, world)).toEqual(EQUAL)
  api.settings.intercept = undefined
  await cycles(harness, { during: DAY, every: HOUR })
  expect(await quarantinedIds(database)).toEqual([])
})
