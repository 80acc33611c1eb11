import { expect, test } from 'vitest'
import { systemClock } from '../../../src/clock.ts'
import { DAY, HOUR, MINUTE, SECOND } from '../../../src/values/instant.ts'
import { createRoutes } from '../../../src/worker/observer.ts'
import { readSchedule } from '../../../src/worker/schedule.ts'
import { createHarness } from '../../support/harness.ts'
import { startService } from './serve-support.ts'

type Values = ReadonlyMap<string, number>

/** The lines of an exposition without their histograms' buckets, by name and labels. */
function parse(text: string): Values {
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'))
  return new Map(lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.split(' ').at(-1))]))
}

const of = (values: Values, name: string, labels = '') =>
  values.get(`llamacloud_sync_${name}{source="default"${labels}}`)

async function createScene() {
  const harness = await createHarness({ run: { reconcileEveryMs: 1, startAt: 1_767_225_600_000_000 } })
  const service = startService(harness)
  const routes = createRoutes({
    names: ['default'],
    schedule: readSchedule('*/5 * * * *'),
    // The patience with the database is without end.
    clock: { ...harness.clock, sleep: () => new Promise<void>(() => {}) },
    workplace: service.workplace,
    metrics: service.metrics,
    lastBeat: () => harness.clock.monotonic(),
  })
  const get = async (path: string) => routes[path]!()
  const look = async () => parse((await get('/metrics')).body)
  return { harness, service, get, look }
}

test('every metric of the worker moves, and readiness follows', async () => {
  const { harness, service, get, look } = await createScene()
  const { world, api, database } = harness
  const createdAt = harness.now() - DAY
  for (const id of ['a', 'b', 'c', 'd']) world.put({ id, createdAt, fields: { status: 'COMPLETED' } })
  world.put({ id: 'open', createdAt, fields: { status: 'RUNNING' } })
  world.put({ id: 'no job', createdAt, payload: { id: 7 } })

  expect(await get('/readyz')).toMatchObject({
    status: 503,
    body: expect.stringMatching(/no cycle has succeeded/),
  })
  const hold = Promise.withResolvers<void>()
  const reached = Promise.withResolvers<void>()
  let requests = 0
  api.settings.intercept = async () => {
    requests += 1
    if (requests === 1) return { kind: 'status', status: 429, headers: { 'retry-after': '1' } }
    if (requests < 3) return undefined
    reached.resolve()
    await hold.promise
    return undefined
  }
  service.tickOnly()
  await reached.promise
  const during = await look()
  expect(of(during, 'lease_held')).toBe(1)
  expect(of(during, 'history_left_seconds')).toBeGreaterThan(HOUR / 1e6)
  expect(of(during, 'requests_total', ',status="429"')).toBe(1)
  expect(of(during, 'retries_total')).toBe(1)
  expect(of(during, 'pauses_total')).toBe(1)
  hold.resolve()
  await service.endedCycle(1)
  harness.advance(SECOND)

  const first = await look()
  expect(first.get('llamacloud_sync_database_up')).toBe(1)
  expect(of(first, 'lease_held')).toBe(0)
  expect(of(first, 'history_left_seconds')).toBe(0)
  expect(of(first, 'rows_total', ',fate="inserted"')).toBe(5)
  expect(of(first, 'rows_total', ',fate="rejected"')).toBeGreaterThan(0)
  expect(of(first, 'rejects')).toBe(1)
  expect(of(first, 'open_jobs')).toBe(1)
  expect(of(first, 'cycles_total', ',outcome="succeeded"')).toBe(1)
  expect(of(first, 'cycle_duration_seconds_count')).toBe(1)
  expect(of(first, 'requests_total', ',status="200"')).toBeGreaterThan(2)
  expect(of(first, 'last_success_age_seconds')).toBeGreaterThan(0)
  expect(of(first, 'watermark_lag_seconds')).toEqual(expect.any(Number))
  for (const name of ['process_cpu_seconds_total', 'nodejs_heap_size_used_bytes']) {
    expect(first.get(name)).toBeGreaterThan(0)
  }
  expect(await get('/readyz')).toMatchObject({ status: 200, body: '{"ready":true,"reasons":[]}\n' })
  expect(await get('/healthz')).toMatchObject({ status: 200 })

  // A finished job that differs is repaired, one that is older is stale, the open one ends, one vanishes.
  await database.pool.query(`update llamacloud.classify_jobs set user_id = 'somebody else' where id = 'a'`)
  await database.pool.query(
    `update llamacloud.classify_jobs set updated_at = updated_at + interval '1 year' where id = 'b'`,
  )
  world.patch('open', { status: 'COMPLETED' })
  world.remove('c')
  for (let cycle = 2; cycle <= 6; cycle++) {
    harness.advance(10 * MINUTE)
    await service.tick()
  }
  const last = await look()
  expect(of(last, 'repairs_total')).toBeGreaterThan(0)
  expect(of(last, 'deletions_total')).toBe(1)
  expect(of(last, 'open_jobs')).toBe(0)
  for (const fate of ['updated', 'unchanged', 'stale']) {
    expect([fate, of(last, 'rows_total', `,fate="${fate}"`)! > 0]).toEqual([fate, true])
  }

  api.settings.intercept = () => ({ kind: 'status', status: 401 })
  harness.advance(10 * MINUTE)
  await service.tick()
  expect(of(await look(), 'cycles_total', ',outcome="failed"')).toBe(1)
  await service.stop()
})

test('a database that does not answer is told, and costs no wait beyond its time', async () => {
  const { service, get, look } = await createScene()
  await service.stop()
  service.loseDatabase()
  expect((await look()).get('llamacloud_sync_database_up')).toBe(0)
  expect(await get('/readyz')).toMatchObject({ status: 503, body: expect.stringMatching(/does not answer/) })
})
