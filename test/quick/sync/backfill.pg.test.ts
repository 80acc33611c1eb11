import { describe, expect, test } from 'vitest'
import { generate } from '../../../src/simulator/generate.ts'
import { backfillOnce } from '../../../src/sync/cycle.ts'
import type { RunLimits } from '../../../src/sync/source.ts'
import { DAY, type Instant, MINUTE } from '../../../src/values/instant.ts'
import { compareWithWorld, EQUAL } from '../../support/compare.ts'
import { createHarness, type Harness } from '../../support/harness.ts'
import { coverageOf, latestRun, spanAskedFor, unaccountedRuns, windowsOf } from '../../support/sync-tables.ts'
import { filled, UNLIMITED } from './reconcile-support.ts'

function backfill({ source }: Harness, lower: Instant, upper: Instant, limits: Partial<RunLimits> = {}) {
  return backfillOnce(source, { lower, upper }, { ...UNLIMITED, ...limits })
}

/** The requests for windows of history, each as its span and token. */
function windowRequests({ api }: Harness, before: Instant): string[] {
  return api.requests.entries
    .filter((request) => !request.query.has('job_ids') && spanAskedFor(request).upper < before)
    .map(({ query }) => String(query))
}

async function losesRows({ database }: Harness, from: Instant, to: Instant): Promise<number> {
  const { rowCount } = await database.pool.query(
    `delete from llamacloud.classify_jobs
    where created_at >= to_timestamp($1::numeric / 1e6) and created_at <= to_timestamp($2::numeric / 1e6)`,
    [from, to],
  )
  return rowCount ?? 0
}

describe('backfill', () => {
  test('I1, I3, I7: brings rows of the span back, and only those; the coverage stays', async () => {
    const harness = await filled(800)
    const { now, world, database } = harness
    const [from, to] = [now() - 10 * DAY, now() - 5 * DAY]
    const lost = await losesRows(harness, from, to)
    const beside = await losesRows(harness, to + 1, to + DAY)
    expect([lost, beside]).not.toContain(0)
    const before = await coverageOf(database)
    const { outcome, counts } = await backfill(harness, from, to)
    expect([outcome, counts.inserted, counts.repairs]).toEqual(['succeeded', lost, 0])
    expect(await coverageOf(database)).toEqual(before)
    expect(await windowsOf(database)).toEqual([])
    expect(await latestRun(database)).toMatchObject({
      kind: 'backfill',
      outcome: 'succeeded',
      inserted: lost,
    })
    expect((await compareWithWorld(database, world)).missing).toHaveLength(beside)
    expect((await backfill(harness, to, to + DAY)).counts.inserted).toBe(beside)
    expect(await compareWithWorld(database, world)).toEqual(EQUAL)
    expect(await unaccountedRuns(database)).toEqual([])
  })

  test('a span of one instant, an empty one, and one that reaches into the future end as well', async () => {
    const harness = await filled(100)
    const { now, world, database, advance } = harness
    const at = now() - 90 * DAY
    world.put({ id: 'on it', createdAt: at })
    expect((await backfill(harness, at, at)).counts).toMatchObject({ inserted: 1 })
    expect((await backfill(harness, at - DAY, at - 1)).counts).toMatchObject({ inserted: 0 })
    advance(MINUTE)
    expect((await backfill(harness, now() - MINUTE, now() + 900 * DAY)).outcome).toBe('succeeded')
    expect((await backfill(harness, now() + 2 * DAY, now() + 900 * DAY)).outcome).toBe('succeeded')
    expect(await windowsOf(database)).toEqual([])
    const { watermark } = await coverageOf(database)
    expect(watermark).toBeLessThanOrEqual(now())
    expect(await compareWithWorld(database, world)).toEqual(EQUAL)
  })

  test('before anything was synced: the coverage begins with the head, not with the backfill', async () => {
    const harness = await createHarness()
    const { now, world, database } = harness
    generate(world, { seed: 1, jobs: 200, from: now() - 5 * DAY, to: now() - DAY })
    expect((await backfill(harness, now() - 5 * DAY, now() - DAY)).counts).toMatchObject({ inserted: 200 })
    expect((await coverageOf(database)).coveredFrom).toBeGreaterThan(now() - DAY)
    await harness.sync()
    expect(await compareWithWorld(database, world)).toEqual(EQUAL)
  })

  test('stopped again and again it goes on; no drained window is read twice', async () => {
    const harness = await filled(700, { run: { pageSize: 20, concurrency: 2 } })
    const { now, world, api, database } = harness
    const [from, to] = [now() - 20 * DAY, now() - 2 * DAY]
    const lost = await losesRows(harness, from, to)
    api.requests.reset()
    api.settings.latencyMs = 1_000
    const inserted: number[] = []
    for (let outcome = ''; outcome !== 'succeeded'; ) {
      const result = await backfill(harness, from, to, { maxRuntimeMs: 6_000 })
      outcome = result.outcome
      inserted.push(result.counts.inserted)
      const kinds = (await windowsOf(database)).map(({ kind }) => kind)
      expect(new Set(kinds)).toEqual(new Set(outcome === 'stopped' ? ['backfill'] : []))
    }
    expect(inserted.length).toBeGreaterThan(3)
    expect(inserted.reduce((sum, count) => sum + count, 0)).toBe(lost)
    const requests = windowRequests(harness, now() - DAY)
    // Of each window that a run leaves, the page asked for ahead comes once more.
    expect(requests.length - new Set(requests).size).toBeLessThanOrEqual(2 * (inserted.length - 1))
    expect(requests.length).toBeLessThan(1.4 * (lost / 20) + 2 * inserted.length)
    expect(await compareWithWorld(database, world)).toEqual(EQUAL)
    expect(await unaccountedRuns(database)).toEqual([])
  })

  test('another span drops what was kept of an unfinished one', async () => {
    const warned: string[] = []
    const harness = await filled(400, { run: { pageSize: 20, concurrency: 2 } })
    const { now, api, database, worker } = harness
    const [from, to] = [now() - 20 * DAY, now() - 2 * DAY]
    api.settings.latencyMs = 1_000
    expect((await backfill(harness, from, to, { maxRuntimeMs: 6_000 })).outcome).toBe('stopped')
    expect((await windowsOf(database)).length).toBeGreaterThan(0)
    const source = worker({
      log: { debug: () => {}, info: () => {}, warn: (_facts, message) => warned.push(message) },
    })
    const lost = await losesRows(harness, from, from + 3 * DAY)
    const { outcome, counts } = await backfill({ ...harness, source }, from, from + 3 * DAY)
    expect([outcome, counts.inserted]).toEqual(['succeeded', lost])
    expect(warned).toEqual([expect.stringMatching(/another backfill was not finished/)])
    expect(await windowsOf(database)).toEqual([])
  })
})
