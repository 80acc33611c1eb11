import { afterAll, beforeAll, expect, test } from 'vitest'
import { loadFigures } from '../../../src/report/figures.ts'
import { reportPage } from '../../../src/report/page.ts'
import type { TestDatabase } from '../../support/database.ts'
import { createMigratedDatabase } from '../../support/migrated-database.ts'

/** Jobs that the demo has none of: long ones, types that look alike, no configuration. */
const JOBS = `
insert into llamacloud_sync.sources (name, list, base_url, covered_from, watermark)
values ('one', 'classify', 'https://api.example', '2020-01-01Z', '2026-03-12T12:00:00Z');
insert into llamacloud.classify_jobs (id, source, status, result_type, created_at, updated_at, first_seen_at, synced_at)
select 'job-' || n, 'one', 'COMPLETED', type, at, at + interval '30 hours', at, at
from unnest(array[null, 'no rule matched', repeat('T', 300) || '1', repeat('T', 300) || '2']) with ordinality as each (type, n),
  lateral (select timestamptz '2026-03-11T10:00:00Z' + n * interval '1 hour' as at) as begun`

let database: TestDatabase
beforeAll(async () => {
  database = await createMigratedDatabase()
  await database.pool.query(JOBS)
})
afterAll(() => database?.drop())

const pageOf = async (days: number) => reportPage(await loadFigures(database.pool, days), 'now')

test('types that look alike have a bar each', async () => {
  const bars = [...(await pageOf(7)).matchAll(/<path aria-label="jobs: (\d+); type: ([^"]*)"/g)]
  const names = bars.map(([, , name]) => name)
  // One chart for each of two widths.
  expect(names).toHaveLength(2 * 4)
  expect(new Set(names).size).toBe(4)
  for (const [, jobs] of bars) expect(jobs).toBe('1')
})

test('a time beyond the histogram is told as so long or longer', async () => {
  expect(await pageOf(7)).toContain('<span>Median time</span><b>≥ 18 h</b>')
})

test.each([1, 2, 3, 7, 14, 30])('no day of %i is written twice below a chart', async (days) => {
  for (const [chart] of (await pageOf(days)).matchAll(/<svg .*?<\/svg>/gs)) {
    const labels = [...chart.matchAll(/>(\d+ [A-Z][a-z]{2})<\/text>/g)].map(([, label]) => label)
    expect(labels).toEqual([...new Set(labels)])
  }
})

test('of configurations without a job nothing is claimed', async () => {
  const page = await pageOf(7)
  expect(page).not.toContain('has matched at least once')
  expect(page).not.toContain('These match')
})

test('what is stored of other lists does not matter to classify jobs', async () => {
  const before = await loadFigures(database.pool, 7)
  await database.pool.query(`
    insert into llamacloud_sync.sources (name, list, base_url, covered_from, watermark)
    values ('one/extract', 'extract', 'https://api.example', null, null),
      ('one/parse', 'parse', 'https://api.example', '2026-03-11Z', '2026-03-14Z')`)
  expect((await loadFigures(database.pool, 7)).period).toEqual(before.period)
  const page = await pageOf(7)
  expect(page).toContain('“Before” is the 7 days')
  expect(page).not.toContain('Of one/')
  expect(page).toContain('>one/parse</td>')
})

test('one is not many', async () => {
  await database.pool.query(`
    insert into llamacloud.classify_configurations (hash, document, first_seen_at) values ('aa', '{}', now());
    insert into llamacloud.classify_rules (configuration_hash, position, type) values ('aa', 0, 'invoice');
    update llamacloud.classify_jobs set configuration_hash = 'aa' where id = 'job-2'`)
  const page = await pageOf(7)
  expect(page).toContain('1 rule of the configurations of these days has not matched.')
  expect(page).toContain('The only document of these days that')
})
