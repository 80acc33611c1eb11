import { expect, test } from 'vitest'
import type { Fault } from '../../../src/simulator/faults.ts'
import { reconcileOnce } from '../../../src/sync/cycle.ts'
import { DAY, HOUR, MINUTE } from '../../../src/values/instant.ts'
import { createHarness, type Harness, type HarnessOptions, text } from '../../support/harness.ts'
import { cycles, failures, rowVersions, runOnce, UNLIMITED, verified } from '../../sync/histories/support.ts'

/** Turns are then so near that the virtual clock jumps to each. */
const RATE = { count: 120, perMs: 60_000 }
const PATH = '/api/v2/classify'

/** A harness that notes when each job was asked for alone, and how many requests of other kinds came after. */
async function asking(options: HarnessOptions = {}) {
  const harness = await createHarness({ credits: true, ...options })
  const { api, now } = harness
  const asked: { readonly id: string; readonly at: number }[] = []
  const order: ('list' | 'alone')[] = []
  const faults = new Map<string, Fault>()
  api.settings.intercept = ({ url }) => {
    const [, id] = url.pathname.split(`${PATH}/`)
    order.push(id === undefined ? 'list' : 'alone')
    if (id === undefined) return undefined
    asked.push({ id, at: now() })
    return faults.get(id) ?? faults.get('*')
  }
  return { ...harness, asked, order, faults, harness }
}

/** Jobs that ended so long ago, each with this usage. */
function putEnded({ world, now }: Harness, count: number, ago: number, usage: object | null): string[] {
  const ids = Array.from({ length: count }, (_, index) => `clj-${String(index).padStart(3, '0')}`)
  const end = now() - ago
  for (const [index, id] of ids.entries()) {
    const fields = { status: 'COMPLETED', updated_at: text(end), usage: usage as never }
    world.put({ id, createdAt: end - MINUTE - index, fields })
  }
  return ids
}

const BILLED = { credits: 4, parse_credits: 3 }

async function credits({ database }: Harness): Promise<Record<string, number | null>> {
  const { rows } = await database.pool.query<{ id: string; credits: number | null }>(
    'select id, credits from llamacloud.classify_jobs order by id',
  )
  return Object.fromEntries(rows.map((row) => [row.id, row.credits]))
}

const allOf = (ids: readonly string[], value: number | null) =>
  Object.fromEntries(ids.map((id) => [id, value]))

test('without SYNC_CREDITS no job is asked for alone, and nothing is noted', async () => {
  const { harness, asked, database, sync } = await asking({ credits: false })
  const ids = putEnded(harness, 3, HOUR, BILLED)
  await sync()
  expect(asked).toEqual([])
  expect(await credits(harness)).toEqual(allOf(ids, null))
  expect((await database.pool.query('select from llamacloud_sync.credit_checks')).rowCount).toBe(0)
})

test('credits that come late and change once more: a job is asked for at its times, and after a day no more', async () => {
  const { harness, world, now, asked, database } = await asking()
  const end = now()
  putEnded(harness, 1, 0, null)
  world.put({
    id: 'clj-000',
    createdAt: end - MINUTE,
    fields: { status: 'COMPLETED', updated_at: text(end), usage: null },
    steps: [
      { at: end + 30 * MINUTE, changes: { usage: BILLED, updated_at: text(end) } },
      { at: end + 12 * HOUR, changes: { usage: { credits: 6, parse_credits: 5 }, updated_at: text(end) } },
    ],
  })
  const ran = await cycles(harness, { during: 2 * HOUR, every: 10 * MINUTE })
  expect(await credits(harness)).toEqual({ 'clj-000': 4 })
  ran.push(...(await cycles(harness, { during: 46 * HOUR, every: 2 * HOUR })))
  expect(failures(ran)).toEqual([])
  expect(asked.map(({ at }) => Math.round((at - end) / MINUTE))).toEqual([10, 60, 24 * 60])
  expect(await credits(harness)).toEqual({ 'clj-000': 6 })
  expect((await database.pool.query('select from llamacloud_sync.credit_checks')).rowCount).toBe(0)
})

