import type { Pool } from 'pg'
import { expect, onTestFinished, test } from 'vitest'
import { SettingsError } from '../../src/errors.ts'
import { importRows } from '../../src/store/import-rows.ts'
import { knownMigrations, migrate, migrateWithin, pendingMigrations } from '../../src/store/migrate.ts'
import { transaction } from '../../src/store/pool.ts'
import { exportRows } from '../../src/store/transfer.ts'
import { createTestDatabase } from '../support/database.ts'
import { createMigratedDatabase } from '../support/migrated-database.ts'

async function emptyDatabase(): Promise<Pool> {
  const database = await createTestDatabase()
  onTestFinished(() => database.drop())
  return database.pool
}

/** Values that suffer on any way that is not PostgreSQL's own. */
const STRANGE = `
insert into llamacloud.classify_configurations (hash, document, first_seen_at)
  values ('h', 'null', '2026-01-02 03:04:05.678901+00');
insert into llamacloud.classify_rules (configuration_hash, position, type, description)
  values ('h', 1, '', E'a "quoted" \\\\ back\\nslash, comma) {brace}');
insert into llamacloud.classify_jobs (id, source, configuration_hash, result_confidence, created_at, extra, first_seen_at, synced_at)
  select 'job-' || n, 'default', 'h', 0.1 + 1e-17 * n, case n when 1 then 'infinity' when 2 then '0044-03-15 BC' else now() end,
    case n when 1 then 'null' when 3 then '{"n": 12345678901234567890.10, "e": 1e400, "s": "\\u2028"}' end::jsonb, now(), now()
  from generate_series(1, 450) as n;
insert into llamacloud.classify_job_changes (job_id, observed_at, to_status) values ('job-1', now(), 'FAILED'), ('job-2', now(), null)`

const EVERYTHING = `
select 'job' as kind, j::text from llamacloud.classify_jobs as j
union all select 'change', c::text from llamacloud.classify_job_changes as c
union all select 'configuration', c::text from llamacloud.classify_configurations as c
union all select 'rule', r::text from llamacloud.classify_rules as r
order by 1, 2`

async function exported(pool: Pool): Promise<string[]> {
  const lines: string[] = []
  await exportRows(pool, async (line) => void lines.push(line))
  return lines
}

function rowsIn(lines: readonly string[]): number {
  return lines.slice(1, -1).reduce((sum, line) => sum + JSON.parse(line).rows.length, 0)
}

async function* asLines(lines: readonly string[]) {
  yield* lines
}

test('a database without the job tables is not exported as if that were all', async () => {
  const database = await createMigratedDatabase()
  onTestFinished(() => database.drop())
  await database.pool.query('drop schema llamacloud cascade')
  await expect(exported(database.pool)).rejects.toThrow(/schema llamacloud has no tables.*Restore/)
})

test('what was exported is imported to the last digit, and numbers go on where they were', async () => {
  const [from, to] = [await emptyDatabase(), await emptyDatabase()]
  await migrate(from)
  await from.query(STRANGE)
  await from.query('insert into llamacloud_sync.settings (review_below) values (0.8125)')
  const lines = await exported(from)
  expect(await importRows(to, asLines(lines))).toEqual({ rows: rowsIn(lines), leftOut: [] })
  expect((await to.query(EVERYTHING)).rows).toEqual((await from.query(EVERYTHING)).rows)
  expect(await exported(to)).toEqual(lines)
  const { rows } = await to.query(
    `insert into llamacloud.classify_job_changes (job_id, observed_at) values ('job-3', now()) returning id`,
  )
  expect(rows).toEqual([{ id: 3 }])
})

test('I11: long rows have a line each, so that no line is longer than a row can be', async () => {
  const [from, to] = [await emptyDatabase(), await emptyDatabase()]
  await migrate(from)
  await from.query(`
    insert into llamacloud.classify_configurations (hash, document, rule_count, first_seen_at)
      select 'h' || n, to_jsonb(repeat('x', n * 40000)), 1, now() from generate_series(1, 5) as n;
    insert into llamacloud.classify_rules (configuration_hash, position, type, description)
      select 'h1', n, 'it''s', repeat(E'long \\\\ text, "quoted" ', 10000) from generate_series(1, 3) as n;
    insert into llamacloud.classify_jobs (id, source, status, error_message, first_seen_at, synced_at)
      select 'job-' || n, 'default', 'FAILED', repeat('日本', n % 2 * 100000), now(), now() from generate_series(1, 30) as n`)
  const lines = await exported(from)
  expect(Math.max(...lines.map(({ length }) => length))).toBeLessThan(1_000_000)
  expect(await importRows(to, asLines(lines))).toEqual({ rows: rowsIn(lines), leftOut: [] })
  expect((await to.query(EVERYTHING)).rows).toEqual((await from.query(EVERYTHING)).rows)
})

