import { describe, expect, test } from 'vitest'
import { ScopeChangedError } from '../../../src/errors.ts'
import { generate } from '../../../src/simulator/generate.ts'
import { DAY, HOUR, MINUTE, SECOND } from '../../../src/values/instant.ts'
import { compareWithWorld, EQUAL } from '../../support/compare.ts'
import { createHarness } from '../../support/harness.ts'
import { countJobs, coverageOf, latestRun, totalCounts, unreadSpans } from '../../support/sync-tables.ts'

describe('the first cycle', () => {
  test('I1, I8: brings everything down to SYNC_START_AT', async () => {
    const { world, sync, now, database, source } = await createHarness()
    generate(world, { seed: 1, jobs: 2_345, from: now() - 90 * DAY, to: now(), arrival: 'bursty' })
    const result = await sync()
    expect(result.outcome).toBe('succeeded')
    expect(await compareWithWorld(database, world)).toEqual(EQUAL)
    expect((await coverageOf(database)).coveredFrom).toBe(source.options.startAt)
    expect(await unreadSpans(database)).toEqual([])
    const run = await latestRun(database)
    expect(run).toMatchObject({ ...(await totalCounts(database)), requests: result.requests, retries: 0 })
    expect(run).toMatchObject({ watermarkBefore: null, watermarkAfter: result.coverage?.watermark })
  })

  test('I2, I3: of an empty world covers it, with two requests', async () => {
    const { sync, now, database, source, api } = await createHarness()
    expect((await sync()).outcome).toBe('succeeded')
    const { coveredFrom, watermark } = await coverageOf(database)
    expect(coveredFrom).toBe(source.options.startAt)
    expect(watermark).toBeLessThanOrEqual(now())
    expect(watermark).toBeGreaterThan(now() - SECOND)
    expect(api.requests.total).toBe(2)
    expect(await unreadSpans(database)).toEqual([])
  })

  test('I8: a database that was restored from before is filled again by the process that knew it later', async () => {
    const { world, sync, now, database, advance } = await createHarness()
    generate(world, { seed: 3, jobs: 300, from: now() - DAY, to: now() + HOUR })
    await sync()
    advance(30 * MINUTE)
    await sync()
    await database.pool.query(
      `truncate llamacloud.classify_jobs, llamacloud.classify_configurations, llamacloud.classify_job_changes,
        llamacloud_sync.sources cascade`,
    )
    // What it knew to be stored is gone: the rows that need it are refused, and written again with it.
    expect((await sync()).outcome).toBe('succeeded')
    expect(await compareWithWorld(database, world)).toEqual(EQUAL)
  })

  test('I8: of a world younger than the overlap', async () => {
    const { world, sync, now, database, advance } = await createHarness()
    generate(world, { seed: 2, jobs: 350, from: now() - 3 * MINUTE, to: now() + 2 * MINUTE })
    await sync()
    expect(await compareWithWorld(database, world)).toEqual(EQUAL)
    advance(2 * MINUTE)
    await sync()
    expect(await compareWithWorld(database, world)).toEqual(EQUAL)
  })

  test('I3: with SYNC_START_AT in the future reads no history, and then all that is new', async () => {
    const { world, sync, now, database, advance, api } = await createHarness({
      start: '2026-03-02T08:00:00Z',
      run: { startAt: Date.UTC(2027, 0, 1) * 1_000 },
    })
    world.put({ id: 'old', createdAt: now() - HOUR }, { id: 'new', createdAt: now() + 30 * MINUTE })
    expect((await sync()).outcome).toBe('succeeded')
    expect(api.requests.total).toBe(1)
    expect(await countJobs(database)).toBe(0)
    advance(HOUR)
    await sync()
    expect(await countJobs(database)).toBe(1)
    expect((await coverageOf(database)).watermark).toBeLessThanOrEqual(now())
  })

  test('I8: goes on where an earlier SYNC_START_AT is set later', async () => {
    const { world, sync, now, database, worker, source } = await createHarness({
      run: { startAt: Date.UTC(2026, 2, 1) * 1_000 },
    })
    generate(world, { seed: 3, jobs: 700, from: now() - 200 * DAY, to: now() })
    await sync()
    expect(await countJobs(database)).toBeLessThan(30)
    const startAt = now() - 300 * DAY
    await sync(worker({ options: { ...source.options, startAt } }))
    expect(await compareWithWorld(database, world)).toEqual(EQUAL)
    expect((await coverageOf(database)).coveredFrom).toBe(startAt)
  })
})

describe('a cycle', () => {
  test('I5: that finds nothing new writes no job', async () => {
    const { world, sync, now, database, advance } = await createHarness()
    generate(world, { seed: 4, jobs: 300, from: now() - DAY, to: now() - HOUR, fate: { stuckShare: 0 } })
    advance(2 * DAY)
    await sync()
    const rows = 'select xmin::text, ctid::text, id from llamacloud.classify_jobs order by id'
    const before = await database.pool.query(rows)
    await sync()
    expect((await database.pool.query(rows)).rows).toEqual(before.rows)
  })

  test('of another scope under the same name is refused before anything is asked', async () => {
    const { world, sync, worker, source, api, now } = await createHarness()
    world.put({ id: 'job-1', createdAt: now() - DAY })
    await sync()
    api.requests.reset()
    const other = worker({ scope: { ...source.scope, baseUrl: 'https://eu.example' } })
    await expect(sync(other)).rejects.toThrow(ScopeChangedError)
    expect(api.requests.total).toBe(0)
  })
})
