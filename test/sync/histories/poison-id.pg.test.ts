import { describe, expect, test } from 'vitest'
import { DAY, HOUR, MINUTE, SECOND } from '../../../src/values/instant.ts'
import { compareWithWorld, EQUAL } from '../../support/compare.ts'
import { createHarness, type Harness } from '../../support/harness.ts'
import { statusesOf } from '../../support/sync-tables.ts'
import { poisonIds, type Refusal } from '../../support/upstream-faults.ts'
import { cycles, failures, markedIds, quarantinedIds, requestsOf, runOnce } from './support.ts'

const POISONED = 'job-0450'

/** 900 RUNNING jobs that lie before the overlap; they end in a minute, but for the poisoned one. */
async function withRunningJobs(): Promise<Harness> {
  const harness = await createHarness()
  const { world, now, sync } = harness
  for (let index = 0; index < 900; index += 1) {
    const id = `job-${String(index).padStart(4, '0')}`
    const ends = { at: now() + MINUTE, changes: { status: 'COMPLETED' } }
    const createdAt = now() - 20 * MINUTE + (index * MINUTE) / 100
    world.put({ id, createdAt, fields: { status: 'RUNNING' }, steps: id === POISONED ? [] : [ends] })
  }
  await sync()
  return harness
}

const unfinished = async ({ database }: Harness) =>
  Object.entries(await statusesOf(database)).flatMap(([id, status]) => (status === 'RUNNING' ? [id] : []))

describe.each<Refusal>([500, 422, 'hang'])(
  'A19: one id makes each request that holds it fail (%s)',
  (how) => {
    test('I12: all others finish within two cycles, it alone is in quarantine, and the runs are degraded', async () => {
      const harness = await withRunningJobs()
      const { world, api, database } = harness
      api.settings.intercept = poisonIds([POISONED], how)
      const two = await cycles(harness, { during: 10 * MINUTE })
      expect(failures(two)).toEqual([])
      expect(two.at(-1)!.outcome).toBe('degraded')
      expect(await unfinished(harness)).toEqual([POISONED])
      expect(await quarantinedIds(database)).toEqual([POISONED])

      // It costs no more than its own next tries, further and further apart.
      api.requests.reset()
      const later = await cycles(harness, { during: 6 * HOUR, every: 30 * MINUTE })
      expect(failures(later)).toEqual([])
      expect(new Set(later.map(({ outcome }) => outcome))).toEqual(new Set(['degraded']))
      const tries = api.requests.entries.filter(({ query }) => query.getAll('job_ids').includes(POISONED))
      for (const { query } of tries.slice(-5)) expect(query.getAll('job_ids')).toEqual([POISONED])
      expect(await markedIds(database)).toEqual([])

      // When it is answered again, it is back within a day.
      api.settings.intercept = undefined
      world.patch(POISONED, { status: 'COMPLETED' })
      await cycles(harness, { during: DAY, every: HOUR })
      expect((await runOnce(harness)).outcome).toBe('succeeded')
      expect(await quarantinedIds(database)).toEqual([])
      expect(await compareWithWorld(database, world)).toEqual(EQUAL)
    })
  },
)

test('A19, I11: ten poisoned ids: the search for them is not repeated in each cycle', async () => {
  const harness = await withRunningJobs()
  const { api, database } = harness
  const poisoned = Array.from({ length: 10 }, (_, index) => `job-0${index}77`).filter((id) => id < 'job-0900')
  api.settings.intercept = poisonIds(poisoned, 422)
  await cycles(harness, { during: 10 * MINUTE })
  expect(await quarantinedIds(database)).toEqual(poisoned)
  expect((await unfinished(harness)).toSorted()).toEqual([...new Set([...poisoned, POISONED])].toSorted())
  harness.advance(30 * SECOND)
  expect(requestsOf([await runOnce(harness)])).toBeLessThanOrEqual(4 + poisoned.length)
})

test('A19, I8, I11: for an hour each request for more than ten ids fails: the thousands that are set aside for it are back soon after', async () => {
  const harness = await createHarness()
  const { world, now, api, database, advance } = harness
  for (let index = 0; index < 4_000; index += 1)
    world.put({
      id: `job-${index}`,
      createdAt: now() - 3 * DAY + index * SECOND,
      fields: { status: 'RUNNING' },
    })
  await runOnce(harness)
  advance(HOUR)
  const fault = (query: URLSearchParams) => query.getAll('job_ids').length > 10
  api.settings.intercept = ({ query }) => (fault(query) ? { kind: 'status', status: 500 } : undefined)
  await cycles(harness, { during: HOUR, every: 20 * MINUTE })
  expect((await quarantinedIds(database)).length).toBeGreaterThan(2_000)
  // One that stood beside others in several requests failed once, and has a reason as well.
  const { rows } = await database.pool.query(
    "select max(tries)::int as tries, count(*) filter (where reason = '')::int as unexplained from llamacloud_sync.rechecks",
  )
  expect(rows).toEqual([{ tries: 1, unexplained: 0 }])

  api.settings.intercept = undefined
  for (let index = 0; index < 4_000; index += 1) world.patch(`job-${index}`, { status: 'COMPLETED' })
  const ran = await cycles(harness, { during: 5 * HOUR, every: 10 * MINUTE })
  expect(failures(ran)).toEqual([])
  expect(await quarantinedIds(database)).toEqual([])
  expect(await compareWithWorld(database, world)).toEqual(EQUAL)
  expect(requestsOf(ran)).toBeLessThan(200)
})
