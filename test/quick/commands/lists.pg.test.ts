import { expect, onTestFinished, test } from 'vitest'
import { generate } from '../../../src/simulator/generate.ts'
import { batches } from '../../../src/simulator/lists/batches.ts'
import { extract } from '../../../src/simulator/lists/extract.ts'
import { parse } from '../../../src/simulator/lists/parse.ts'
import { split } from '../../../src/simulator/lists/split.ts'
import { startSimulator } from '../../../src/simulator/server.ts'
import { World } from '../../../src/simulator/world.ts'
import { knownMigrations, migrateWithin } from '../../../src/store/migrate.ts'
import { transaction } from '../../../src/store/pool.ts'
import { loadSourceRow } from '../../../src/store/source-row.ts'
import { DAY, MILLISECOND } from '../../../src/values/instant.ts'
import { runCli } from '../../support/cli.ts'
import { emptyDatabase, KEY, settingsFor } from './support.ts'

const now = () => Date.now() * MILLISECOND

function worldOf(seed: string, world: World): World {
  const [from, to] = [now() - 10 * DAY, now() - 2 * DAY]
  generate(world, { seed, jobs: 30, from, to, fate: { stuckShare: 0 } })
  return world
}

async function startAll() {
  const others = Object.entries({ batches, extract, parse, split }).map(([name, simulates]) =>
    worldOf(name, new World({ now, simulates })),
  )
  const world = worldOf('classify', new World({ now }))
  const api = await startSimulator({ world, others, apiKey: KEY })
  onTestFinished(() => api.close())
  return api
}

test('I12: five lists in one worker; one that may not be read is said once and costs the others nothing', async () => {
  const [api, database] = [await startAll(), await emptyDatabase()]
  const env = {
    ...settingsFor(api, { DATABASE_URL: database.url }),
    SYNC_LISTS: 'classify,parse,extract,split,batches',
  }
  api.settings.intercept = ({ url }) =>
    url.pathname.includes('/split/') ? { kind: 'status', status: 403 } : undefined
  const [first, second] = [await runCli(['sync'], { env }), await runCli(['sync'], { env })]
  expect([first.code, second.code]).toEqual([0, 0])
  expect(first.stderr).toContain('does not let this list be read')
  expect(second.stderr).not.toContain('does not let this list be read')
  api.settings.intercept = undefined
  expect(await runCli(['reconcile'], { env })).toMatchObject({ code: 0 })
  const verified = JSON.parse((await runCli(['verify', '--json'], { env })).stdout)
  expect(verified).toMatchObject({ equal: true, stored: 150 })
  const status = JSON.parse((await runCli(['status', '--json'], { env })).stdout)
  expect(status.sources.map(({ name }: { name: string }) => name)).toEqual([
    'default',
    'default/batches',
    'default/extract',
    'default/parse',
    'default/split',
  ])
})

test('an unknown list is said before anything is done', async () => {
  const [api, database] = [await startAll(), await emptyDatabase()]
  const env = { ...settingsFor(api, { DATABASE_URL: database.url }), SYNC_LISTS: 'classify,invoices' }
  const end = await runCli(['sync'], { env })
  expect(end).toMatchObject({ code: 2 })
  expect(end.stderr).toContain(
    'there is no list \\"invoices\\"; there are classify, parse, extract, split, batches',
  )
  expect(api.requests.total).toBe(0)
})

test('an upgrade keeps rows, name and coverage of a source, which is one of classify', async () => {
  const database = await emptyDatabase()
  const { pool } = database
  const known = await knownMigrations()
  const before = known.slice(0, known.indexOf('0015_lists'))
  await transaction(pool, async (client) => {
    await migrateWithin(client, before)
    await client.query(
      `insert into llamacloud_sync.sources (name, base_url, covered_from, watermark)
      values ('default', 'https://na.example', '2024-01-01', '2026-01-01')`,
    )
  })
  const scope = {
    baseUrl: 'https://na.example',
    projectId: null,
    organizationId: null,
    configurationId: null,
  }
  await transaction(pool, (client) => migrateWithin(client, known))
  const row = async () =>
    (await pool.query('select name, list, covered_from, watermark from llamacloud_sync.sources')).rows
  const upgraded = await row()
  expect(upgraded).toMatchObject([{ name: 'default', list: 'classify', covered_from: expect.anything() }])
  expect(await loadSourceRow(pool, 'default')).toMatchObject({ ...scope, list: 'classify', formerNames: [] })
  expect(await row()).toEqual(upgraded)
})

test('I12: names that may not be read are said once and cost the jobs nothing', async () => {
  const [api, database] = [await startAll(), await emptyDatabase()]
  const env = { ...settingsFor(api, { DATABASE_URL: database.url }), SYNC_LOOKUPS: 'projects,configurations' }
  api.settings.intercept = ({ url }) =>
    url.pathname.includes('/projects') ? { kind: 'status', status: 403 } : undefined
  const first = await runCli(['sync'], { env })
  expect(first.code).toBe(0)
  expect(first.stderr).toContain('take projects out of SYNC_LOOKUPS')
  await database.pool.query('update llamacloud_sync.lookups set due_at = now()')
  const second = await runCli(['sync'], { env })
  expect(second.code).toBe(0)
  expect(second.stderr).not.toContain('SYNC_LOOKUPS')
  const { rows } = await database.pool.query(
    'select lookup, reason is null as read from llamacloud_sync.lookups order by 1',
  )
  expect(rows).toEqual([
    { lookup: 'configurations', read: true },
    { lookup: 'projects', read: false },
  ])
})
