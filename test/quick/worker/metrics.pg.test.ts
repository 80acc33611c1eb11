import { expect, test } from 'vitest'
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

test.each([
  ['from the beginning', false],
  ['after it had succeeded', true],
])(
  'I12: every cycle of a source fails, %s: it is not ready, though alive, and what the alerts look at tells it',
  async (_, hasSucceeded) => {
    const { harness, service, get, look } = await createScene()
    const { world, api } = harness
    world.put({ id: 'a', createdAt: harness.now() - DAY, fields: { status: 'COMPLETED' } })
    if (hasSucceeded) await service.tick()
    api.settings.intercept = () => ({ kind: 'status', status: 422, body: '{}' })
    for (let cycle = 0; cycle < 14; cycle += 1) {
      harness.advance(10 * MINUTE)
      await service.tick()
    }
    const values = await look()
    expect(of(values, 'cycles_total', ',outcome="failed"')).toBe(14)
    // As in docs/prometheus-rules.yml: stale, and lagging. Where neither is known yet, none has ever succeeded.
    expect((of(values, 'last_success_age_seconds') ?? Number.NaN) > 3_600).toBe(hasSucceeded)
    expect((of(values, 'watermark_lag_seconds') ?? Number.NaN) > 7_200).toBe(hasSucceeded)
    expect(await get('/readyz')).toMatchObject({ status: 503 })
    expect(await get('/healthz')).toMatchObject({ status: 200 })

    api.settings.intercept = undefined
    harness.advance(10 * MINUTE)
    await service.tick()
    expect(await get('/readyz')).toMatchObject({ status: 200 })
    expect(of(await look(), 'watermark_lag_seconds')).toBeLessThan(60)
    await service.stop()
  },
)

test('every metric of the worker moves, and readiness follows', async () => {
  const { harness, service, get, look } = await createScene()
  const { world, api, database } = harness
  const createdAt = harness.now() - DAY
  for (const id of ['a', 'c', 'd']) world.put({ id, createdAt, fields: { status: 'COMPLETED' } })
  world.put({ id: 'b', createdAt: harness.now(), fields: { status: 'COMPLETED' } })
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
  // The head and the history.
  expect(of(first, 'requests_total', ',status="200"')).toBeGreaterThanOrEqual(2)
  expect(of(first, 'last_success_age_seconds')).toBeGreaterThan(0)
  expect(of(first, 'watermark_lag_seconds')).toEqual(expect.any(Number))
  for (const name of ['process_cpu_seconds_total', 'nodejs_heap_size_used_bytes']) {
    expect(first.get(name)).toBeGreaterThan(0)
  }
  expect(await get('/readyz')).toMatchObject({ status: 200, body: '{"ready":true,"reasons":[]}\n' })
  expect(await get('/healthz')).toMatchObject({ status: 200 })

  // One that is older is stale.
  await database.pool.query(
    `update llamacloud.classify_jobs set updated_at = updated_at + interval '1 year' where id = 'b'`,
  )
  harness.advance(4 * MINUTE)
  await service.tick()
  // A finished job that differs is repaired, the open one ends, one vanishes.
  await database.pool.query(`update llamacloud.classify_jobs set user_id = 'somebody else' where id = 'a'`)
  world.patch('open', { status: 'COMPLETED' })
  world.remove('c')
  for (let cycle = 3; cycle <= 18; cycle++) {
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

test('what is held, in quarantine and dark is told, and a cycle that is degraded for it', async () => {
  const { harness, service, look } = await createScene()
  await service.tick()
  const well = await look()
  for (const name of ['held_jobs', 'quarantined', 'dark_seconds'])
    expect([name, of(well, name)]).toEqual([name, 0])
  await harness.database.pool.query(
    `insert into llamacloud_sync.rechecks (source, job_id, noted_at, due_at, missed_at, reason, quarantined_at)
    values ('default', 'held', now(), now() + interval '1 day', now(), null, null),
      ('default', 'failing', now(), now() + interval '1 day', null, '500', now())`,
  )
  harness.advance(10 * MINUTE)
  await service.tick()
  await harness.database.pool.query(
    `update llamacloud_sync.sources set dark_since = now() - interval '2 minutes'`,
  )
  const unwell = await look()
  expect(of(unwell, 'held_jobs')).toBe(1)
  expect(of(unwell, 'quarantined')).toBe(1)
  expect(of(unwell, 'dark_seconds')).toBeGreaterThanOrEqual(120)
  expect(of(unwell, 'cycles_total', ',outcome="degraded"')).toBe(1)
  await service.stop()
})

test('a database that does not answer is told, and costs no wait beyond its time', async () => {
  const { service, get, look } = await createScene()
  await service.tick()
  expect(of(await look(), 'last_success_age_seconds')).toBeDefined()
  await service.stop()
  service.loseDatabase()
  const lost = await look()
  expect(lost.get('llamacloud_sync_database_up')).toBe(0)
  // What it said last is no longer true: another worker may hold the lease by now.
  const ofDatabase = [...lost.keys()].filter((name) =>
    /_(jobs|rejects|quarantined|dark_seconds|lag_seconds|left_seconds|age_seconds|lease_held)\{/.test(name),
  )
  expect(ofDatabase).toEqual([])
  expect(of(lost, 'cycles_total', ',outcome="succeeded"')).toBe(1)
  expect(await get('/readyz')).toMatchObject({ status: 503, body: expect.stringMatching(/does not answer/) })
})
