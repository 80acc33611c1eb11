import { expect, test } from 'vitest'
import type { Intercept } from '../../../src/simulator/faults.ts'
import { generate } from '../../../src/simulator/generate.ts'
import { loadSourceStates } from '../../../src/store/source-state.ts'
import { DAY, HOUR, type Instant, MILLISECOND, MINUTE } from '../../../src/values/instant.ts'
import { compareWithWorld, EQUAL } from '../../support/compare.ts'
import { createHarness, type Harness, type HarnessOptions } from '../../support/harness.ts'
import { coverageOf } from '../../support/sync-tables.ts'
import { wrongDate } from '../../support/upstream-faults.ts'
import { cycles, failures, medianRequests } from './support.ts'

const OPTIONS: HarnessOptions = { run: { reconcileEveryMs: (7 * DAY) / MILLISECOND } }

/** A job every two minutes, each done after a few seconds. */
async function withJobs(): Promise<Harness> {
  const harness = await createHarness(OPTIONS)
  const { world, now } = harness
  generate(world, {
    seed: 'date',
    jobs: 1_440,
    from: now() - DAY,
    to: now() + DAY,
    fate: { stuckShare: 0, medianDuration: 1_000_000, longDuration: 5_000_000 },
  })
  return harness
}

/** The lag says so where something is missing that a cycle and the overlap should have brought. */
async function lagIsHonest({ database, world, source, now }: Harness): Promise<void> {
  const { missing } = await compareWithWorld(database, world)
  const oldest = Math.min(...missing.map((id) => createdAtOf(world.get(id))))
  if (oldest > now() - 11 * MINUTE) return
  const [state] = await loadSourceStates(database.pool, [source.name])
  expect(state!.watermarkLag).toBeGreaterThan(60)
}

const createdAtOf = (job: unknown) => Date.parse((job as { created_at: string }).created_at) * MILLISECOND

const AHEAD: readonly [string, Instant][] = [
  ['a day ahead', DAY],
  ['a day behind', -DAY],
  ['ten minutes ahead', 10 * MINUTE],
  ['a year ahead', 365 * DAY],
]

async function runsRight(harness: Harness, intercept: Intercept, during: Instant): Promise<void> {
  const { api, world, database, now } = harness
  const each = () => lagIsHonest(harness)
  api.settings.intercept = intercept
  const wrong = await cycles(harness, { during, each })
  api.settings.intercept = undefined
  // A cycle and the overlap later all is there, and what comes is found in its cycle.
  const right = await cycles(harness, { during: 10 * MINUTE, each })
  expect(await compareWithWorld(database, world)).toEqual(EQUAL)
  for (let cycle = 0; cycle < 6; cycle += 1) {
    right.push(...(await cycles(harness, { during: 5 * MINUTE, each })))
    expect(await compareWithWorld(database, world)).toEqual(EQUAL)
  }
  expect(failures([...wrong, ...right])).toEqual([])
  const { watermark } = await coverageOf(database)
  expect(watermark).toBeLessThanOrEqual(now())
  expect(watermark).toBeGreaterThan(now() - 6 * MINUTE)
}

test.each(AHEAD)('A17, I3: one reply has a Date that is %s', async (_name, ahead) => {
  const harness = await withJobs()
  await harness.sync()
  await runsRight(harness, wrongDate(ahead, 1), 5 * MINUTE)
})

test.each(AHEAD)('A17, I3: for an hour all replies have a Date that is %s', async (_name, ahead) => {
  const harness = await withJobs()
  await harness.sync()
  await runsRight(harness, wrongDate(ahead), HOUR)
})

test.each(AHEAD)('A17, I3: from the very first reply, for an hour, the Date is %s', async (_name, ahead) => {
  await runsRight(await withJobs(), wrongDate(ahead), HOUR)
})

test.each(AHEAD)('A17, A14: the clock of the worker is %s, and so are two replies', async (_name, ahead) => {
  const harness = await withJobs()
  const { clock, worker } = harness
  const skewed = worker({ clock: { ...clock, now: () => clock.now() + ahead / MILLISECOND } })
  await harness.sync(skewed)
  harness.api.settings.intercept = wrongDate(ahead, 2)
  await cycles(harness, { source: skewed, during: 20 * MINUTE, each: () => lagIsHonest(harness) })
  expect(await compareWithWorld(harness.database, harness.world)).toEqual(EQUAL)
})

test.each(AHEAD)('A14: the clock of the database is %s for good', async (_name, ahead) => {
  const harness = await withJobs()
  harness.setDatabaseAhead(ahead)
  const ran = await cycles(harness, { during: 2 * HOUR, every: 10 * MINUTE })
  expect(failures(ran)).toEqual([])
  expect(await compareWithWorld(harness.database, harness.world)).toEqual(EQUAL)
})

test('A17, I11: the Date is a day behind for good: a cycle reads what is new, and not a day each time', async () => {
  const harness = await createHarness(OPTIONS)
  const { world, now, api, database, sync } = harness
  api.settings.intercept = wrongDate(-DAY)
  const jobs = { seed: 'behind', from: now(), to: now() + 9 * HOUR, fate: { stuckShare: 0 } }
  generate(world, { ...jobs, jobs: 4_500 })
  await sync()
  await cycles(harness, { during: 5 * HOUR, every: 20 * MINUTE })
  const ran = await cycles(harness, { during: 3 * HOUR, every: 20 * MINUTE })
  expect(failures(ran)).toEqual([])
  // Some 170 jobs are new in each, and those of the last 20 minutes are asked for or read again.
  expect(medianRequests(ran)).toBeLessThanOrEqual(8)
  await cycles(harness, { during: 2 * HOUR, every: 20 * MINUTE })
  expect(await compareWithWorld(database, world)).toEqual(EQUAL)
})
