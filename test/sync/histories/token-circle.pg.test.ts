import { expect, test } from 'vitest'
import { generate } from '../../../src/simulator/generate.ts'
import { DAY, HOUR, MINUTE } from '../../../src/values/instant.ts'
import { compareWithWorld, EQUAL } from '../../support/compare.ts'
import { createHarness } from '../../support/harness.ts'
import { tokenCircle, touches } from '../../support/upstream-faults.ts'
import { cycles, markedIds, medianRequests, quarantinedSpans, requestsOf, runOnce } from './support.ts'

/** Never reached, unless a listing has no end: the test is to end nevertheless. */
const BOUNDED = { maxRuntimeMs: 3_600_000 }

test.each([
  ['one after the other', 1],
  ['eight side by side', 8],
])(
  'A4, I11, I12: the tokens of one hour come round after 700 pages, more than a slice reads, %s',
  async (_name, concurrency) => {
    const harness = await createHarness({ simulator: { latencyMs: 1_000 }, run: { concurrency } })
    const { world, now, api, database } = harness
    generate(world, {
      seed: 'circle',
      jobs: 2_000,
      from: now() - 60 * DAY,
      to: now() - HOUR,
      fate: { stuckShare: 0 },
    })
    const poisoned = { lower: now() - 20 * DAY, upper: now() - 20 * DAY + HOUR }
    api.settings.intercept = tokenCircle(700, ({ query }) => touches(query, poisoned))
    const first = await runOnce(harness, { limits: BOUNDED })
    const ran = [first, ...(await cycles(harness, { during: HOUR, limits: BOUNDED }))]
    expect(ran.at(-1)).toMatchObject({ outcome: 'degraded', error: null })
    expect(await quarantinedSpans(database)).not.toEqual([])
    const { missing, ...others } = await compareWithWorld(database, world)
    expect(others).toEqual({ surplus: [], different: [] })
    for (const id of missing) {
      const createdAt = Date.parse((world.get(id) as { created_at: string }).created_at) * 1_000
      expect(createdAt).toBeGreaterThan(poisoned.lower - 5 * MINUTE)
      expect(createdAt).toBeLessThan(poisoned.upper + 5 * MINUTE)
    }
    // It is noticed once, and then left alone but for its next tries.
    expect(requestsOf(ran)).toBeLessThan(4_000)
    expect(medianRequests(ran.slice(6))).toBeLessThanOrEqual(5)
    expect(await markedIds(database)).toEqual([])
    api.settings.intercept = undefined
    await cycles(harness, { during: DAY, every: HOUR })
    expect((await runOnce(harness)).outcome).toBe('succeeded')
    expect(await compareWithWorld(database, world)).toEqual(EQUAL)
  },
)

test('A4, I11: the requests by id go round in a circle: bounded, and the rest of the cycle is done', async () => {
  const harness = await createHarness({ simulator: { latencyMs: 1_000 } })
  const { world, now, api, database, sync } = harness
  for (let index = 0; index < 120; index += 1) {
    world.put({ id: `open-${index}`, createdAt: now() - 20 * MINUTE, fields: { status: 'RUNNING' } })
  }
  await sync()
  api.settings.intercept = tokenCircle(5_000, ({ query }) => query.has('job_ids'))
  world.put({ id: 'new', createdAt: now() + MINUTE, fields: { status: 'COMPLETED' } })
  const ran = await cycles(harness, { during: 20 * MINUTE, limits: BOUNDED })
  expect(requestsOf(ran)).toBeLessThan(2_000)
  expect((await compareWithWorld(database, world)).missing).toEqual([])
  expect(await markedIds(database)).toEqual([])
})
