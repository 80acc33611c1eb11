import { expect, test } from 'vitest'
import type { Intercept } from '../../../../src/simulator/faults.ts'
import { generate } from '../../../../src/simulator/generate.ts'
import type { JsonObject } from '../../../../src/simulator/json.ts'
import { DEFAULT_ORGANIZATION } from '../../../../src/simulator/world.ts'
import { DAY, formatInstant, HOUR, type Instant, MILLISECOND } from '../../../../src/values/instant.ts'
import { lookUpNames } from '../../../../src/worker/look-up.ts'
import { createHarness, type Harness } from '../../../support/harness.ts'

const signal = new AbortController().signal

interface Reading extends Harness {
  /** A cycle and the lookups behind it, by a process of its own, whose clock may be ahead. Returns what of usage they asked for. */
  read(ahead?: Instant): Promise<URLSearchParams[]>
  rows(sql: string): Promise<Record<string, unknown>[]>
}

async function reading(days: number, organizationId: string | null = DEFAULT_ORGANIZATION): Promise<Reading> {
  const harness = await createHarness({ lookups: ['projects', 'usage'] })
  const { world, now, api } = harness
  generate(world, { seed: 'usage', jobs: 400, from: now() - days * DAY, to: now() })
  const startAt = now() - days * DAY
  const read = async (ahead = 0) => {
    const wall = { ...harness.clock, now: () => harness.clock.now() + ahead / MILLISECOND }
    const settings = { startAt, ...(organizationId !== null && { organizationId }) }
    const source = harness.worker({ clock: wall }, settings)
    await harness.sync(source)
    const before = api.requests.entries.length
    await source.lookUp?.(signal)
    const asked = api.requests.entries.slice(before)
    return asked.filter(({ path }) => path.endsWith('/usage-metrics')).map(({ query }) => query)
  }
  const rows = async (sql: string) => (await harness.database.pool.query(sql)).rows
  return { ...harness, read, rows }
}

const dayBefore = (at: Instant, days: number) => formatInstant(at - days * DAY).slice(0, 10)

const STORED = 'select id, credits, xmin::text from llamacloud.usage_metrics order by id'
const ASIDE = "select lookup, reason from llamacloud_sync.lookups where lookup like 'usage from %' order by 1"
const STATE =
  "select reason, read_until::date::text as day, read_id as id from llamacloud_sync.lookups where lookup = 'usage'"

test('usage is read a week at a time, the latest days four times a day; an unchanged metric is not written', async () => {
  const { world, now, advance, read, rows } = await reading(20)
  const asked = await read()
  expect(new Set(asked.map((query) => query.get('day_on_or_after')))).toEqual(
    new Set([20, 13, 6].map((days) => dayBefore(now(), days))),
  )
  const stored = await rows(STORED)
  expect(stored.length).toBeGreaterThan(350)
  const matched = await rows(`
    select count(distinct job.id)::int as jobs, count(*)::int as metrics
    from llamacloud.classify_jobs as job
    join llamacloud.usage_metrics as usage on usage.event_aggregation_key = job.id and usage.day = job.created_at::date`)
  expect(matched).toEqual([{ jobs: stored.length, metrics: stored.length }])

  expect(await read()).toEqual([])
  world.put({
    id: 'new',
    createdAt: now(),
    fields: { status: 'COMPLETED', updated_at: formatInstant(now()) },
  })
  advance(6 * HOUR)
  const again = await read()
  expect(again.map((query) => query.get('day_on_or_after'))).toEqual([dayBefore(now(), 2)])
  const renewed = await rows(STORED)
  expect(renewed.filter(({ id }) => id === 'new')).toMatchObject([{ credits: expect.any(Number) }])
  expect(renewed.filter(({ xmin }) => stored.some((row) => row.xmin === xmin))).toHaveLength(stored.length)
})

