import { expect, test } from 'vitest'
import type { Intercept, Page } from '../../../../src/simulator/faults.ts'
import { generate } from '../../../../src/simulator/generate.ts'
import type { Simulator } from '../../../../src/simulator/server.ts'
import { DEFAULT_ORGANIZATION } from '../../../../src/simulator/world.ts'
import type { CountedSource } from '../../../../src/sources.ts'
import { reconcileOnce } from '../../../../src/sync/cycle.ts'
import { DAY, HOUR } from '../../../../src/values/instant.ts'
import { lookUpNames } from '../../../../src/worker/look-up.ts'
import { createHarness, type Harness, type HarnessOptions } from '../../../support/harness.ts'
import { together } from '../../../support/upstream-faults.ts'

const signal = new AbortController().signal

interface Looking extends Harness {
  /** A cycle and the look-up behind it, by a process of its own. Returns the paths that the look-up asked for. */
  look(): Promise<string[]>
  names(sql: string): Promise<unknown[]>
}

async function looking(
  lookups: readonly string[],
  rateLimit?: HarnessOptions['rateLimit'],
): Promise<Looking> {
  const harness = await createHarness({ lookups, ...(rateLimit && { rateLimit }) })
  generate(harness.world, { seed: 'names', jobs: 40, from: harness.now() - 3 * DAY, to: harness.now() - DAY })
  const look = async () => {
    const source: CountedSource = harness.worker()
    await harness.sync(source)
    const before = paths(harness.api).length
    await source.lookUp?.(signal)
    return paths(harness.api).slice(before)
  }
  const names = async (sql: string) => (await harness.database.pool.query(sql)).rows
  return { ...harness, look, names }
}

const idOf = (item: unknown) => (item as { id: string }).id

function paths({ requests }: Simulator): string[] {
  return requests.entries.map(({ path }) => path)
}

test('names are read whole once an hour while jobs arrive, else twice a day; an unchanged one is not written', async () => {
  const harness = await looking(['projects', 'configurations'])
  const { world, look, names } = harness
  expect(await look()).toEqual(['/api/v2/projects', '/api/v1/beta/configurations'])
  const detailed = await names(
    `select distinct project_name, configuration_name from llamacloud.classify_job_details where configuration_id is not null`,
  )
  const called = world.lookups.configurations.map(({ name }) => name)
  expect(detailed.length).toBeGreaterThan(1)
  for (const row of detailed as { project_name: string; configuration_name: string }[]) {
    expect(row.project_name).toBe('Project 1')
    expect(called).toContain(row.configuration_name)
  }
  const stored = 'select id, name, xmin::text from llamacloud.projects'
  const before = await names(stored)
  expect(await look()).toEqual([])
  harness.advance(HOUR)
  expect(await look()).toEqual([])
  world.put({ id: 'new', createdAt: harness.now() })
  expect(await look()).toHaveLength(2)
  expect(await names(stored)).toEqual(before)
  harness.advance(11 * HOUR)
  expect(await look()).toEqual([])
  harness.advance(HOUR)
  expect(await look()).toHaveLength(2)
})

test('I12: a lookup that is refused costs the others nothing', async () => {
  const { api, look, names } = await looking(['projects', 'configurations'])
  api.settings.intercept = ({ url }) =>
    url.pathname.includes('projects') ? { kind: 'status', status: 403 } : undefined
  await look()
  expect(await names('select count(*)::int as n from llamacloud.projects')).toEqual([{ n: 0 }])
  const [{ n }] = (await names('select count(*)::int as n from llamacloud.saved_configurations')) as [
    { n: number },
  ]
  expect(n).toBeGreaterThan(0)
  expect(
    await names('select lookup, reason is null as read from llamacloud_sync.lookups order by 1'),
  ).toEqual([
    { lookup: 'configurations', read: true },
    { lookup: 'projects', read: false },
  ])
})

test('A4: a listing of names that does not end is given up', async () => {
  const { api, look, names } = await looking(['projects'])
  api.settings.intercept = ({ url }) =>
    url.pathname.includes('projects')
      ? { kind: 'page', change: (page) => ({ ...page, next_page_token: '0' }) }
      : undefined
  expect(await look()).toHaveLength(2)
  expect(await names('select reason from llamacloud_sync.lookups')).toEqual([
    { reason: 'The listing of projects does not end.' },
  ])
})

const COUNTED = 'select count(*)::int as n from llamacloud.saved_configurations'

/** Adds saved configurations to those that the jobs name; returns how many there are then. */
function addConfigurations({ world }: Harness, count: number): number {
  const { configurations } = world.lookups
  for (let index = 0; index < count; index += 1)
    configurations.push({ id: `cfg-${index}`, name: `Configuration ${index}` })
  return configurations.length
}

/** Hourly look-ups while jobs arrive; returns how many requests each took. */
async function hourly({ world, now, advance, look }: Looking, hours: number): Promise<number[]> {
  const requests: number[] = []
  for (let hour = 0; hour < hours; hour += 1) {
    world.put({ id: `of ${now()}`, createdAt: now() })
    requests.push((await look()).length)
    advance(HOUR)
  }
  return requests
}

