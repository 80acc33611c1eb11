import { afterEach, beforeEach, expect, test } from 'vitest'
import { knownMigrations, migrate } from '../../../src/store/migrate.ts'
import { transaction } from '../../../src/store/pool.ts'
import { createTestDatabase, type TestDatabase } from '../../support/database.ts'
import { isWaitingForLock, migrateUpTo } from '../../support/migrated-database.ts'
import { makeReadersViews } from '../../support/readers-views.ts'

/** The migration by which the views came, and with them the promise to their readers. */
const FIRST_WITH_VIEWS = '0003_views'

let database: TestDatabase
beforeEach(async () => {
  database = await createTestDatabase()
})
afterEach(() => database.drop())

test('an upgrade keeps the views of readers alive', async () => {
  await migrateUpTo(database, FIRST_WITH_VIEWS)
  const names = await makeReadersViews(database.pool)
  expect(names).toHaveLength(11)
  await database.pool.query(`
    insert into llamacloud.classify_jobs (id, source, status, result_type, created_at, first_seen_at, synced_at)
    values ('1', 's', 'COMPLETED', 'invoice', now(), now(), now());
    update llamacloud.classify_jobs set deleted_at = now()`)

  const later = (await knownMigrations()).filter((name) => name > FIRST_WITH_VIEWS)
  expect(await migrate(database.pool)).toEqual(later)

  for (const name of names) {
    await database.pool.query(`select * from reader.${name}`)
    await database.pool.query(`select whole from reader.all_of_${name}`)
  }
  const { rows: jobs } = await database.pool.query(
    `select outcome, (whole).outcome as as_whole
    from reader.classify_job_details, reader.all_of_classify_job_details`,
  )
  expect(jobs).toEqual([{ outcome: 'matched', as_whole: 'matched' }])
})

test('an upgrade goes on whatever else others have built upon the tables, and leaves it as it was', async () => {
  await migrateUpTo(database, FIRST_WITH_VIEWS)
  const { pool } = database
  await pool.query(`
    insert into llamacloud.classify_jobs (id, source, status, created_at, first_seen_at, synced_at)
      values ('1', 's', 'COMPLETED', now(), now(), now());
    create schema theirs;
    create materialized view theirs.details as select * from llamacloud.classify_job_details;
    create materialized view theirs.days as select day, jobs from llamacloud.classify_daily;
    create table theirs.notes (job_id text references llamacloud.classify_jobs (id), note text);
    create domain theirs.team as text check (value <> '');
    alter table llamacloud.classify_jobs add column team theirs.team default 'finance';
    alter table llamacloud.classify_jobs add column length int generated always as (length(status)) stored;
    create statistics theirs.both on status, source from llamacloud.classify_jobs;
    create policy only_done on llamacloud.classify_jobs as restrictive using (status = 'COMPLETED');
    alter table llamacloud.classify_jobs enable row level security;
    create publication columns for table llamacloud.classify_jobs (id, status);
    create publication schemas for tables in schema llamacloud, llamacloud_sync`)
  const later = (await knownMigrations()).filter((name) => name > FIRST_WITH_VIEWS)
  expect(await migrate(pool)).toEqual(later)
  await pool.query('refresh materialized view theirs.details; refresh materialized view theirs.days')
  const { rows } = await pool.query(
    `select outcome, team, length from theirs.details join llamacloud.classify_jobs using (id)`,
  )
  expect(rows).toEqual([{ outcome: 'unmatched', team: 'finance', length: 9 }])
  await pool.query(
    `update llamacloud.classify_jobs set status = 'FAILED'; insert into theirs.notes values ('1', 'seen')`,
  )
})

test.each(['classify_jobs', 'classify_daily'])(
  'I14: an upgrade that waits for a reader of %s lets other readers pass',
  async (relation) => {
    await migrateUpTo(database, FIRST_WITH_VIEWS)
    const upgraded = await transaction(database.pool, async (reader) => {
      await reader.query(`select from llamacloud.${relation}`)
      const migrated = migrate(database.pool)
      await expect.poll(() => isWaitingForLock(database)).toBe(true)
      // Each of these would wait for the reader to end if the upgrade waited for it in front of them.
      for (const other of ['classify_jobs', 'classify_daily', 'classify_job_details']) {
        await database.pool.query(`select from llamacloud.${other}`)
      }
      return { migrated }
    })
    const later = (await knownMigrations()).filter((name) => name > FIRST_WITH_VIEWS)
    expect(await upgraded.migrated).toEqual(later)
    const { rows } = await database.pool.query<{ name: string }>(
      `select indexname as name from pg_indexes where indexname like 'classify_jobs_failed%'`,
    )
    expect(rows).toEqual([{ name: 'classify_jobs_failed' }])
  },
)
