import { describe, expect, test } from 'vitest'
import { LostCommitsError } from '../../../src/errors.ts'
import { generate } from '../../../src/simulator/generate.ts'
import { backfillOnce } from '../../../src/sync/cycle.ts'
import { acceptDeletions } from '../../../src/sync/recheck/accept.ts'
import { commitRun } from '../../../src/sync/run.ts'
import type { Source } from '../../../src/sync/source.ts'
import { underLease } from '../../../src/sync/under-lease.ts'
import { DAY, HOUR } from '../../../src/values/instant.ts'
import { compareWithWorld, EQUAL } from '../../support/compare.ts'
import { createStandby, type Standby } from '../../support/failover.ts'
import { createHarness, type Harness } from '../../support/harness.ts'
import {
  type Cycle,
  cycles,
  heldIds,
  markedIds,
  reconciled,
  runOnce,
  UNLIMITED,
  verified,
} from './support.ts'

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

  test('I2: between the last commit and the end of a run, which must not report success', async () => {
    const { database, source } = await createHarness()
    const ran = underLease(source, 'sync', UNLIMITED, async (run) => {
      const standby = await createStandby(database)
      await commitRun(run, async () => {})
      await standby.takeOver()
      return true
    })
    await expect(ran).rejects.toThrow(LostCommitsError)
    const { rows } = await database.pool.query('select outcome from llamacloud_sync.runs')
    expect(rows).toEqual([{ outcome: 'failed' }])
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

  test('I2: in the middle of a backfill that lengthens the timeline', async () => {
    const harness = await createHarness({ run: { concurrency: 4 } })
    const { world, now, advance, sync } = harness
    generate(world, {
      seed: 'backfill',
      jobs: 3_000,
      from: now() - 900 * DAY,
      to: now() - HOUR,
      fate: { stuckShare: 0 },
    })
    await sync()
    advance(DAY)
    const failover = failingOver(harness, 5, 15)
    const piece = { lower: now() - 1_000 * DAY, upper: now() - 10 * DAY }
    const ran = [await runOnce(harness, { work: (source, limits) => backfillOnce(source, piece, limits) })]
    expect(failover.isOver()).toBe(true)
    await isRepaired(harness, ran)
  })

  test('I2, I13: between two marks of accept-deletions: they are held again, and can be accepted again', async () => {
    const harness = await createHarness()
    const { world, now, database, source, advance, sync } = harness
    generate(world, {
      seed: 'accept',
      jobs: 3_500,
      from: now() - 60 * DAY,
      to: now() - HOUR,
      fate: { stuckShare: 0 },
    })
    await sync()
    const ids = [...world.all()].map((job) => (job as { id: string }).id)
    const removed = ids.filter((_, index) => index % 4 !== 0).toSorted()
    for (const id of removed) world.remove(id)
    await reconciled(harness)
    expect(await heldIds(database)).toEqual(removed)
    const standby = await createStandby(database)
    let marks = 0
    const markGone: typeof source.jobs.markGone = async (...marking) => {
      marks += 1
      if (marks === 2) await standby.takeOver()
      return source.jobs.markGone(...marking)
    }
    const accept = (by: Source, expected: number) => acceptDeletions(by, expected, UNLIMITED)
    await expect(accept({ ...source, jobs: { ...source.jobs, markGone } }, removed.length)).rejects.toThrow()
    advance(HOUR)
    await sync()
    expect(await markedIds(database)).toEqual([])
    expect(await heldIds(database)).toEqual(removed)
    expect(await accept(source, removed.length)).toMatchObject({ outcome: 'succeeded' })
    expect(await compareWithWorld(database, world)).toEqual(EQUAL)
  })
})
