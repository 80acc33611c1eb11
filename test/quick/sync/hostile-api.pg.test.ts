import { expect, test } from 'vitest'
import { ApiProtocolError, ApiThrottledError } from '../../../src/errors.ts'
import { generate } from '../../../src/simulator/generate.ts'
import { DAY, HOUR, MILLISECOND } from '../../../src/values/instant.ts'
import { compareWithWorld, EQUAL } from '../../support/compare.ts'
import { createHarness, LONGEST_PAUSE_MS } from '../../support/harness.ts'
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

test.each([429, 503])(
  'A13, I11: %i with Retry-After of an hour, for hours: no id and no instant is looked for, and nothing is set aside',
  async (status) => {
    const { world, api, now, sync, advance, database } = await createHarness({
      holdFromMs: LONGEST_PAUSE_MS + 1,
    })
    generate(world, { seed: 1, jobs: 300, from: now() - 10 * DAY, to: now() - HOUR, fate: { stuckShare: 0 } })
    for (let index = 0; index < 50; index += 1)
      world.put({ id: `open-${index}`, createdAt: now() - HOUR, fields: { status: 'RUNNING' } })
    await sync()
    advance(2 * HOUR)
    api.requests.reset()
    const headers = { 'retry-after': '3600' }
    api.settings.intercept = () => ({ kind: 'status', status, body: '{"detail":"quota"}', headers })
    await expect(sync()).rejects.toThrow(ApiThrottledError)
    // Two attempts each of the head, by id and of a span. To look for what is at fault would wait for as long each time.
    expect(api.requests.total).toBeLessThanOrEqual(6)
    expect(
      (await database.pool.query('select from llamacloud_sync.spans where reason is not null')).rowCount,
    ).toBe(0)
    api.settings.intercept = undefined
    expect((await sync()).outcome).toBe('succeeded')
    expect(await compareWithWorld(database, world)).toEqual(EQUAL)
  },
)

test('A4, I11: an endless list of empty pages, with a fresh token for ever, ends with a clear error', async () => {
  const { api, sync, advance, database } = await createHarness()
  const emptyPages = createMisbehaviour({ knobs: { emptyPages: 1 }, seed: 1, now: () => 0 })
  const stop = new AbortController()
  api.settings.intercept = (request) => {
    if (request.count === 10_000) stop.abort(new Error('it asks without end'))
    return emptyPages(request)
  }
  // 1,000 pages of the head, and as many once it is cut off from what lies before.
  await expect(sync(undefined, { signal: stop.signal })).rejects.toThrow(ApiProtocolError)
  expect(api.requests.total).toBeLessThan(5_000)
  expect(await latestRun(database)).toMatchObject({
    outcome: 'failed',
    error: expect.stringMatching(/does not end/),
  })
  api.settings.intercept = undefined
  // What was set aside meanwhile is tried again by itself.
  advance(DAY)
  expect((await sync()).outcome).toBe('succeeded')
})