test.each([
  ['runs again', true],
  ['is revised', false],
])('A6: a job that was billed %s: it is asked for its credits once more', async (_how, runs) => {
  const { harness, world, database } = await asking()
  const [id = ''] = putEnded(harness, 1, HOUR, BILLED)
  await cycles(harness, { during: 3 * DAY, every: 2 * HOUR })
  expect(await credits(harness)).toEqual({ [id]: 4 })
  if (runs) {
    world.patch(id, { status: 'RUNNING' })
    await runOnce(harness, { work: reconcileOnce })
  }
  world.patch(id, { status: 'FAILED', usage: { credits: 9, parse_credits: 3 } })
  await runOnce(harness, { work: reconcileOnce })
  await cycles(harness, { during: 2 * DAY, every: HOUR })
  expect(await credits(harness)).toEqual({ [id]: 9 })
  expect((await database.pool.query('select from llamacloud_sync.credit_checks')).rowCount).toBe(0)
})

test.each([
  ['runs again', true],
  ['is revised', false],
])('I8: a job that was not billed within a day %s: it is asked for its credits again', async (_how, runs) => {
  const { harness, world, asked, database } = await asking()
  const [id = ''] = putEnded(harness, 1, HOUR, null)
  await cycles(harness, { during: 2 * DAY, every: 2 * HOUR })
  expect(await credits(harness)).toEqual({ [id]: null })
  if (runs) {
    world.patch(id, { status: 'RUNNING' })
    await runOnce(harness, { work: reconcileOnce })
  }
  world.patch(id, { status: 'FAILED', usage: BILLED })
  asked.splice(0)
  await runOnce(harness, { work: reconcileOnce })
  await cycles(harness, { during: 2 * DAY, every: HOUR })
  expect(await credits(harness)).toEqual({ [id]: BILLED.credits })
  expect(asked.length).toBe(2)
  expect((await database.pool.query('select from llamacloud_sync.credit_checks')).rowCount).toBe(0)
})

test('I8, I11: where requests for credits failed for days, each job is asked for once a week until they come', async () => {
  const { harness, asked, faults, database } = await asking()
  const ids = putEnded(harness, 4, HOUR, BILLED)
  faults.set('*', { kind: 'status', status: 500 })
  await cycles(harness, { during: 5 * DAY, every: HOUR })
  expect(asked.length).toBe(6 * ids.length)
  asked.splice(0)
  await cycles(harness, { during: 7 * DAY, every: 6 * HOUR })
  expect(asked.map((each) => each.id).toSorted()).toEqual(ids)
  faults.clear()
  await cycles(harness, { during: 7 * DAY, every: 6 * HOUR })
  expect(await credits(harness)).toEqual(allOf(ids, BILLED.credits))
  expect((await database.pool.query('select from llamacloud_sync.credit_checks')).rowCount).toBe(0)
})

test('I5: a listing, which tells no credits, takes none back; verify sees no difference, and nobody asks again', async () => {
  const { harness, source, asked, database, sync } = await asking()
  const ids = putEnded(harness, 5, 3 * DAY, BILLED)
  await sync()
  expect(await credits(harness)).toEqual(allOf(ids, 4))
  const versions = await rowVersions(database)
  await reconcileOnce(source, UNLIMITED)
  expect(await rowVersions(database)).toEqual(versions)
  expect(await verified(source)).toEqual({ differences: [], stored: ids.length })
  expect(asked.length).toBe(ids.length)
  const { rows } = await database.pool.query('select sum(repairs)::int as repairs from llamacloud_sync.runs')
  expect(rows).toEqual([{ repairs: 0 }])
})

