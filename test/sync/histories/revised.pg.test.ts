import { expect, test } from 'vitest'
import { generate } from '../../../src/simulator/generate.ts'
import { DAY, formatInstant, HOUR, MINUTE, SECOND } from '../../../src/values/instant.ts'
import { compareWithWorld, EQUAL } from '../../support/compare.ts'
import { createHarness } from '../../support/harness.ts'
import { latestRun } from '../../support/sync-tables.ts'
import { cycles, failures, runOnce } from './support.ts'

test('A16, I4, I8: a finished job is revised by a server whose clock is behind, just before its span is read for the last time', async () => {
  const harness = await createHarness({ run: { reconcileEveryMs: null } })
  const { world, now, database, advance } = harness
  // The oldest are asked for each day: this is none of them.
  const older = { from: now() - 9 * DAY, to: now() - 3 * DAY, fate: { stuckShare: 0 } }
  generate(world, { seed: 'older', jobs: 150, ...older })
  const createdAt = now()
  world.put({ id: 'job', createdAt, fields: { status: 'RUNNING' } })
  world.put({ id: 'next', createdAt: createdAt + SECOND, fields: { status: 'COMPLETED' } })
  advance(2 * MINUTE)
  await runOnce(harness)
  await cycles(harness, { during: DAY, every: HOUR })
  // The last reading of its span is due at the next full hour. It ends just before that, and is seen so.
  advance(createdAt + DAY + 57 * MINUTE - now())
  world.patch('job', { status: 'COMPLETED', updated_at: formatInstant(now() + 30 * SECOND) })
  advance(SECOND)
  await database.pool.query('update llamacloud_sync.rechecks set due_at = seen_at')
  await runOnce(harness)
  // Its result follows, with an updated_at from before.
  world.patch('job', { result: { type: 'invoice', confidence: 1 }, updated_at: formatInstant(now()) })
  const ran = await cycles(harness, { during: 3 * HOUR, every: 5 * MINUTE })
  expect(failures(ran)).toEqual([])
  expect(await compareWithWorld(database, world)).toEqual(EQUAL)
})

test('a finished job that differs from what is stored is a repair, also when it was asked for by id', async () => {
  const harness = await createHarness()
  const { world, now, database, advance } = harness
  world.put({ id: 'job', createdAt: now() - 3 * DAY, fields: { status: 'COMPLETED' } })
  world.put({ id: 'other', createdAt: now() - 2 * DAY, fields: { status: 'COMPLETED' } })
  await runOnce(harness)
  advance(2 * DAY)
  world.patch('job', { error_message: 'revised' })
  // The oldest are asked for each day.
  await runOnce(harness)
  expect(await latestRun(database)).toMatchObject({ updated: 1, repairs: 1 })
  await runOnce(harness)
  expect(await latestRun(database)).toMatchObject({ updated: 0, repairs: 0 })
})
