import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { queriesIn } from '../../../scripts/doc-queries.ts'
import type { TestDatabase } from '../../support/database.ts'
import { createMigratedDatabase } from '../../support/migrated-database.ts'

/**
 * Jobs that the demo has none of: classified again, gone while open, without times, without a configuration, not billed yet. And
 * configurations with two rules of one type.
 */
const JOBS = `
insert into llamacloud.classify_configurations (hash, document, first_seen_at) values ('aa', '{}', now()), ('bb', '{}', now());
insert into llamacloud.classify_rules (configuration_hash, position, type, description)
values
  ('aa', 0, 'invoice', 'A bill.'), ('aa', 1, 'invoice', 'A reminder.'), ('aa', 2, 'receipt', null),
  ('bb', 0, 'invoice', 'A bill.'), ('bb', 1, 'invoice', 'A reminder.'), ('bb', 2, 'receipt', 'Of a till.');
insert into llamacloud_sync.sources (name, list, base_url, watermark)
values ('one', 'classify', 'https://api.example', '2026-03-02T12:00:00Z');
insert into llamacloud.classify_jobs
  (id, source, status, result_type, file_input, parse_job_id, created_at, updated_at, deleted_at, first_seen_at, synced_at)
select
  id, 'one', status, result_type, file_input, parse_job_id, created_at::timestamptz, created_at::timestamptz, deleted_at::timestamptz,
  now(), now()
from (values
  ('first', 'COMPLETED', 'invoice', 'dfl-1', 'pjb-1', '2026-03-01T08:00:00Z', null),
  ('again', 'COMPLETED', 'invoice', 'dfl-1', 'pjb-2', '2026-03-01T09:00:00Z', null),
  ('timeless', 'COMPLETED', 'receipt', null, 'pjb-2', null, null),
  ('no file', 'COMPLETED', 'contract', null, null, '2026-03-01T08:00:00Z', null),
  ('stuck', 'PENDING', null, 'dfl-2', null, '2026-03-01T08:00:00Z', null),
  ('gone', 'PENDING', null, 'dfl-3', null, '2026-03-01T08:00:00Z', '2026-03-02T08:00:00Z')
) as job (id, status, result_type, file_input, parse_job_id, created_at, deleted_at);
update llamacloud.classify_jobs set configuration_hash = case id when 'first' then 'aa' else 'bb' end where id in ('first', 'again');
insert into llamacloud.parse_jobs (id, source, status, credits, first_seen_at, synced_at)
values ('pjb-1', 'one', 'COMPLETED', 4, now(), now()), ('pjb-2', 'one', 'COMPLETED', null, now(), now());
insert into llamacloud.extract_jobs
  (id, source, status, file_input, configuration_id, credits, parse_credits, extract_credits, created_at, first_seen_at, synced_at)
values
  ('ext-1', 'one', 'COMPLETED', 'dfl-1', 'cfg-1', 5, 2, 3, '2026-03-01T10:00:00Z', now(), now()),
  ('ext-2', 'one', 'COMPLETED', 'dfl-9', 'cfg-2', null, null, null, '2026-03-01T10:00:00Z', now(), now());
insert into llamacloud.saved_configurations (id, name, synced_at)
values ('cfg-1', 'billed', now()), ('cfg-2', 'unbilled', now())`

let database: TestDatabase
beforeAll(async () => {
  database = await createMigratedDatabase()
  await database.pool.query(JOBS)
})
afterAll(() => database?.drop())

const page = readFileSync(new URL('../../../docs/cookbook.md', import.meta.url), 'utf8')

async function answersTo(question: number): Promise<Record<string, unknown>[]> {
  const section = page.slice(page.indexOf(`\n### ${question}. `))
  return (await database.pool.query(queriesIn(section)[0]!.sql)).rows
}

test('3: a job without a time of its end is of no hour', async () => {
  expect(await answersTo(3)).not.toContainEqual(expect.objectContaining({ hour: null }))
})

test('6: jobs without a configuration are not one of the two rule sets', async () => {
  expect((await answersTo(6)).map(({ configuration }) => configuration)).toEqual(['aa', 'bb'])
})

test('11: a job without a time of creation is neither before nor after', async () => {
  expect(await answersTo(11)).toMatchObject([{ period: '2 after', completed: 3 }])
})

test('12: two rules of one type are one row, and a description that is missing differs', async () => {
  expect(await answersTo(12)).toEqual([
    { type: 'invoice', difference: 'the same' },
    { type: 'receipt', difference: 'worded differently' },
  ])
})

test('14: jobs without a file have no file in common', async () => {
  expect(await answersTo(14)).toEqual([])
})

test('17: a job that is gone upstream is not stuck', async () => {
  expect(await answersTo(17)).toMatchObject([{ job: 'stuck…' }])
})

test('23: what is not billed yet does not come first', async () => {
  expect(await answersTo(23)).toMatchObject([{ result_label: 'invoice' }, { result_label: 'receipt' }])
})

test('24: an extraction of a file that was classified twice counts once', async () => {
  expect(await answersTo(24)).toMatchObject([{ result_label: 'invoice', extracted: 1 }])
})

test('25: a configuration that is not billed yet is not the one that costs most', async () => {
  expect((await answersTo(25))[0]).toMatchObject({ configuration_name: 'billed' })
})

test('28: an extraction of a file that was classified twice is one row', async () => {
  expect(await answersTo(28)).toHaveLength(1)
})