test('a job that is never billed is asked for no more, however often its span is read again', async () => {
  const { harness, source, asked, sync } = await asking()
  putEnded(harness, 2, 3 * DAY, null)
  await sync()
  expect(asked.length).toBe(2)
  await reconcileOnce(source, UNLIMITED)
  await sync()
  expect(asked.length).toBe(2)
})

test('credits come behind all other work of a cycle, newest first, and take at most a quarter of the rate', async () => {
  const { harness, world, now, asked, order } = await asking({ rateLimit: RATE })
  putEnded(harness, 200, 2 * DAY, BILLED)
  const late = { status: 'COMPLETED', updated_at: text(now() - 5 * MINUTE), usage: BILLED }
  world.put({ id: 'clj-new', createdAt: now() - 10 * MINUTE, fields: late })
  const ran = await cycles(harness, {
    during: 12 * MINUTE,
    every: MINUTE,
    limits: { tickMs: 60_000 },
    each: () => {
      expect(order.lastIndexOf('list')).toBeLessThan(order.concat('alone').indexOf('alone'))
      order.splice(0)
    },
  })
  expect(failures(ran)).toEqual([])
  expect(asked.length).toBeGreaterThan(120)
  for (const { at } of asked)
    expect(asked.filter((other) => other.at >= at && other.at < at + MINUTE).length).toBeLessThanOrEqual(30)
  // It was due after five minutes, while most of the others still waited.
  const place = asked.findIndex(({ id }) => id === 'clj-new')
  expect(place).toBeGreaterThan(0)
  expect(place).toBeLessThan(asked.length - 5)
  expect(await credits(harness)).toMatchObject({ 'clj-new': 4 })
})

test('a run that is due to end asks for nothing more', async () => {
  const { harness, asked, sync } = await asking({ rateLimit: RATE })
  putEnded(harness, 30, 2 * DAY, BILLED)
  await sync(harness.source, { maxRuntimeMs: 20_000 })
  expect(asked.length).toBeGreaterThan(0)
  expect(asked.length).toBeLessThanOrEqual(10)
})

test.each<[string, Fault]>([
  ['404', { kind: 'status', status: 404 }],
  ['500', { kind: 'status', status: 500 }],
  ['HTML', { kind: 'garbage' }],
])(
  'I12: a job whose request fails with %s costs itself only, and is asked for six times in five days',
  async (_, fault) => {
    const { harness, asked, faults, database, sync } = await asking()
    const ids = putEnded(harness, 10, 2 * DAY, BILLED)
    faults.set('clj-004', fault)
    expect((await sync()).outcome).toBe('succeeded')
    expect(await credits(harness)).toEqual({ ...allOf(ids, 4), 'clj-004': null })
    const ran = await cycles(harness, { during: 5 * DAY, every: 4 * HOUR })
    expect(failures(ran)).toEqual([])
    expect(asked.filter(({ id }) => id === 'clj-004').length).toBe(6)
    expect(asked.length).toBe(9 + 6)
    const { rows } = await database.pool.query(
      'select deleted_at from llamacloud.classify_jobs where id = $1',
      ['clj-004'],
    )
    expect(rows).toEqual([{ deleted_at: null }])
  },
)

test.each<[string, Fault, number]>([
  ['fails', { kind: 'status', status: 503 }, 3 + 8],
  ['is forbidden', { kind: 'status', status: 403 }, 8],
])(
  'where every such request %s few are made, no cycle fails, and all is made up for later',
  async (_, fault, most) => {
    const { harness, asked, faults, sync, advance } = await asking()
    const ids = putEnded(harness, 40, 2 * DAY, BILLED)
    faults.set('*', fault)
    expect((await sync()).outcome).toBe('succeeded')
    expect(asked.length).toBeLessThanOrEqual(most)
    faults.clear()
    advance(HOUR)
    expect((await sync()).outcome).toBe('succeeded')
    expect(await credits(harness)).toEqual(allOf(ids, 4))
  },
)