test('I12: usage that may not be read, or has no organization, is said and costs nothing else', async () => {
  for (const [organization, reason] of [
    ['33333333-3333-4333-8333-333333333333', /403/],
    [undefined, /set LLAMA_CLOUD_ORGANIZATION_ID/],
  ] as const) {
    const { read, rows } = await reading(2, organization ?? null)
    await read()
    expect((await rows(STATE))[0]).toMatchObject({ reason: expect.stringMatching(reason), day: null })
    expect(await rows('select count(*)::int as projects from llamacloud.projects')).toEqual([{ projects: 1 }])
    expect(await read()).toEqual([])
  }
})

test('I11: a reading goes on where it was, by the token; one that expired begins its days again (A2)', async () => {
  const { api, now, advance, read, rows } = await reading(3)
  let left = 2
  api.settings.intercept = ({ url }) => {
    if (!url.pathname.endsWith('/usage-metrics')) return undefined
    left -= 1
    return left < 0 ? { kind: 'status', status: 503 } : undefined
  }
  await read()
  expect(await rows(STATE)).toMatchObject([
    { reason: expect.stringMatching(/503/), day: dayBefore(now(), 3), id: `${dayBefore(now(), 3)} 2 200` },
  ])
  left = 1
  advance(HOUR)
  const [first] = await read()
  expect(first?.get('page_token')).toBe('200')
  api.settings.intercept = ({ query }) =>
    query.has('page_token') ? { kind: 'status', status: 410 } : undefined
  advance(HOUR)
  await read()
  const begin = dayBefore(now(), 3)
  expect(await rows(STATE)).toMatchObject([{ reason: expect.any(String), day: begin, id: `${begin} again` }])
  api.settings.intercept = undefined
  advance(HOUR)
  await read()
  expect(await rows(STATE)).toEqual([{ reason: null, day: dayBefore(now(), 2), id: begin }])
  expect(await rows(ASIDE)).toEqual([])
})

test('A14: the clock of the worker, or of the database, is a year ahead for a week: no day of it is left out', async () => {
  for (const whose of ['worker', 'database'] as const) {
    const { world, now, advance, read, rows, setDatabaseAhead } = await reading(1)
    generate(world, {
      seed: 'to come',
      jobs: 200,
      from: now(),
      to: now() + 10 * DAY,
      fate: { stuckShare: 0 },
    })
    await read()
    const ahead = 365 * DAY
    if (whose === 'database') setDatabaseAhead(ahead)
    for (let day = 0; day < 7; day += 1) {
      advance(DAY)
      await read(whose === 'worker' ? ahead : 0)
    }
    setDatabaseAhead(0)
    for (let day = 0; day < 4; day += 1) {
      advance(DAY)
      await read()
    }
    const missing = await rows(`
      select id, created_at from llamacloud.classify_jobs as job
      where status = 'COMPLETED' and created_at > '${formatInstant(now() - 12 * DAY)}' and not exists (
        select from llamacloud.usage_metrics where event_aggregation_key = job.id
      )`)
    expect([whose, missing]).toEqual([whose, []])
  }
})

test('A4: a listing of days that loops once is begun again, and nothing of it is left out', async () => {
  const { api, advance, read, rows } = await reading(6)
  let left = 1
  api.settings.intercept = ({ url, query }) => {
    if (!url.pathname.endsWith('/usage-metrics') || !query.has('page_token') || left === 0) return undefined
    left -= 1
    const page_token = query.get('page_token')
    return { kind: 'page', change: (page) => ({ ...page, next_page_token: page_token }) }
  }
  await read()
  expect(left).toBe(0)
  for (let turn = 0; turn < 10; turn += 1) {
    advance(HOUR)
    await read()
  }
  const missing = await rows(`
    select id from llamacloud.classify_jobs as job
    where status = 'COMPLETED' and not exists (
      select from llamacloud.usage_metrics where event_aggregation_key = job.id
    )`)
  expect(missing).toEqual([])
})

