import { expect, test } from 'vitest'
import { DAY, HOUR, MILLISECOND, MINUTE } from '../../../src/values/instant.ts'
import { compareWithWorld, EQUAL } from '../../support/compare.ts'
import { createHarness } from '../../support/harness.ts'
import { coverageOf } from '../../support/sync-tables.ts'
import { poisonInstants } from '../../support/upstream-faults.ts'
import { cycles, failures, medianRequests, quarantinedSpans, runOnce } from './support.ts'

test.each([2099, 9000])(
  'A11, A19, I8, I12: each listing that holds a job of the year %s answers 500: the present is read all the same',
  async (year) => {
    const harness = await createHarness()
    const { world, now, api, database } = harness
    const put = (id: string, createdAt: number) =>
      world.put({ id, createdAt, fields: { status: 'COMPLETED' } })
    put('first', now() - DAY)
    await runOnce(harness)
    const absurd = Date.UTC(year, 5) * MILLISECOND
    world.put({ id: 'absurd', createdAt: absurd, visibleAt: now(), fields: { status: 'COMPLETED' } })
    api.settings.intercept = poisonInstants({ lower: absurd, upper: absurd })
    let created = 0
    const ran = await cycles(harness, {
      during: 3 * HOUR,
      each: async ({ at }) => {
        expect((await compareWithWorld(database, world)).missing).toEqual(['absurd'])
        expect((await coverageOf(database)).watermark).toBeGreaterThan(at - MINUTE)
        created += 1
        put(`new ${created}`, now() + MINUTE)
      },
    })
    expect(failures(ran)).toEqual([])
    expect(new Set(ran.map(({ outcome }) => outcome))).toEqual(new Set(['degraded']))
    expect(await quarantinedSpans(database)).toHaveLength(1)
    expect(medianRequests(ran)).toBeLessThanOrEqual(4)
    expect(Math.max(...ran.map(({ requests }) => requests))).toBeLessThan(200)

    api.settings.intercept = undefined
    await cycles(harness, { during: 2 * DAY, every: HOUR })
    expect((await runOnce(harness)).outcome).toBe('succeeded')
    expect(await quarantinedSpans(database)).toEqual([])
    expect(await compareWithWorld(database, world)).toEqual(EQUAL)
  },
)

test('A19, I12: an hour that begins now cannot be read: what comes after it is, and then the hour', async () => {
  const harness = await createHarness()
  const { world, now, api, database } = harness
  await runOnce(harness)
  const poisoned = { lower: now() + MINUTE, upper: now() + HOUR }
  api.settings.intercept = poisonInstants(poisoned)
  const inside = (createdAt: number) => createdAt >= poisoned.lower - MINUTE && createdAt <= poisoned.upper
  const createdAt = new Map<string, number>()
  const ran = await cycles(harness, {
    during: 3 * HOUR,
    each: async () => {
      const { missing } = await compareWithWorld(database, world)
      expect(missing.filter((id) => !inside(createdAt.get(id)!))).toEqual([])
      const id = `at ${now()}`
      createdAt.set(id, now() + 4 * MINUTE)
      world.put({ id, createdAt: now() + 4 * MINUTE, fields: { status: 'COMPLETED' } })
    },
  })
  expect(failures(ran)).toEqual([])
  api.settings.intercept = undefined
  await cycles(harness, { during: DAY, every: HOUR })
  expect(await quarantinedSpans(database)).toEqual([])
  expect(await compareWithWorld(database, world)).toEqual(EQUAL)
})
