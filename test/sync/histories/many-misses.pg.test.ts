import { expect, test } from 'vitest'
import { DAY, HOUR, MINUTE } from '../../../src/values/instant.ts'
import { compareWithWorld, EQUAL } from '../../support/compare.ts'
import { createHarness } from '../../support/harness.ts'
import { idsAskedFor, statusesOf } from '../../support/sync-tables.ts'
import { cycles, failures, heldIds, markedIds } from './support.ts'

test('A15, A8: 400 of 600 open jobs vanish and a run asks for 200 at most: the others finish, and those are marked in time', async () => {
  // Four requests a second, and half a second for each run.
  const harness = await createHarness({ simulator: { latencyMs: 250 }, run: { concurrency: 1 } })
  const { world, now, api, database, sync } = harness
  const ids = Array.from({ length: 600 }, (_, index) => `job-${index}`)
  for (const [index, id] of ids.entries()) {
    const createdAt = now() - HOUR - index * 1_000
    world.put({ id, createdAt, fields: { status: 'RUNNING' } })
  }
  await sync()
  // Every third stays.
  const vanished = ids.filter((_, index) => index % 3 !== 0).toSorted()
  for (const id of vanished) world.remove(id)
  for (const id of ids.filter((_, index) => index % 3 === 0)) world.patch(id, { status: 'COMPLETED' })
  const limits = { maxRuntimeMs: 500 }
  api.requests.reset()
  const first = await cycles(harness, { during: HOUR, limits })
  expect(failures(first)).toEqual([])
  const statuses = Object.entries(await statusesOf(database))
  expect(statuses.filter(([, status]) => status === 'COMPLETED')).toHaveLength(200)
  expect(await heldIds(database)).toEqual(vanished)
  expect(await markedIds(database)).toEqual([])
  // Nothing was asked for twice before everything was asked for once, but for the last of each request: its witness.
  const asked = new Set<string>()
  for (const request of api.requests.entries) {
    const [witness, ...due] = (idsAskedFor(request) ?? []).toReversed()
    for (const id of due.toReversed()) {
      if (asked.has(id)) expect(asked.size).toBe(600)
      asked.add(id)
    }
    if (witness !== undefined) asked.add(witness)
  }
  expect(asked.size).toBe(600)

  const later = await cycles(harness, { during: DAY + HOUR, every: 20 * MINUTE, limits })
  expect(failures(later)).toEqual([])
  expect(await markedIds(database)).toEqual(vanished)
  expect(await compareWithWorld(database, world)).toEqual(EQUAL)
})
