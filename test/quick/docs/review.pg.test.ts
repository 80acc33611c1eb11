import pg from 'pg'
import { expect, onTestFinished, test } from 'vitest'
import { grantReader } from '../../../src/store/grant.ts'
import { openPool } from '../../../src/store/pool.ts'
import { createMigratedDatabase } from '../../support/migrated-database.ts'
import { createRole } from '../../support/role.ts'
import { read } from './pages.ts'

test('docs/bi-tools.md: a reader keeps what was reviewed in a schema of their own, and a job that changes is back', async () => {
  const database = await createMigratedDatabase()
  onTestFinished(() => database.drop())
  const role = await createRole(database, 'reader')
  await grantReader(database.pool, role.name)
  const name = pg.escapeIdentifier(new URL(database.url).pathname.slice(1))
  await database.pool.query(`grant create on database ${name} to ${role.sql}`)
  await database.pool.query(
    `insert into llamacloud.classify_jobs (id, source, status, created_at, updated_at, first_seen_at, synced_at)
    select id, 's', 'COMPLETED', now() - interval '1 hour', now() - interval '1 hour', now(), now() from unnest(array['a', 'b']) as id`,
  )
  const reader = openPool(role.url, { max: 1, applicationName: 'reader' })
  onTestFinished(() => reader.end())
  const [, sql] = /```sql\n(create schema review;.*?)```/s.exec(read('docs/bi-tools.md'))!
  await reader.query(sql!)
  const toDo = async () =>
    (await reader.query('select id from review.to_do order by id')).rows.map(({ id }) => id)
  expect(await toDo()).toEqual(['a', 'b'])
  await reader.query(`insert into review.done (job_id, right_type) values ('a', 'invoice')`)
  expect(await toDo()).toEqual(['b'])
  await database.pool.query(
    `update llamacloud.classify_jobs set updated_at = clock_timestamp() where id = 'a'`,
  )
  expect(await toDo()).toEqual(['a', 'b'])
  await database.pool.query(`update llamacloud.classify_jobs set updated_at = null where id = 'b'`)
  await reader.query(`insert into review.done (job_id) values ('b')`)
  expect(await toDo()).toEqual(['a'])
})
