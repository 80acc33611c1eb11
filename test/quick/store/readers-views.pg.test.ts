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
