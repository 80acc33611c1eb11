import { describe, expect, test } from 'vitest'
import { generate } from '../../../src/simulator/generate.ts'
import { DAY, HOUR } from '../../../src/values/instant.ts'
import { compareWithWorld, EQUAL } from '../../support/compare.ts'
import { createStandby, type Standby } from '../../support/failover.ts'
import { createHarness, type Harness } from '../../support/harness.ts'
import { type Cycle, cycles, reconciled, runOnce, verified } from './support.ts'

/** From its `copiedAt`th request on, counted from now, the standby falls behind; at `lostAt` it takes over. */
function failingOver(
  { api, database }: Harness,
  copiedAt: number,
  lostAt: number,
): { readonly isOver: () => boolean } {
  let standby: Promise<Standby> | undefined
  let count = 0
  let isOver = false
  api.settings.intercept = async () => {
    count += 1
    const place = count
    if (place === copiedAt) standby = createStandby(database)
    await standby
    if (place === lostAt) {
      await (await standby)?.takeOver()
      isOver = true
    }
    return undefined
  }
  return { isOver: () => isOver }
}

async function isRepaired(harness: Harness, ran: Cycle[]): Promise<void> {
  const { api, world, database, source, advance } = harness
  api.settings.intercept = undefined
  // The lease of the run that failed may still be in force on the standby.
  advance(HOUR)
  ran.push(await runOnce(harness))
  expect(ran.map(({ outcome }) => outcome)).toContain('failed')
  ran.push(...(await cycles(harness, { during: HOUR / 2 })))
  expect(ran.at(-1)!.outcome).toBe('succeeded')
  expect(await compareWithWorld(database, world)).toEqual(EQUAL)
  expect((await verified(source)).differences).toEqual([])
}

describe('the database fails over to a standby that lacks the last commits', () => {
  test.each([
    [12, 20],
    [12, 45],
    [30, 31],
    [1, 55],
  ])('I2: in the middle of a first sync, copied at request %s and lost at %s', async (copiedAt, lostAt) => {
    const harness = await createHarness({ run: { concurrency: 4 } })
    const { world, now } = harness
    generate(world, {
      seed: 'failover',
      jobs: 6_000,
      from: now() - 60 * DAY,
      to: now() - HOUR,
      fate: { stuckShare: 0 },
    })
    const failover = failingOver(harness, copiedAt, lostAt)
    const ran = [await runOnce(harness)]
    expect(failover.isOver()).toBe(true)
    await isRepaired(harness, ran)
  })

  test('I2: between two commits of a cycle that finds new jobs', async () => {
    const harness = await createHarness({ run: { concurrency: 2 } })
    const { world, now, advance, sync } = harness
    generate(world, {
      seed: 'cycle',
      jobs: 3_000,
      from: now() - 10 * DAY,
      to: now() + 10 * DAY,
      fate: { stuckShare: 0 },
    })
    await sync()
    advance(9 * DAY)
    failingOver(harness, 2, 8)
    await isRepaired(harness, [await runOnce(harness)])
  })

  test('I2: while everything is read again', async () => {
    const harness = await createHarness({ run: { concurrency: 4 } })
    const { world, now, advance, sync } = harness
    generate(world, {
      seed: 'again',
      jobs: 3_000,
      from: now() - 60 * DAY,
      to: now() - HOUR,
      fate: { stuckShare: 0 },
    })
    await sync()
    advance(DAY)
    failingOver(harness, 5, 20)
    await isRepaired(harness, [await reconciled(harness)])
  })
})