test('A4, I11: days whose listing does not end twice are set aside, and tried again a day later', async () => {
  const { api, now, advance, read, rows } = await reading(3)
  api.settings.intercept = ({ url }) =>
    url.pathname.endsWith('/usage-metrics')
      ? { kind: 'page', change: (page) => ({ ...page, next_page_token: '100' }) }
      : undefined
  expect(await read()).toHaveLength(2)
  expect(await rows(STATE)).toMatchObject([
    { reason: expect.stringMatching(/does not end/), day: dayBefore(now(), 3) },
  ])
  advance(HOUR)
  // One shows that the API answers for today, two are of today, and two of the days that were set aside.
  expect(await read()).toHaveLength(1 + 2 + 2)
  expect(await rows(STATE)).toMatchObject([
    { reason: expect.stringMatching(/does not end/), day: dayBefore(now(), 0) },
  ])
  const lookup = `usage from ${dayBefore(now(), 3)} to ${dayBefore(now(), 1)}`
  expect(await rows(ASIDE)).toMatchObject([{ lookup, reason: expect.stringMatching(/does not end/) }])
  api.settings.intercept = undefined
  advance(HOUR)
  expect(await read()).toHaveLength(1)
  expect(await rows(STATE)).toMatchObject([{ reason: null, day: dayBefore(now(), 2) }])
  advance(DAY)
  await read()
  expect(await rows(ASIDE)).toEqual([])
})

test.each(['500', 'hang'] as const)(
  'A19, I12: days that always fail (%s) hold up no others, and are read once the API answers for them',
  async (how) => {
    const { api, clock, now, advance, read, rows, worker } = await reading(40)
    const poisoned = [20, 33].map((days) => dayBefore(now(), days))
    api.settings.intercept = ({ query }) => {
      const [from, to] = ['after', 'before'].map((bound) => query.get(`day_on_or_${bound}`) ?? '')
      if (!poisoned.some((day) => from! <= day && day <= to!)) return undefined
      return how === 'hang' ? { kind: 'hang' } : { kind: 'status', status: 500 }
    }
    const settings = { startAt: now() - 40 * DAY, organizationId: DEFAULT_ORGANIZATION }
    for (let hour = 0; hour < 12; hour += 1) {
      if (hour === 0) await read()
      else await lookUpNames([worker({}, settings)], { clock, signal })
      advance(HOUR)
    }
    const missing = `
      select distinct created_at::date::text as day from llamacloud.classify_jobs as job
      where status = 'COMPLETED' and not exists (
        select from llamacloud.usage_metrics where event_aggregation_key = job.id
      )
      order by 1`
    const weeks = await rows(ASIDE)
    expect(weeks).toHaveLength(2)
    const isAside = ({ day }: Record<string, unknown>) =>
      weeks.some(
        ({ lookup }) =>
          String(lookup).slice(11, 21) <= String(day) && String(day) <= String(lookup).slice(25),
      )
    expect((await rows(missing)).filter((row) => !isAside(row))).toEqual([])
    api.requests.reset()
    for (let hour = 0; hour < 24; hour += 1) {
      await lookUpNames([worker({}, settings)], { clock, signal })
      advance(HOUR)
    }
    // Each of the two weeks once, and the latest days four times.
    expect(
      api.requests.entries.filter(({ path }) => path.endsWith('/usage-metrics')).length,
    ).toBeLessThanOrEqual(6)
    api.settings.intercept = undefined
    // Else the same requests look as if they hung again.
    api.requests.reset()
    advance(DAY)
    await read()
    expect([await rows(missing), await rows(ASIDE)]).toEqual([[], []])
  },
)

const MISSING = `
  select created_at::date::text as day, count(*)::int as jobs from llamacloud.classify_jobs as job
  where status = 'COMPLETED' and not exists (
    select from llamacloud.usage_metrics where event_aggregation_key = job.id
  )
  group by 1 order by 1`

test('A18, I8: an API that shows no usage when it is first read costs none of it', async () => {
  const { api, advance, read, rows } = await reading(40)
  api.settings.intercept = ({ url }) =>
    url.pathname.endsWith('/usage-metrics') ? { kind: 'page', change: () => ({ items: [] }) } : undefined
  await read()
  expect(await rows(MISSING)).not.toEqual([])
  api.settings.intercept = undefined
  for (let day = 0; day < 8; day += 1) {
    advance(DAY)
    await read()
  }
  expect(await rows(MISSING)).toEqual([])
})

