import { expect, test } from 'vitest'
import { DAY, HOUR, MINUTE } from '../../../src/values/instant.ts'
import { compareWithWorld, EQUAL } from '../../support/compare.ts'
import { createHarness } from '../../support/harness.ts'
import { cycles, failures, markedIds, requestsOf, runOnce } from './support.ts'

test('A8, A18, I8: what answers by id is three hours behind the lists: no open job is marked, and one that goes is', async () => {
  const harness = await createHarness()
  const { world, now, api, database } = harness
  for (let index = 0; index < 60; index += 1)
    world.put({
      id: `old-${index}`,
      createdAt: now() - 10 * DAY + index * HOUR,
      fields: { status: 'COMPLETED' },
    })
  await runOnce(harness)
  await cycles(harness, { during: 2 * DAY, every: HOUR })
  api.settings.intercept = ({ query }) => (query.has('job_ids') ? { kind: 'past', by: 3 * HOUR } : undefined)
  const put = (id: string) => {
    const ends = { at: now() + 9 * HOUR, changes: { status: 'COMPLETED' } }
    world.put({ id, createdAt: now(), fields: { status: 'RUNNING' }, steps: [ends] })
  }
  let count = 0
  const ran = await cycles(harness, {
    during: 9 * HOUR,
    each: async () => {
      if (count++ % 6 === 0) put(`new-${count}`)
      expect(await markedIds(database)).toEqual([])
    },
  })
  expect(failures(ran)).toEqual([])
  // One listing an hour for what is missing by id.
  expect(requestsOf(ran)).toBeLessThan(5 * ran.length)
  put('gone')
  await cycles(harness, { during: 30 * MINUTE })
  world.remove('gone')
  expect(failures(await cycles(harness, { during: DAY, every: 20 * MINUTE }))).toEqual([])
  expect(await markedIds(database)).toEqual(['gone'])
  expect(await compareWithWorld(database, world)).toEqual(EQUAL)
})
