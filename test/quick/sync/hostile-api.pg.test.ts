import { expect, test } from 'vitest'
import { ApiProtocolError } from '../../../src/errors.ts'
import { generate } from '../../../src/simulator/generate.ts'
import { DAY, HOUR, MILLISECOND } from '../../../src/values/instant.ts'
import { compareWithWorld, EQUAL } from '../../support/compare.ts'
import { createHarness } from '../../support/harness.ts'
import { createMisbehaviour } from '../../support/misbehaviour.ts'
import { latestRun } from '../../support/sync-tables.ts'

test('A12, A13: half of all requests get a 429 with Retry-After: none is sent during a pause, the run ends complete', async () => {
  const { world, api, now, clock, sync, database } = await createHarness({
    run: { pageSize: 20, concurrency: 4 },
  })
  generate(world, { seed: 1, jobs: 400, from: now() - 10 * DAY, to: now() - HOUR, fate: { stuckShare: 0 } })
  let [pausedUntil, pauses, count] = [0, 0, 0]
  const early: number[] = []
  api.settings.intercept = async () => {
    count += 1
    if (clock.monotonic() < pausedUntil) early.push(count)
    if (count % 2 === 0) return undefined
    pauses += 1
    const seconds = 1 + (pauses % 7)
    pausedUntil = clock.monotonic() + seconds * 1_000
    // In turn as seconds and as a date.
    const date = new Date(now() / MILLISECOND + seconds * 1_000).toUTCString()
    const headers = { 'retry-after': pauses % 2 === 0 ? String(seconds) : date }
    return { kind: 'status', status: 429, body: '{"detail":"Rate limit exceeded"}', headers }
  }
  const { outcome, requests, retries } = await sync()
  expect(outcome).toBe('succeeded')
  expect(retries).toBeGreaterThanOrEqual(20)
  expect(retries / requests).toBeCloseTo(0.5, 1)
  expect(early).toEqual([])
  expect(await compareWithWorld(database, world)).toEqual(EQUAL)
})

test('A4, I11: an endless list of empty pages, with a fresh token for ever, ends with a clear error', async () => {
  const { api, sync, database } = await createHarness()
  api.settings.intercept = createMisbehaviour({ knobs: { emptyPages: 1 }, seed: 1, now: () => 0 })
  await expect(sync()).rejects.toThrow(ApiProtocolError)
  expect(api.requests.total).toBeLessThan(1_100)
  expect(await latestRun(database)).toMatchObject({
    outcome: 'failed',
    error: expect.stringMatching(/does not end/),
  })
  api.settings.intercept = undefined
  expect((await sync()).outcome).toBe('succeeded')
})
