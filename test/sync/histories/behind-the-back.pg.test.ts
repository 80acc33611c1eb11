import { describe, expect, test } from 'vitest'
import { generate } from '../../../src/simulator/generate.ts'
import { loadTimeline } from '../../../src/store/coverage.ts'
import { migrate } from '../../../src/store/migrate.ts'
import { backfillOnce } from '../../../src/sync/cycle.ts'
import { DAY, HOUR, MINUTE, parseInstant } from '../../../src/values/instant.ts'
import { compareWithWorld, EQUAL } from '../../support/compare.ts'
import { createHarness, type Harness, text } from '../../support/harness.ts'
import { cycles, failures, reconciled, runOnce, verified } from './support.ts'

async function inStep(): Promise<Harness> {
  const harness = await createHarness()
  const { world, now, sync, advance } = harness
  generate(world, {
    seed: 'truncate',
    jobs: 1_500,
    from: now() - 60 * DAY,
    to: now() + DAY,
    fate: { stuckShare: 0 },
  })
  await sync()
  advance(DAY / 2)
  await sync()
  return harness
}

const coverageOf = async ({ database }: Harness) => (await loadTimeline(database.pool, 'default')).coverage

async function isRight({ database, world, source }: Harness): Promise<void> {
  expect(await compareWithWorld(database, world)).toEqual(EQUAL)
  expect((await verified(source)).differences).toEqual([])
}

describe('tables that were emptied behind the back of the worker', () => {
  test.each([
    'truncate llamacloud.classify_jobs cascade',
    'delete from llamacloud.classify_jobs',
    'truncate llamacloud.classify_jobs, llamacloud.classify_configurations cascade',
  ])('%s: the next run says so and reads again', async (statement) => {
    const harness = await inStep()
    const { database, advance } = harness
    await database.pool.query(statement)
    advance(5 * MINUTE)
    const warnings: string[] = []
    const log = { ...harness.source.log, warn: (_facts: object, message: string) => warnings.push(message) }
    const source = harness.worker({ log: { ...log, info: () => {}, debug: () => {}, warn: log.warn } })
    const first = await runOnce(harness, { source })
    expect(first.error !== null || warnings.length > 0).toBe(true)
    expect(failures(await cycles(harness, { during: 10 * MINUTE }))).toEqual([])
    await isRight(harness)
  })

  test('I8: what a backfill read from before SYNC_START_AT is read again as well', async () => {
    const harness = await createHarness({ run: { startAt: parseInstant('2026-02-20T00:00:00Z')! } })
    const { world, now, database, advance } = harness
    generate(world, {
      seed: 'old',
      jobs: 200,
      from: now() - 60 * DAY,
      to: now() - HOUR,
      fate: { stuckShare: 0 },
    })
    const piece = { lower: now() - 60 * DAY, upper: now() - 30 * DAY }
    await runOnce(harness)
    await runOnce(harness, { work: (each, limits) => backfillOnce(each, piece, limits) })
    await database.pool.query('truncate llamacloud.classify_jobs cascade')
    advance(5 * MINUTE)
    await runOnce(harness)
    await isRight(harness)
    expect((await coverageOf(harness))?.coveredFrom).toBe(piece.lower)
  })

  test('drop schema llamacloud cascade: the run fails and says how to go on, or the tables come back', async () => {
    const harness = await inStep()
    const { database, advance } = harness
    await database.pool.query('drop schema llamacloud cascade')
    // As each command does before its run.
    const migrated = await migrate(database.pool).then(
      () => null,
      (error: Error) => error,
    )
    advance(5 * MINUTE)
    const first = await runOnce(harness)
    const failure = migrated ?? first.error
    if (failure === null) {
      await cycles(harness, { during: 10 * MINUTE })
      return isRight(harness)
    }
    expect(failure.message).toMatch(/schema llamacloud/i)
    expect(failure.message).toMatch(/drop schema llamacloud_sync|restore|migrate/i)
  })
})

test('I14: whether rows are there is not found out by counting them', async () => {
  const harness = await inStep()
  const { database, advance } = harness
  await database.pool.query('delete from llamacloud.classify_jobs where created_at < $1', ['2026-02-01'])
  advance(HOUR)
  // What a sentinel does not show, the next reading of the span does.
  expect(failures([await runOnce(harness)])).toEqual([])
})

test('I1, I2: spans of an older backup leave a gap in the timeline, which is read again within a day, and told by verify', async () => {
  const harness = await inStep()
  const { database, now, advance, source } = harness
  const { pool } = database
  await pool.query('create table older as table llamacloud_sync.spans')
  const from = now()
  await cycles(harness, { during: DAY / 2, every: HOUR })
  await pool.query(`
    delete from llamacloud_sync.spans;
    insert into llamacloud_sync.spans table older;
    truncate llamacloud.classify_job_changes`)
  const { rowCount } = await pool.query(
    'delete from llamacloud.classify_jobs where created_at between $1 and $2',
    [text(from + HOUR), text(from + 6 * HOUR)],
  )
  expect(rowCount).toBeGreaterThan(0)
  expect((await verified(source)).differences).toHaveLength(rowCount!)
  advance(DAY / 2)
  expect(failures(await cycles(harness, { during: DAY, every: HOUR }))).toEqual([])
  await isRight(harness)
})

test.each<[string, (harness: Harness) => Promise<unknown>]>([
  [
    'a day later',
    async ({ sync, advance }) => {
      advance(DAY)
      await sync()
    },
  ],
  ['by reconcile', (harness) => reconciled(harness)],
])('sums that somebody removed show again %s, and the log says so', async (_, go) => {
  const harness = await inStep()
  const { database } = harness
  const rows = async (sql: string) => (await database.pool.query(sql)).rows
  await rows(`update llamacloud_sync.classify_dirty_days set marked_at = '-infinity'`)
  await harness.sync()
  const told = 'select sum(jobs)::int as jobs from llamacloud.classify_statistics'
  const [before] = await rows(told)
  await rows('truncate llamacloud_sync.classify_settled_sums')
  expect(await rows(told)).toEqual([{ jobs: null }])
  const warnings: string[] = []
  const log = {
    info: () => {},
    debug: () => {},
    warn: (__: object, message: string) => warnings.push(message),
  }
  const source = harness.worker({ log })
  await go({ ...harness, source, sync: () => harness.sync(source) })
  expect(warnings).toEqual([expect.stringMatching(/removed sums/)])
  expect((await rows(told))[0].jobs).toBeGreaterThanOrEqual(before.jobs)
  const counted = 'select count(*)::int as jobs from llamacloud.classify_jobs where created_at is not null'
  expect(await rows(told)).toEqual(await rows(counted))
})
