import { describe, expect, test } from 'vitest'
import { generate } from '../../../src/simulator/generate.ts'
import { DAY, HOUR, MINUTE } from '../../../src/values/instant.ts'
import { compareWithWorld, EQUAL } from '../../support/compare.ts'
import { createHarness } from '../../support/harness.ts'
import { begunSpans, mostSideBySide, nameOf } from '../../support/listings.ts'
import { ordersFor } from '../../support/orders.ts'
import {
  begunSpansOf,
  coverageOf,
  latestRun,
  unaccountedRuns,
  unreadSpans,
} from '../../support/sync-tables.ts'

describe.each(ordersFor('stopped'))('a run that is stopped, listing %s', (order) => {
  test('I1, I2: by its deadline, at a page boundary; the next goes on from the token, and all is there in the end', async () => {
    const harness = await createHarness({ simulator: { order, latencyMs: 1_000 }, run: { concurrency: 2 } })
    const { world, now, sync, database, worker, api } = harness
    generate(world, { seed: 13, jobs: 8_000, from: now() - 60 * DAY, to: now() - HOUR, arrival: 'bursty' })
    const outcomes: string[] = []
    let coveredFrom = now()
    let resumed = 0
    for (let run = 0; run < 40 && outcomes.at(-1) !== 'succeeded'; run += 1) {
      const waiting = await begunSpansOf(database)
      api.requests.reset()
      outcomes.push((await sync(worker(), { maxRuntimeMs: 9_500 })).outcome)
      for (const begun of waiting) expect(begunSpans(harness)).not.toContain(nameOf(begun))
      resumed += waiting.length
      expect((await latestRun(database)).outcome).toBe(outcomes.at(-1))
      if (outcomes.length === 1) continue
      const coverage = await coverageOf(database)
      expect(coverage.coveredFrom).toBeLessThanOrEqual(coveredFrom)
      coveredFrom = coverage.coveredFrom
    }
    expect(outcomes.length).toBeGreaterThan(4)
    expect(resumed).toBeGreaterThan(4)
    expect(outcomes.at(-1)).toBe('succeeded')
    expect(outcomes.slice(0, -1).every((outcome) => outcome === 'stopped')).toBe(true)
    expect(await compareWithWorld(database, world)).toEqual(EQUAL)
    expect(await unreadSpans(database)).toEqual([])
    expect(await unaccountedRuns(database)).toEqual([])
  })
})

describe('a run that is stopped', () => {
  test('I2: by a signal, in the middle of its requests: it ends as stopped, and the next goes on', async () => {
    const { world, now, sync, database, api, worker } = await createHarness()
    generate(world, { seed: 14, jobs: 5_000, from: now() - 60 * DAY, to: now() - HOUR })
    const stop = new AbortController()
    api.settings.intercept = ({ count }) => {
      if (count === 20) stop.abort(new Error('asked to stop'))
      return count >= 20 ? { kind: 'hang' } : undefined
    }
    expect((await sync(worker(), { signal: stop.signal })).outcome).toBe('stopped')
    expect(await latestRun(database)).toMatchObject({ outcome: 'stopped', error: null })
    const begun = await begunSpansOf(database)
    expect(begun.length).toBeGreaterThan(0)
    api.settings.intercept = undefined
    api.requests.reset()
    expect((await sync(worker())).outcome).toBe('succeeded')
    expect(api.requests.entries.filter(({ query }) => query.has('page_token')).length).toBeGreaterThan(0)
    expect(await compareWithWorld(database, world)).toEqual(EQUAL)
  })

  test('I2: before it began: by a signal nothing is asked for, and without any time the head alone', async () => {
    const { sync, api, database, worker } = await createHarness()
    expect((await sync(worker(), { signal: AbortSignal.abort() })).outcome).toBe('stopped')
    expect(api.requests.total).toBe(0)
    expect((await sync(worker(), { maxRuntimeMs: 0 })).outcome).toBe('stopped')
    expect(api.requests.total).toBe(1)
    expect((await latestRun(database)).outcome).toBe('stopped')
  })

  test('I2: by a fault of the API: what was committed stays, the run is failed, the next one goes on', async () => {
    const { world, now, sync, database, api, worker } = await createHarness()
    generate(world, { seed: 15, jobs: 5_000, from: now() - 60 * DAY, to: now() - HOUR })
    api.settings.intercept = ({ count }) => (count > 20 ? { kind: 'status', status: 403 } : undefined)
    await expect(sync(worker())).rejects.toThrow('403')
    const run = await latestRun(database)
    expect(run.outcome).toBe('failed')
    expect(run.error).toContain('403')
    expect(run.inserted).toBeGreaterThan(500)
    api.settings.intercept = undefined
    expect((await sync(worker())).outcome).toBe('succeeded')
    expect(await compareWithWorld(database, world)).toEqual(EQUAL)
  })
})

describe('a worker that was down for 30 days', () => {
  test.each(ordersFor('down for 30 days'))(
    'I8: finds everything in one sync, several windows side by side, listing %s',
    async (order) => {
      // Replies that take their time are awaited in parallel, however fast the machine is.
      const harness = await createHarness({ simulator: { order, latencyMs: 200 } })
      const { world, now, sync, advance, database, api, worker } = harness
      generate(world, { seed: 16, jobs: 16_000, from: now() - DAY, to: now() + 30 * DAY })
      await sync()
      advance(30 * DAY + 2 * MINUTE)
      api.requests.reset()
      await sync(worker())
      expect(await compareWithWorld(database, world)).toEqual(EQUAL)
      expect(mostSideBySide(harness)).toBeGreaterThanOrEqual(4)
      // The pages, a tenth more, and what it takes to find out where the jobs lie.
      expect(api.requests.total).toBeLessThanOrEqual(160 * 1.1 + 45)
    },
  )
})
