import { describe, expect, test } from 'vitest'
import { generate } from '../../../src/simulator/generate.ts'
import { type Bounds, newestSpans } from '../../../src/store/spans.ts'
import { backfillOnce } from '../../../src/sync/cycle.ts'
import type { RunLimits } from '../../../src/sync/source.ts'
import { DAY, HOUR, type Instant, MINUTE, parseInstant } from '../../../src/values/instant.ts'
import { compareWithWorld, EQUAL } from '../../support/compare.ts'
import { createHarness, type Harness } from '../../support/harness.ts'
import {
  begunSpansOf,
  coverageOf,
  isOfSpan,
  latestRun,
  spanAskedFor,
  unaccountedRuns,
} from '../../support/sync-tables.ts'
import { filled, reconcile, UNLIMITED } from './reconcile-support.ts'

function backfill({ source }: Harness, lower: Instant, upper: Instant, limits: Partial<RunLimits> = {}) {
  return backfillOnce(source, { lower, upper }, { ...UNLIMITED, ...limits })
}

/** The requests for closed spans, each as its span and token. */
function spanRequests({ api }: Harness): string[] {
  return api.requests.entries.filter(({ query }) => isOfSpan(query)).map(({ query }) => String(query))
}

/** A third of the rows of a piece vanish: so few that it does not look as if the table had been emptied. */
async function losesRows({ database }: Harness, from: Instant, to: Instant): Promise<number> {
  const { rowCount } = await database.pool.query(
    `delete from llamacloud.classify_jobs
    where created_at >= to_timestamp($1::numeric / 1e6) and created_at <= to_timestamp($2::numeric / 1e6)
      and mod(hashtext(id), 3) = 0`,
    [from, to],
  )
  return rowCount ?? 0
}

/** What the spans that touch a piece make up: a span is read as a whole. */
async function spansTouching({ database }: Harness, from: Instant, to: Instant): Promise<Bounds> {
  const spans = await newestSpans(database.pool, 'default', 1_000)
  const touching = spans.filter(({ lower, upper }) => lower <= to && upper >= from)
  return { lower: touching.at(-1)!.lower, upper: touching[0]!.upper }
}