test('an export of an older version is imported, and then migrated as its database would have been', async () => {
  const [from, to, known] = [await emptyDatabase(), await emptyDatabase(), await knownMigrations()]
  await transaction(from, (client) => migrateWithin(client, known.slice(0, 1)))
  await from.query(STRANGE)
  const [head, ...rows] = await exported(from)
  // That version did not count them.
  const older = [JSON.stringify({ migrations: JSON.parse(head!).migrations }), ...rows.slice(0, -1)]
  expect(await importRows(to, asLines(older))).toEqual({ rows: 454, leftOut: [] })
  expect(await pendingMigrations(to, known)).toEqual([])
  await migrate(from)
  expect((await to.query(EVERYTHING)).rows).toEqual((await from.query(EVERYTHING)).rows)
})

test('an import is all or nothing, and never into tables that are there', async () => {
  const [from, to] = [await emptyDatabase(), await emptyDatabase()]
  await migrate(from)
  await from.query(STRANGE)
  const lines = await exported(from)
  await expect(importRows(from, asLines(lines))).rejects.toThrow(
    /already has the tables of llamacloud-sync: import into an empty database/,
  )
  for (const wrong of [
    [],
    ['{}'],
    ['select 1'],
    lines.toSpliced(-1, 0, '{"table": "pg_catalog.pg_class", "rows": []}'),
    lines.slice(0, 1),
    lines.slice(0, -1),
    lines.toSpliced(2, 1),
    [...lines, ...lines],
  ]) {
    await expect(importRows(to, asLines(wrong))).rejects.toThrow(SettingsError)
  }
  const newer = [`{"migrations": ["0000_tables", "9999_of_the_future"]}`, ...lines.slice(1)]
  await expect(importRows(to, asLines(newer))).rejects.toThrow(
    new SettingsError(
      'The file was exported by a newer version of llamacloud-sync (9999_of_the_future): upgrade this one.',
    ),
  )
  expect(await importRows(to, asLines(lines))).toEqual({ rows: rowsIn(lines), leftOut: [] })
  await expect(exportRows(await emptyDatabase(), async () => {})).rejects.toThrow(/nothing to export/)
})

test('a table that somebody put beside ours is told and left out, and does not keep the rest from being imported', async () => {
  const [from, to] = [await emptyDatabase(), await emptyDatabase()]
  await migrate(from)
  await from.query(STRANGE)
  await from.query('create table llamacloud."My notes 2" as select 1 as note union all select 2')
  const lines = await exported(from)
  expect(await importRows(to, asLines(lines))).toEqual({
    rows: rowsIn(lines) - 2,
    leftOut: ['llamacloud."My notes 2"'],
  })
  expect((await to.query(EVERYTHING)).rows).toEqual((await from.query(EVERYTHING)).rows)
})

test('each value is imported into its column, wherever somebody has put that; columns that they added are told and left out', async () => {
  const [from, to] = [await emptyDatabase(), await emptyDatabase()]
  await migrate(from)
  await from.query(STRANGE)
  await from.query(`
    alter table llamacloud.classify_jobs drop column credits cascade, add column "My note, 2" text default 'a "note"';
    alter table llamacloud.classify_jobs add column credits double precision;
    update llamacloud.classify_jobs set credits = 3, parse_credits = 2`)
  const lines = await exported(from)
  expect(await importRows(to, asLines(lines))).toEqual({
    rows: rowsIn(lines),
    leftOut: ['llamacloud.classify_jobs."My note, 2"'],
  })
  const all = `select id, credits, parse_credits, extra::text, result_confidence, created_at::text
    from llamacloud.classify_jobs order by id`
  expect((await to.query(all)).rows).toEqual((await from.query(all)).rows)
  expect((await to.query('select sum(jobs)::int as jobs from llamacloud.classify_daily')).rows).toEqual([
    { jobs: 450 },
  ])
})
