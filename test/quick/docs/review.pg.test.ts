import pg from 'pg'
import { expect, onTestFinished, test } from 'vitest'
import { grantReader } from '../../../src/store/grant.ts'
import { openPool } from '../../../src/store/pool.ts'
import { reconcileOnce } from '../../../src/sync/cycle.ts'
import { DAY, formatInstant, HOUR, MINUTE } from '../../../src/values/instant.ts'
import { createHarness } from '../../support/harness.ts'
import { createMigratedDatabase } from '../../support/migrated-database.ts'
import { createRole } from '../../support/role.ts'
import { read } from './pages.ts'

const reviewSql = () => /```sql\n(create schema review;.*?)```/s.exec(read('docs/bi-tools.md'))![1]!

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
  await reader.query(reviewSql())
  const toDo = async () =>
    (await reader.query('select id from review.to_do order by id')).rows.map(({ id }) => id)
  expect(await toDo()).toEqual(['a', 'b'])
  await reader.query(`insert into review.done (job_id, right_type) values ('a', 'invoice')`)
  expect(await toDo()).toEqual(['b'])
  await database.pool.query(
    `insert into llamacloud.classify_job_changes (job_id, observed_at, from_updated_at, to_updated_at)
    select id, clock_timestamp(), updated_at, clock_timestamp() from llamacloud.classify_jobs where id = 'a'`,
  )
  expect(await toDo()).toEqual(['a', 'b'])
  await database.pool.query(`update llamacloud.classify_jobs set updated_at = null where id = 'b'`)
  await reader.query(`insert into review.done (job_id) values ('b')`)
  expect(await toDo()).toEqual(['a'])
})

test('docs/bi-tools.md: a job that had changed upstream when it was reviewed, and was stored later, is back', async () => {
  const { database, world, now, advance, sync, source } = await createHarness()
  const at = now() - HOUR
  const fields = {
    status: 'COMPLETED',
    updated_at: formatInstant(at),
    result: { type: 'invoice', confidence: 0.3 },
  }
  world.put({ id: 'a', createdAt: at, fields })
  await sync()
  const { pool } = database
  await pool.query(reviewSql())
  advance(MINUTE)
  world.patch('a', { result: { type: 'receipt', confidence: 0.4 } })
  advance(MINUTE)
  await pool.query(`insert into review.done (job_id, done_at) values ('a', $1)`, [formatInstant(now())])
  const toDo = async () => (await pool.query('select result_type from review.to_do')).rows
  expect(await toDo()).toEqual([])
  advance(DAY)
  await reconcileOnce(source, { signal: new AbortController().signal, maxRuntimeMs: null })
  expect(await toDo()).toEqual([{ result_type: 'receipt' }])
})