test('I11: names that are more than one turn reads all come, and take ten requests an hour from then on', async () => {
  const harness = await looking(['configurations'])
  const n = addConfigurations(harness, 10_050)
  expect(await hourly(harness, 3)).toEqual([100, 1, 0])
  expect(await harness.names(COUNTED)).toEqual([{ n }])
  const requests = await hourly(harness, 30)
  expect(requests.reduce((sum, each) => sum + each, 0)).toBeLessThanOrEqual(3 * 101)
})

test('I8: at the rate of the free tier all names come, in as many passes as that takes', async () => {
  const harness = await looking(['configurations'], { count: 20, perMs: 60_000 })
  const n = addConfigurations(harness, 2_000)
  const { clock, worker, names, sync } = harness
  await sync()
  const stored: unknown[] = []
  for (let pass = 0; pass < 4; pass += 1) {
    await lookUpNames([worker()], { clock, signal })
    stored.push(...(await names(COUNTED)))
  }
  expect(stored[0]).not.toEqual({ n })
  expect(stored.at(-1)).toEqual({ n })
})

test('A2, A12: a listing of names that failed goes on where it was; one whose token expired begins again', async () => {
  const harness = await looking(['configurations'])
  const n = addConfigurations(harness, 500)
  const { api, names, advance, look } = harness
  let left = 2
  api.settings.intercept = ({ url }) => {
    if (!url.pathname.endsWith('/configurations')) return undefined
    left -= 1
    return left < 0 ? { kind: 'status', status: 503 } : undefined
  }
  await look()
  left = 1
  advance(HOUR)
  await look()
  expect(await names(COUNTED)).toEqual([{ n: 300 }])
  api.settings.intercept = ({ query }) =>
    query.has('page_token') ? { kind: 'status', status: 410 } : undefined
  advance(HOUR)
  await look()
  expect(await names('select read_id from llamacloud_sync.lookups')).toEqual([{ read_id: '' }])
  api.settings.intercept = undefined
  await hourly(harness, 2)
  expect(await names(COUNTED)).toEqual([{ n }])
})

test('files are asked for once each; one that makes requests fail is passed over (A19)', async () => {
  const harness = await looking(['files'])
  const { api, look, names } = harness
  const inputs = `select count(distinct file_input)::int as n from llamacloud.classify_jobs where file_input like 'dfl-%'`
  await harness.sync()
  // What was stored just now is settled by the next cycle.
  harness.advance(HOUR)
  const [{ n }] = (await names(inputs)) as [{ n: number }]
  const [{ poison }] = (await names(
    `select substr(min(file_input), 5) as poison from llamacloud.classify_jobs where file_input like 'dfl-%'`,
  )) as [{ poison: string }]
  api.settings.intercept = ({ query }) =>
    query.getAll('file_ids').includes(poison) ? { kind: 'status', status: 500 } : undefined
  const stored = 'select count(*)::int as n from llamacloud.files'
  await look()
  expect(await names(stored)).toEqual([{ n: 0 }])
  harness.advance(HOUR)
  await look()
  expect(await names(stored)).toEqual([{ n: n - 1 }])
  expect(await look()).toEqual([])
})

test.each<[string, number, (poison: string) => Intercept]>([
  [
    'hides it for some hours (A18)',
    5,
    (poison) => () => ({
      kind: 'page',
      change: ({ items, ...page }) => ({ ...page, items: items.filter((item) => idOf(item) !== poison) }),
    }),
  ],
  [
    'fails for it for two days (A19)',
    48,
    (poison) =>
      ({ query }) =>
        query.getAll('file_ids').some((id) => poison.endsWith(id))
          ? { kind: 'status', status: 500 }
          : undefined,
  ],
])('I8, I11: where the API %s, a file is asked for again a day and a week later', async (_, hours, fault) => {
  const { api, advance, look, names, sync } = await looking(['files'])
  await sync()
  const inputs = `from llamacloud.classify_jobs where file_input like 'dfl-%'`
  const [{ poison, gone }] = (await names(
    `select min(file_input) as poison, max(file_input) as gone ${inputs}`,
  )) as [{ poison: string; gone: string }]
  const isHidden = fault(poison)
  const isGone: Intercept = () => ({
    kind: 'page',
    change: ({ items, ...page }) => ({ ...page, items: items.filter((item) => idOf(item) !== gone) }),
  })
  api.settings.intercept = together(isGone, isHidden)
  for (let hour = 0; hour < hours; hour += 1) {
    await look()
    advance(HOUR)
  }
  const missing = `select distinct file_input as id ${inputs} and file_input not in (select id from llamacloud.files) order by 1`
  expect(await names(missing)).toEqual([{ id: poison }, { id: gone }])
  api.settings.intercept = isGone
  for (let day = 0; day < 10; day += 1) {
    await look()
    advance(DAY)
  }
  expect(await names(missing)).toEqual([{ id: gone }])
  const before = api.requests.total
  for (let day = 0; day < 10; day += 1) {
    expect(await look()).toEqual([])
    advance(DAY)
  }
  expect(api.requests.total).toBeGreaterThan(before)
})

