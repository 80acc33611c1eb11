import { expect, test } from 'vitest'
import { generate } from '../../../src/simulator/generate.ts'
import { DAY, HOUR, MINUTE } from '../../../src/values/instant.ts'
import { compareWithWorld, EQUAL } from '../../support/compare.ts'
import { crash } from '../../support/failover.ts'
import { createHarness } from '../../support/harness.ts'
import { idsAskedFor } from '../../support/sync-tables.ts'
import { cycles, markedIds, reconciled, runOnce } from './support.ts'

test('I8, I11: PostgreSQL crashes while everything is read again: what is committed is not read again, and nothing is asked for twice', async () => {
  const harness = await createHarness({ run: { concurrency: 4 } })
  const { world, now, api, database, advance, sync } = harness
  generate(world, {
    seed: 'crash',
    jobs: 5_000,
    from: now() - 60 * DAY,
    to: now() - DAY,
    fate: { stuckShare: 0 },
  })
  await sync()
  const [gone] = [...world.all()].map((job) => (job as { id: string }).id)
  world.remove(gone!)
  advance(DAY)
  api.requests.reset()
  const whole = await reconciled(harness)
  advance(DAY)

  const crashAt = Math.floor(whole.requests / 2)
  let count = 0
  api.settings.intercept = async () => {
    count += 1
    if (count === crashAt) await crash(database)
    return undefined
  }
  api.requests.reset()
  const ran = [await reconciled(harness)]
  expect(count).toBeGreaterThanOrEqual(crashAt)
  while (ran.at(-1)!.outcome !== 'succeeded' && ran.length < 5) {
    advance(5 * MINUTE)
    ran.push(await runOnce(harness))
  }
  expect(ran.at(-1)!.outcome).toBe('succeeded')
  // What was in flight comes again, and what a cycle takes anyway.
  expect(api.requests.total).toBeLessThanOrEqual(whole.requests + 25)
  const asked = api.requests.entries.flatMap((request) => idsAskedFor(request) ?? [])
  // The 99 oldest are due once a day, and the one that went is among them. Of a listing that was interrupted nobody knows the first pages any more: their jobs
  // are asked for by id, which takes as many requests as to read them again, and gets on however short the runs are.
  const others = asked.filter((id) => id !== gone)
  const oldest = [...world.all()].slice(0, 98).map((job) => (job as { id: string }).id)
  expect(others).toEqual(expect.arrayContaining(oldest))
  expect(new Set(others).size).toBe(others.length)
  await cycles(harness, { during: 2 * HOUR, every: 30 * MINUTE })
  expect(await markedIds(database)).toEqual([gone])
  expect(await compareWithWorld(database, world)).toEqual(EQUAL)
})
