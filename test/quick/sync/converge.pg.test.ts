import { describe, expect, test } from 'vitest'
import { generate } from '../../../src/simulator/generate.ts'
import type { Order, Paging } from '../../../src/simulator/page.ts'
import { DAY, HOUR, type Instant, MINUTE, SECOND } from '../../../src/values/instant.ts'
import { compareWithWorld, type Differences, EQUAL } from '../../support/compare.ts'
import type { TestDatabase } from '../../support/database.ts'
import { createHarness } from '../../support/harness.ts'
import { ordersFor } from '../../support/orders.ts'
import { bySize } from '../../support/size.ts'
import { coverageOf, latestRun, unaccountedRuns } from '../../support/sync-tables.ts'

const OVERLAP = 5 * MINUTE
const STEPS = [MINUTE, 5 * MINUTE, 5 * MINUTE, 40 * MINUTE, 5 * MINUTE, 2 * HOUR, 5 * MINUTE]

interface Size {
  readonly cycles: number
  readonly jobs: number
}

const SIZE: Size = bySize({ cycles: 13, jobs: 1_300 }, { cycles: 27, jobs: 2_600 })
const DOUBLED: Size = bySize({ cycles: 26, jobs: 2_600 }, { cycles: 53, jobs: 5_200 })

const PAGINGS: readonly Paging[] = ['keyset', 'offset']

async function grown(order: Order, paging: Paging, { cycles, jobs }: Size) {
  const harness = await createHarness({ simulator: { order, paging }, run: { overlap: OVERLAP } })
  const { world, now, sync } = harness
  generate(world, {
    seed: `${order} ${paging}`,
    jobs,
    from: now() - 4 * HOUR,
    to: now() + STEPS.reduce((sum, step) => sum + step) * (cycles / STEPS.length),
    arrival: 'bursty',
    fate: {
      lateShare: 0.3,
      lateBy: OVERLAP,
      stuckShare: 0.02,
      medianDuration: 3 * MINUTE,
      longDuration: 3 * HOUR,
    },
  })
  await sync()
  return harness
}

/** Ids of the open jobs that are not to be asked for before `now`. */
async function notDue({ pool }: TestDatabase, now: Instant): Promise<Set<string>> {
  const { rows } = await pool.query<{ id: string }>(
    'select job_id as id from llamacloud_sync.rechecks where due_at > to_timestamp($1::float8 / 1e6)',
    [now],
  )
  return new Set(rows.map(({ id }) => id))
}

function without({ different, ...others }: Differences, ids: ReadonlySet<string>): Differences {
  return { ...others, different: different.filter((id) => !ids.has(id)) }
}

/** Cycle by cycle, while jobs arrive, change, finish late and show late; at last, when nothing changes any more. */
async function expectConvergence(
  { world, now, sync, advance, database, api }: Awaited<ReturnType<typeof grown>>,
  cycles: number,
  check: (found: Differences, waiting: ReadonlySet<string>, byId: boolean) => void,
): Promise<void> {
  for (let cycle = 1; cycle < cycles; cycle += 1) {
    const before = await coverageOf(database)
    advance(STEPS[cycle % STEPS.length]!)
    const waiting = await notDue(database, now())
    const requests = api.requests.entries.length
    await sync()
    const byId = api.requests.entries.slice(requests).some(({ query }) => query.has('job_ids'))
    check(await compareWithWorld(database, world), waiting, byId)
    const after = await coverageOf(database)
    expect(after.watermark).toBeLessThanOrEqual(now())
    expect(after.watermark).toBeGreaterThan(now() - SECOND)
    expect(after.coveredFrom).toBe(before.coveredFrom)
  }
  advance(90 * DAY)
  await sync()
  expect(await compareWithWorld(database, world)).toEqual(EQUAL)
  expect(await unaccountedRuns(database)).toEqual([])
  expect((await latestRun(database)).outcome).toBe('succeeded')
}

describe.each(ordersFor('converge'))('I8: %s order', (order) => {
  test.each(PAGINGS)(
    'paged by %s, after every cycle the tables equal the API, with open jobs that are not due if some were asked for by id',
    async (paging) => {
      const harness = await grown(order, paging, SIZE)
      // More than I8 promises: those that are not due fill up the requests for those that are.
      await expectConvergence(harness, SIZE.cycles, (found, waiting, byId) => {
        expect(byId ? found : without(found, waiting)).toEqual(EQUAL)
      })
    },
  )

  test('twice as long and as large, the tables equal the API but for open jobs that were not due', async () => {
    const harness = await grown(order, 'keyset', DOUBLED)
    await expectConvergence(harness, DOUBLED.cycles, (found, waiting) => {
      expect(without(found, waiting)).toEqual(EQUAL)
    })
  })
})
