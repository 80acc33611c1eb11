import { expect, test } from 'vitest'
import { DAY, HOUR, MINUTE } from '../../../src/values/instant.ts'
import { compareWithWorld, EQUAL } from '../../support/compare.ts'
import { createHarness } from '../../support/harness.ts'
import { poisonInstants } from '../../support/upstream-faults.ts'
import { cycles, quarantinedSpans, runOnce } from './support.ts'

test('A19, I8, I11, I12: nothing new can be listed for an hour: each run ends and fails, and the first one after it reads all', async () => {
  const harness = await createHarness()
  const { world, now, api, database } = harness
  const put = (id: string, createdAt: number) => world.put({ id, createdAt, fields: { status: 'COMPLETED' } })
  put('old', now() - 10 * DAY)
  await runOnce(harness)
  api.settings.intercept = poisonInstants({ lower: now() - MINUTE, upper: Number.MAX_SAFE_INTEGER })
  let created = 0
  const ran = await cycles(harness, {
    during: HOUR,
    every: 10 * MINUTE,
    each: () => {
      created += 1
      put(`new ${created}`, now() + MINUTE)
    },
  })
  expect(new Set(ran.map(({ outcome }) => outcome))).toEqual(new Set(['failed']))
  expect(String(ran.at(-1)!.error)).toContain('poisoned: 500')
  expect(Math.max(...ran.map(({ requests }) => requests))).toBeLessThan(60)

  api.settings.intercept = undefined
  harness.advance(5 * MINUTE)
  await runOnce(harness)
  const { missing } = await compareWithWorld(database, world)
  expect(missing).toEqual([])
  await cycles(harness, { during: DAY, every: HOUR })
  expect(await quarantinedSpans(database)).toEqual([])
  expect(await compareWithWorld(database, world)).toEqual(EQUAL)
})

test('A19, I8: a listing of all that is new hangs while the rest is answered: no run succeeds, and the first one after it reads all', async () => {
  const harness = await createHarness()
  const { world, now, api, database, source } = harness
  await runOnce(harness)
  api.settings.intercept = poisonInstants({ lower: now(), upper: Number.MAX_SAFE_INTEGER }, 'hang')
  const limits = { maxRuntimeMs: 240_000 }
  const ran = await cycles(harness, { during: HOUR, every: 20 * MINUTE, source, limits })
  expect(new Set(ran.map(({ outcome }) => outcome))).not.toContain('succeeded')
  expect(new Set(ran.map(({ outcome }) => outcome))).not.toContain('degraded')
  api.settings.intercept = undefined
  harness.advance(5 * MINUTE)
  world.put({ id: 'new', createdAt: now() - MINUTE, fields: { status: 'COMPLETED' } })
  await runOnce(harness)
  expect(await compareWithWorld(database, world)).toEqual(EQUAL)
})

test('A14, I8: the clocks of worker and database are an hour behind, and much is new: the head is read in each run', async () => {
  const harness = await createHarness()
  const { world, now, clock, database, worker } = harness
  const behind = worker({ clock: { ...clock, now: () => clock.now() - 3_600_000 } })
  harness.setDatabaseAhead(-HOUR)
  await runOnce(harness, { source: behind })
  harness.advance(2 * HOUR)
  for (let index = 0; index < 6_000; index += 1)
    world.put({
      id: `job-${index}`,
      createdAt: now() - 2 * HOUR + index * 1_100_000,
      fields: { status: 'COMPLETED' },
    })
  for (let run = 0; run < 3; run += 1) {
    const at = now() - HOUR
    expect((await runOnce(harness, { source: behind })).outcome).toBe('succeeded')
    const { rows } = await database.pool.query<{ read: string }>(
      'select (extract(epoch from head_read_at) * 1000000)::bigint::text as read from llamacloud_sync.sources',
    )
    expect(Number(rows[0]!.read)).toBeGreaterThanOrEqual(at)
    harness.advance(5 * MINUTE)
  }
  expect(await compareWithWorld(database, world)).toEqual(EQUAL)
})
