import type { PoolClient } from 'pg'
import { expect, onTestFinished, test } from 'vitest'
import { migrate } from '../../../src/store/migrate.ts'
import { areNumbersMended } from '../../../src/store/numbers.ts'
import { openPool } from '../../../src/store/pool.ts'
import { transactionWithRetries } from '../../../src/store/retry.ts'
import { HOUR, MINUTE } from '../../../src/values/instant.ts'
import { createTestDatabase } from '../../support/database.ts'
import { createHarness } from '../../support/harness.ts'
import { createOwner } from '../../support/role.ts'

test('I12: sequences that are behind the rows, as on a subscriber that takes over, cost no run and set no job aside', async () => {
  const { world, now, sync, database, advance } = await createHarness()
  const put = (status: string) => {
    for (let index = 0; index < 40; index++)
      world.put({ id: `job-${index}`, createdAt: now() - HOUR, fields: { status } })
  }
  put('PENDING')
  await sync()
  advance(5 * MINUTE)
  put('RUNNING')
  await sync()
  const restart = 'llamacloud.classify_job_changes alter column id restart'
  await database.pool.query(
    `alter table ${restart}; alter table llamacloud_sync.runs alter column id restart`,
  )
  advance(5 * MINUTE)
  put('COMPLETED')
  expect(await sync()).toMatchObject({ outcome: 'succeeded', counts: { updated: 40, rejected: 0 } })
  const numbers = `select count(*)::int as changes, max(id)::int as last from llamacloud.classify_job_changes`
  expect((await database.pool.query(numbers)).rows).toEqual([{ changes: 80, last: expect.any(Number) }])
})

test('I12: of many that are given a number again at once each goes on', async () => {
  const { database, source } = await createHarness()
  const { pool } = database
  await pool.query(`
    insert into llamacloud.batches (id, source, first_seen_at, synced_at) values ('job', 's', now(), now());
    insert into llamacloud.batch_changes (job_id, observed_at) select 'job', now() from generate_series(1, 5);
    alter table llamacloud.batch_changes alter column id restart`)
  const retry = { clock: source.clock, signal: new AbortController().signal, onRetry: () => {} }
  const insert = (client: PoolClient) =>
    client.query(`insert into llamacloud.batch_changes (job_id, observed_at) values ('job', now())`)
  await Promise.all(Array.from({ length: 8 }, () => transactionWithRetries(pool, insert, retry)))
  const { rows } = await pool.query('select count(*)::int as changes from llamacloud.batch_changes')
  expect(rows).toEqual([{ changes: 13 }])
})

test('I12: numbered tables of somebody else beside ours, closed to the worker, are no matter of the worker', async () => {
  const database = await createTestDatabase()
  onTestFinished(() => database.drop())
  const owner = await createOwner(database)
  const pool = openPool(owner.url, { max: 2, applicationName: 'test' })
  try {
    await migrate(pool)
    await database.pool.query(`
      create table llamacloud."Their notes" (id int generated always as identity, note text);
      create table llamacloud.forced (id int generated always as identity);
      alter table llamacloud.forced owner to ${owner.sql};
      alter table llamacloud.forced enable row level security, force row level security`)
    expect(await areNumbersMended(pool, Object.assign(new Error(), { constraint: 'runs_pkey' }))).toBe(true)
    expect(await areNumbersMended(pool, Object.assign(new Error(), { constraint: 'spans_pkey' }))).toBe(false)
  } finally {
    await pool.end()
  }
})
