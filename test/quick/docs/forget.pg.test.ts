import { expect, test } from 'vitest'
import { classify } from '../../../src/lists/classify/list.ts'
import { generate } from '../../../src/simulator/generate.ts'
import type { Source } from '../../../src/sync/source.ts'
import { DAY, HOUR } from '../../../src/values/instant.ts'
import { wrongStatistics } from '../../simulation/statistics.ts'
import { compareWithWorld, EQUAL } from '../../support/compare.ts'
import { createHarness, type Harness } from '../../support/harness.ts'
import { makeReadersViews, readersRows } from '../../support/readers-views.ts'
import {
  cycles,
  failures,
  OTHER_PROJECT,
  PROJECT,
  reconciled,
  runOnce,
  verified,
} from '../../sync/histories/support.ts'
import { read } from './pages.ts'

/** The recipe of docs/deployment.md for the source `letters`; without the jobs, only its first statement. */
function recipe(jobs: 'kept' | 'removed'): string {
  const [, sql = ''] = /### Forgetting a source.*?```sql\n(.*?)```/s.exec(read('docs/deployment.md')) ?? []
  const statements = sql.split('\n').filter((line) => !line.startsWith('--'))
  expect(statements.filter((line) => line.startsWith('delete'))).toHaveLength(3)
  return (jobs === 'removed' ? statements : statements.filter((line) => !/classify_job/.test(line))).join(
    '\n',
  )
}

/** `letters` reads one of two projects, `invoices` the other, or both. */
async function twoSources(invoices: 'other' | 'both') {
  const harness = await createHarness()
  const { world, now, database, worker } = harness
  const span = { from: now() - 20 * DAY, to: now() + 20 * DAY, fate: { stuckShare: 0 } }
  generate(world, { seed: 'letters', jobs: 300, projectId: PROJECT, ...span })
  generate(world, { seed: 'invoices', jobs: 300, projectId: OTHER_PROJECT, ...span })
  const open = { status: 'RUNNING', project_id: PROJECT }
  world.put({ id: 'open', createdAt: now() - HOUR, fields: open })
  const letters = () => worker({}, { name: 'letters', projectId: PROJECT })
  const theirs = invoices === 'other' ? { projectId: OTHER_PROJECT } : {}
  const other = () => worker({}, { name: 'invoices', ...theirs })
  const during = async (sources: readonly (() => Source)[], time: number) => {
    const [first, ...others] = sources.map((source) => source()) as [Source, ...Source[]]
    const each = async () => {
      for (const source of others) expect(failures([await runOnce(harness, { source })])).toEqual([])
    }
    expect(failures(await cycles(harness, { source: first, during: time, every: 6 * HOUR, each }))).toEqual(
      [],
    )
  }
  await during([letters, other], 2 * DAY)
  const names = await makeReadersViews(database.pool)
  return { harness, letters, other, during, readers: () => readersRows(database.pool, names) }
}

const counted = async ({ database }: Harness) => {
  const sql = 'select source, count(*)::int as jobs from llamacloud.classify_jobs group by source'
  const { rows } = await database.pool.query<{ source: string; jobs: number }>(sql)
  return Object.fromEntries(rows.map(({ source, jobs }) => [source, jobs]))
}

/** Of all tables of the worker that have a source, what is left of `letters`. */
async function left({ database }: Harness): Promise<string[]> {
  const { rows } = await database.pool.query<{ table: string }>(
    `select format('%I.%I', table_schema, table_name) as table from information_schema.columns
    where table_schema = 'llamacloud_sync' and column_name = 'source'
      and table_name in (select tablename from pg_tables where schemaname = 'llamacloud_sync')`,
  )
  expect(rows.length).toBeGreaterThan(5)
  const found: string[] = []
  for (const { table } of rows)
    if ((await database.pool.query(`select from ${table} where source = 'letters'`)).rowCount !== 0)
      found.push(table)
  return found
}

async function fresh({ database }: Harness): Promise<string[]> {
  const { rows } = await database.pool.query<{ source: string }>(
    'select source from llamacloud.sync_freshness order by source',
  )
  return rows.map(({ source }) => source)
}

test('a source is forgotten and its jobs are kept: nothing waits for it, the other goes on, and put back it begins anew', async () => {
  const { harness, letters, other, during, readers } = await twoSources('other')
  const { database, world } = harness
  const [before, jobs] = [await readers(), await counted(harness)]
  await database.pool.query(recipe('kept'))
  expect(await fresh(harness)).toEqual(['invoices'])
  expect(await left(harness)).toEqual([])
  expect(await counted(harness)).toEqual(jobs)
  const after = await readers()
  expect(after.get('classify_statistics')).toEqual(before.get('classify_statistics'))
  const [usual, next] = [
    await runOnce(harness, { source: other() }),
    await runOnce(harness, { source: other() }),
  ]
  expect([usual, next]).toMatchObject([{ outcome: 'succeeded' }, { outcome: 'succeeded', requests: 1 }])
  expect((await verified(other())).differences).toEqual([])

  world.patch('open', { status: 'COMPLETED' })
  const [gone] = [...world.all()].filter((job) => (job as { project_id: string }).project_id === PROJECT)
  world.remove((gone as { id: string }).id)
  await during([other], 3 * DAY)
  await during([letters, other], 2 * DAY)
  expect(await fresh(harness)).toEqual(['invoices', 'letters'])
  expect(await compareWithWorld(database, world)).toEqual(EQUAL)
  for (const source of [letters(), other()]) expect((await verified(source)).differences).toEqual([])
  expect(await wrongStatistics(database.pool as never, classify)).toEqual([])
})

test('a source is forgotten with its jobs: views show the rest at once, and the other restores what it delivers as well', async () => {
  const { harness, letters, other, during, readers } = await twoSources('both')
  const { database, world } = harness
  const { invoices } = await counted(harness)
  await database.pool.query(recipe('removed'))
  expect(await counted(harness)).toEqual({ invoices })
  expect(await left(harness)).toEqual([])
  expect(await wrongStatistics(database.pool as never, classify)).toEqual([])
  expect((await readers()).get('sync_freshness')).toHaveLength(1)
  expect(failures([await reconciled(harness, { source: other() })])).toEqual([])
  await during([other], DAY)
  expect(await compareWithWorld(database, world)).toEqual(EQUAL)
  expect(Object.keys(await counted(harness))).toEqual(['invoices'])
  expect((await verified(other())).differences).toEqual([])
  await during([letters, other], DAY)
  expect(await compareWithWorld(database, world)).toEqual(EQUAL)
  expect(await wrongStatistics(database.pool as never, classify)).toEqual([])
})

test('I6: a worker that is still at a source when it is forgotten stores nothing more', async () => {
  const { harness, letters } = await twoSources('other')
  const { api, database, advance } = harness
  advance(DAY)
  let isForgotten = false
  api.settings.intercept = async () => {
    if (!isForgotten) await database.pool.query(recipe('removed'))
    isForgotten = true
    return undefined
  }
  const cut = await runOnce(harness, { source: letters() })
  expect(cut).toMatchObject({ outcome: 'failed', error: { name: 'LeaseLostError' } })
  expect(Object.keys(await counted(harness))).toEqual(['invoices'])
  expect(await fresh(harness)).toEqual(['invoices'])
})