test('workers that are cut off at any request leave nothing out, and ask again only for what was under way', async () => {
  const { harness, api, asked, worker, sync, database } = await asking()
  const ids = putEnded(harness, 60, 2 * DAY, BILLED)
  const note = api.settings.intercept!
  let cuts = 0
  for (const after of [1, 2, 5, 9, 3]) {
    const cut = new AbortController()
    let count = 0
    api.settings.intercept = (request) => {
      if (request.url.pathname.startsWith(`${PATH}/`) && ++count === after) cut.abort(new Error('cut off'))
      return note(request)
    }
    const { outcome } = await sync(worker(), { signal: cut.signal })
    expect(outcome).toBe('stopped')
    cuts += 1
  }
  api.settings.intercept = note
  expect((await sync(worker())).outcome).toBe('succeeded')
  expect(await credits(harness)).toEqual(allOf(ids, 4))
  expect(asked.length).toBeLessThanOrEqual(ids.length + cuts * 2 * 8)
  expect((await database.pool.query('select from llamacloud_sync.credit_checks')).rowCount).toBe(0)
  const sums =
    'select sum(received) - sum(inserted + updated + unchanged + stale + rejected) as lost from llamacloud_sync.runs'
  expect((await database.pool.query(sums)).rows).toEqual([{ lost: 0 }])
})

test('a job that is marked as deleted is asked for no more; one that is back is', async () => {
  const { harness, world, asked, faults, database, sync, source } = await asking()
  putEnded(harness, 30, 2 * DAY, BILLED)
  faults.set('*', { kind: 'status', status: 403 })
  await sync()
  world.remove('clj-007')
  await reconcileOnce(source, UNLIMITED)
  await cycles(harness, { during: 3 * HOUR, every: 30 * MINUTE })
  const noted = 'select job_id from llamacloud_sync.credit_checks where job_id = $1'
  expect((await database.pool.query(noted, ['clj-007'])).rows).toEqual([])
  faults.clear()
  world.restore('clj-007')
  await reconcileOnce(source, UNLIMITED)
  await sync()
  expect(await credits(harness)).toMatchObject({ 'clj-007': 4 })
  expect(asked.filter(({ id }) => id === 'clj-007').length).toBeGreaterThan(0)
})

test.each<[string, object]>([
  ['costs more', { credits: 4, parse_credits: 3 }],
  ['was never billed before', { credits: null }],
])(
  'I8: a job that runs again while SYNC_CREDITS is off is asked for once it is on again: one that %s',
  async (_, usage) => {
    const { harness, world, now, asked, worker } = await asking()
    putEnded(harness, 1, 2 * DAY, usage)
    const during = (days: number, credits: boolean) =>
      cycles(harness, { source: worker({}, {}, { credits }), during: days * DAY, every: 6 * HOUR })
    const ran = await during(3, true)
    asked.length = 0
    world.patch('clj-000', { updated_at: text(now()), usage: { credits: 6, parse_credits: 5 } })
    await reconcileOnce(worker({}, {}, { credits: false }), UNLIMITED)
    ran.push(...(await during(3, false)))
    expect(asked).toEqual([])
    ran.push(...(await during(3, true)))
    expect(failures(ran)).toEqual([])
    expect(asked.length).toBe(1)
    expect(await credits(harness)).toEqual({ 'clj-000': 6 })
  },
)

test('I15: a reply of which nothing is stored does not hold up what is settled', async () => {
  const { harness, faults, database } = await asking({ rateLimit: RATE })
  const ids = putEnded(harness, 20, HOUR, BILLED)
  for (const id of ids.slice(0, 2)) faults.set(id, { kind: 'status', status: 200, body: '{}' })
  await harness.sync()
  const { rows } = await database.pool.query(
    `select settled_until > (select finished_at from llamacloud_sync.runs) - interval '1 second' as settled,
      (select count(*)::int from llamacloud.classify_jobs where credits is not null) as billed
    from llamacloud.sync_freshness`,
  )
  expect(rows).toEqual([{ settled: true, billed: 18 }])
})