test('I8, I11: usage that is corrected within a week is read once more, a day a request', async () => {
  const { world, api, now, advance, read, rows } = await reading(1)
  const created = now() - HOUR
  world.put({
    id: 'revised',
    createdAt: created,
    fields: { status: 'COMPLETED', updated_at: formatInstant(created), usage: { credits: 3 } },
  })
  const until = async (days: number) => {
    for (let quarter = 0; quarter < 4 * days; quarter += 1) {
      advance(6 * HOUR)
      await read()
    }
  }
  await until(5)
  const credits = `select credits from llamacloud.usage_metrics where event_aggregation_key = 'revised'`
  const before = await rows(credits)
  const revise: Intercept = ({ url }) =>
    url.pathname.endsWith('/usage-metrics')
      ? {
          kind: 'page',
          change: ({ items, ...page }) => ({
            ...page,
            items: items.map((item) =>
              (item as JsonObject).event_aggregation_key === 'revised'
                ? { ...(item as JsonObject), credits: 77 }
                : item,
            ),
          }),
        }
      : undefined
  api.settings.intercept = revise
  await until(6)
  expect([before.length, await rows(credits)]).toEqual([1, [{ credits: 77 }]])
  api.requests.reset()
  await until(4)
  const asked = api.requests.entries.filter(({ path }) => path.endsWith('/usage-metrics'))
  expect(asked.length).toBeLessThanOrEqual(4 * (4 + 1))
})

test('I12: without an organization days that were to be read again are not asked for', async () => {
  const { api, advance, read, worker, rows } = await reading(20)
  await read()
  expect(await rows("select from llamacloud_sync.lookups where lookup like 'usage again %'")).not.toEqual([])
  advance(8 * DAY)
  api.requests.reset()
  await worker().lookUp?.(signal)
  expect(api.requests.entries.filter(({ path }) => path.endsWith('/usage-metrics'))).toEqual([])
  expect(await rows('select lookup from llamacloud_sync.lookups where reason is not null')).toEqual([
    { lookup: 'usage' },
  ])
})

test('usage of the days before comes where SYNC_START_AT was moved back, and nothing again where it was moved forth', async () => {
  const { now, advance, worker, api, rows, sync } = await reading(40)
  const at = now()
  const oldest = async (days: number) => {
    const source = worker({}, { startAt: at - days * DAY, organizationId: DEFAULT_ORGANIZATION })
    await sync(source)
    advance(6 * HOUR)
    api.requests.reset()
    await source.lookUp?.(signal)
    const asked = api.requests.entries.filter(({ path }) => path.endsWith('/usage-metrics'))
    const [row] = await rows('select min(day)::text as day from llamacloud.usage_metrics')
    return { day: row?.day, weeks: new Set(asked.map(({ query }) => query.get('day_on_or_after'))).size }
  }
  expect(await oldest(10)).toMatchObject({ day: dayBefore(at, 10), weeks: 2 })
  expect(await oldest(40)).toMatchObject({ day: dayBefore(at, 40), weeks: 6 })
  expect(await oldest(10)).toMatchObject({ day: dayBefore(at, 40), weeks: 1 })
  expect(await oldest(40)).toMatchObject({ day: dayBefore(at, 40), weeks: 1 })
})

test('I9: what a column cannot hold is null, and a metric without an id is passed over', async () => {
  const { api, read, rows } = await reading(1)
  const odd = {
    event_type: 7,
    day: '2026-02-30',
    value: 'many',
    credits: 'free',
    event_aggregation_key: 'x'.repeat(9_000),
  }
  api.settings.intercept = ({ url }) =>
    url.pathname.endsWith('/usage-metrics')
      ? { kind: 'page', change: () => ({ items: [{ id: 'odd', ...odd }, odd, null] }) }
      : undefined
  await read()
  expect(
    await rows(
      'select id, event_type, day, value, credits, length(event_aggregation_key) as key from llamacloud.usage_metrics',
    ),
  ).toEqual([{ id: 'odd', event_type: null, day: null, value: null, credits: null, key: 9_000 }])
})