test('names and usage that somebody removed come again after a reconcile, and only then', async () => {
  const { advance, names, sync, worker, now } = await looking(['projects', 'files', 'usage'])
  const settings = { startAt: now() - 3 * DAY, organizationId: DEFAULT_ORGANIZATION }
  const lookAgain = async () => {
    advance(12 * HOUR)
    await sync(worker({}, settings))
    await worker({}, settings).lookUp?.(signal)
  }
  const stored = `select (select count(*)::int from llamacloud.projects) as projects,
    (select count(*)::int from llamacloud.files) as files, (select min(day)::text from llamacloud.usage_metrics) as first_day`
  await lookAgain()
  await lookAgain()
  const before = await names(stored)
  await names('truncate llamacloud.projects, llamacloud.files, llamacloud.usage_metrics')
  await lookAgain()
  expect(await names(stored)).not.toEqual(before)
  await reconcileOnce(worker({}, settings), { signal, maxRuntimeMs: null })
  await lookAgain()
  expect(await names(stored)).toEqual(before)
})

test('files of jobs that bear a former name of the source are asked for', async () => {
  const { advance, names, sync, worker } = await looking(['files'])
  await sync()
  const renamed = worker({}, { name: 'renamed' })
  for (let hour = 0; hour < 3; hour += 1) {
    advance(HOUR)
    await sync(renamed)
    await renamed.lookUp?.(signal)
  }
  const [counted] = await names(
    `select count(distinct file_input)::int as n from llamacloud.classify_jobs
    where file_input like 'dfl-%' and source = 'default'`,
  )
  expect(counted).not.toEqual({ n: 0 })
  expect(await names('select count(*)::int as n from llamacloud.files')).toEqual([counted])
})

test('I1: an API that puts fewer files on a page than were asked for costs no name', async () => {
  const { api, advance, look, names, sync } = await looking(['files'])
  await sync()
  advance(HOUR)
  api.settings.intercept = ({ url, query }) => {
    if (!url.pathname.includes('files')) return undefined
    const from = Number(query.get('page_token') ?? 0)
    const change = ({ items }: Page) => ({
      items: items.slice(from, from + 10),
      next_page_token: from + 10 < items.length ? String(from + 10) : null,
    })
    return { kind: 'page', change }
  }
  await look()
  const [counted] = await names(
    `select count(distinct file_input)::int as n from llamacloud.classify_jobs where file_input like 'dfl-%'`,
  )
  expect(await names('select count(*)::int as n from llamacloud.files')).toEqual([counted])
})

test('A18: an API that shows no file for two hours costs no name, and files that are gone hold nothing up for more than a day', async () => {
  const { api, advance, look, names, sync } = await looking(['files'])
  await sync()
  advance(HOUR)
  const stored = 'select count(*)::int as n from llamacloud.files'
  const dark: Intercept = ({ url }) =>
    url.pathname.includes('files')
      ? { kind: 'status', status: 200, body: '{"items": [], "next_page_token": null}' }
      : undefined
  api.settings.intercept = dark
  for (let asked = 0; asked < 3; asked += 1) {
    // Once an hour, not each cycle.
    expect((await look()).length + (await look()).length).toBe(1)
    expect(await names(stored)).toEqual([{ n: 0 }])
    advance(HOUR)
  }
  api.settings.intercept = undefined
  await look()
  const [{ n }] = (await names(stored)) as [{ n: number }]
  expect(n).toBeGreaterThan(20)

  await names('delete from llamacloud.files')
  await names("update llamacloud_sync.lookups set read_until = '-infinity', read_id = '', due_at = now()")
  api.settings.intercept = dark
  advance(DAY)
  await look()
  const [{ passed }] = (await names(
    `select read_until = (select max(synced_at) from llamacloud.classify_jobs) as passed
    from llamacloud_sync.lookups where lookup = 'files of classify_jobs'`,
  )) as [{ passed: boolean }]
  expect(passed).toBe(true)
})

test('I12: names that never come take 30 seconds of a pass, and are tried again later', async () => {
  const { api, clock, look, names, worker } = await looking(['projects'])
  await look()
  await names("update llamacloud_sync.lookups set due_at = due_at - interval '12 hours'")
  api.settings.intercept = ({ url }) => (url.pathname.includes('projects') ? { kind: 'hang' } : undefined)
  const before = clock.monotonic()
  await lookUpNames([worker()], { clock, signal })
  expect(clock.monotonic() - before).toBe(30_000)
  expect(await names('select reason from llamacloud_sync.lookups')).toEqual([
    { reason: 'The names did not come within 30 s.' },
  ])
})
