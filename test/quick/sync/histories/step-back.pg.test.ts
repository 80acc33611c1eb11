import { expect, test } from 'vitest'
import { HOUR, MINUTE, SECOND } from '../../../../src/values/instant.ts'
import { compareWithWorld, EQUAL } from '../../../support/compare.ts'
import { createHarness } from '../../../support/harness.ts'
import { statusesOf } from '../../../support/sync-tables.ts'
import { steppingBack } from '../../../support/upstream-faults.ts'
import { cycles, verified } from './support.ts'

test.each([
  ['30 s, in the next cycle', 30 * SECOND, 5 * MINUTE],
  ['a minute, within seconds', MINUTE, 10 * SECOND],
])('A16: updated_at steps back by %s: the job is COMPLETED', async (_name, ahead, every) => {
  const harness = await createHarness()
  const { world, now, database, advance, sync, source } = harness
  const start = now()
  for (let index = 0; index < 300; index += 1) {
    const times = { createdAt: start + index, runs: start + MINUTE, ends: start + 70 * SECOND, ahead }
    world.put(steppingBack(`job-${index}`, times))
  }
  await sync()
  advance(65 * SECOND)
  await sync()
  expect(new Set(Object.values(await statusesOf(database)))).toEqual(new Set(['RUNNING']))
  await cycles(harness, { during: Math.max(every, 10 * SECOND), every })
  expect(new Set(Object.values(await statusesOf(database)))).toEqual(new Set(['COMPLETED']))
  expect(await compareWithWorld(database, world)).toEqual(EQUAL)
  advance(2 * HOUR)
  await sync()
  expect((await verified(source)).differences).toEqual([])
})

test('A16, I4: what is finished does not become open again by a reply that a server behind it gives', async () => {
  const harness = await createHarness()
  const { world, now, api, database, advance, sync } = harness
  const start = now()
  world.put({
    id: 'job',
    createdAt: start - MINUTE,
    fields: { status: 'RUNNING' },
    steps: [{ at: start + MINUTE, changes: { status: 'COMPLETED' } }],
  })
  await sync()
  advance(70 * SECOND)
  await sync()
  api.settings.intercept = () => ({ kind: 'past', by: 30 * SECOND })
  advance(5 * SECOND)
  await sync()
  expect(await statusesOf(database)).toEqual({ job: 'COMPLETED' })
})