describe('backfill', () => {
  test('I1, I3, I7: brings rows of the piece back, and reads only spans that touch it; the coverage stays', async () => {
    const harness = await filled(800, { run: { pageSize: 10, concurrency: 2 } })
    const { now, world, database, api } = harness
    const [from, to] = [now() - 10 * DAY, now() - 5 * DAY]
    const touched = await spansTouching(harness, from, to)
    const lost = await losesRows(harness, touched.lower, touched.upper)
    const beside = await losesRows(harness, now() - 30 * DAY, touched.lower - 1)
    expect([lost, beside]).not.toContain(0)
    const before = await coverageOf(database)
    api.requests.reset()
    const { outcome, counts } = await backfill(harness, from, to)
    expect([outcome, counts.inserted, counts.repairs]).toEqual(['succeeded', lost, lost])
    const listings = api.requests.entries.filter(({ query }) => isOfSpan(query)).map(spanAskedFor)
    expect(Math.min(...listings.map(({ lower }) => lower))).toBe(touched.lower)
    expect(Math.max(...listings.map(({ upper }) => upper))).toBe(touched.upper)
    expect((await coverageOf(database)).coveredFrom).toBe(before.coveredFrom)
    expect(await latestRun(database)).toMatchObject({
      kind: 'backfill',
      outcome: 'succeeded',
      inserted: lost,
    })
    expect((await compareWithWorld(database, world)).missing).toHaveLength(beside)
    expect((await backfill(harness, now() - 30 * DAY, touched.lower)).counts.inserted).toBe(beside)
    expect(await compareWithWorld(database, world)).toEqual(EQUAL)
    expect(await unaccountedRuns(database)).toEqual([])
  })

  test('a piece of one instant, an empty one, and one that reaches into the future end as well', async () => {
    const harness = await filled(100)
    const { now, world, database, advance } = harness
    const at = now() - 90 * DAY
    world.put({ id: 'on it', createdAt: at })
    expect((await backfill(harness, at, at)).counts).toMatchObject({ inserted: 1 })
    expect((await backfill(harness, at - DAY, at - 1)).counts).toMatchObject({ inserted: 0 })
    advance(MINUTE)
    expect((await backfill(harness, now() - MINUTE, now() + 900 * DAY)).outcome).toBe('succeeded')
    expect((await backfill(harness, now() + 2 * DAY, now() + 900 * DAY)).outcome).toBe('succeeded')
    const { watermark } = await coverageOf(database)
    expect(watermark).toBeLessThanOrEqual(now())
    expect(await compareWithWorld(database, world)).toEqual(EQUAL)
  })

  test('I1, I3: before anything was synced it is a first cycle, and what lies before SYNC_START_AT is part of it', async () => {
    const harness = await createHarness()
    const { now, world, database, source } = harness
    const begin = source.options.startAt - 5 * DAY
    generate(world, { seed: 1, jobs: 200, from: begin, to: now() - DAY })
    expect((await backfill(harness, begin, now())).counts).toMatchObject({ inserted: 200 })
    expect((await coverageOf(database)).coveredFrom).toBe(begin)
    world.put({ id: 'late', createdAt: begin + DAY })
    await harness.sync()
    expect((await compareWithWorld(database, world)).missing).toEqual(['late'])
    await reconcile(harness)
    expect(await compareWithWorld(database, world)).toEqual(EQUAL)
  })

  test('I1, I2, I3: of an empty database it reads the piece and the head; sync then reads the rest, each page once', async () => {
    const harness = await createHarness({ run: { startAt: parseInstant('2026-01-01T00:00:00Z')! } })
    const { now, world, api, database, source } = harness
    const [from, to] = [now() - 30 * DAY, now() - 20 * DAY]
    const at = (day: number) => ({ id: `${day} days ago`, createdAt: now() - day * DAY })
    world.put(...[50, 40, 25, 10, 0].map(at))
    expect((await backfill(harness, from, to)).outcome).toBe('succeeded')
    for (const request of api.requests.entries.filter(({ query }) => isOfSpan(query)))
      expect(spanAskedFor(request)).toEqual({ lower: from, upper: to })
    expect((await compareWithWorld(database, world)).missing.toSorted()).toEqual(
      ['10 days ago', '40 days ago', '50 days ago'].toSorted(),
    )
    // The piece does not touch the head: the coverage leaves it out, as it has no holes.
    const { coveredFrom, watermark } = await coverageOf(database)
    expect(coveredFrom).toBeGreaterThan(now() - HOUR)
    expect(watermark).toBeGreaterThan(now() - MINUTE)
    api.requests.reset()
    await harness.sync()
    const again = api.requests.entries.filter(({ query }) => isOfSpan(query)).map(spanAskedFor)
    expect(again.filter(({ lower, upper }) => lower < to && upper > from)).toEqual([])
    expect((await coverageOf(database)).coveredFrom).toBe(source.options.startAt)
    expect(await compareWithWorld(database, world)).toEqual(EQUAL)
  })

  test('I11: stopped again and again, sync goes on with it; no page is read twice', async () => {
    const harness = await filled(700, { run: { pageSize: 20, concurrency: 2 } })
    const { now, world, api, database, sync } = harness
    const [from, to] = [now() - 20 * DAY, now() - 2 * DAY]
    const lost = await losesRows(harness, from, to)
    api.requests.reset()
    api.settings.latencyMs = 1_000
    const limits = { maxRuntimeMs: 6_000 }
    const results = [await backfill(harness, from, to, limits)]
    while (results.at(-1)?.outcome === 'stopped') results.push(await sync(harness.source, limits))
    expect(results.length).toBeGreaterThan(3)
    expect(results.reduce((sum, { counts }) => sum + counts.inserted, 0)).toBe(lost)
    const requests = spanRequests(harness)
    // Of each span that a run leaves, the page asked for ahead comes once more.
    expect(requests.length - new Set(requests).size).toBeLessThanOrEqual(2 * (results.length - 1))
    expect(requests.length).toBeLessThan(1.4 * (700 / 20) + 2 * results.length)
    expect(await compareWithWorld(database, world)).toEqual(EQUAL)
    expect(await unaccountedRuns(database)).toEqual([])
  })

  test('another piece does not drop what was kept of an unfinished one', async () => {
    const harness = await filled(400, { run: { pageSize: 20, concurrency: 2 } })
    const { now, world, api, database } = harness
    const [from, to] = [now() - 20 * DAY, now() - 2 * DAY]
    await losesRows(harness, from, to)
    api.settings.latencyMs = 1_000
    expect((await backfill(harness, from, to, { maxRuntimeMs: 6_000 })).outcome).toBe('stopped')
    expect((await begunSpansOf(database)).length).toBeGreaterThan(0)
    expect((await backfill(harness, from, from + DAY)).outcome).toBe('succeeded')
    expect(await begunSpansOf(database)).toEqual([])
    expect(await compareWithWorld(database, world)).toEqual(EQUAL)
  })
})
