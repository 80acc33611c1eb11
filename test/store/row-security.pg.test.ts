import { expect, onTestFinished, test } from 'vitest'
import { grantReader } from '../../src/store/grant.ts'
import { migrate } from '../../src/store/migrate.ts'
import { openPool } from '../../src/store/pool.ts'
import { runCli } from '../support/cli.ts'
import { createTestDatabase } from '../support/database.ts'
import { createOwner, createRole, type Role } from '../support/role.ts'

const TABLE = 'llamacloud.classify_jobs'

/** A table with three jobs that belongs to a role without special rights, row level security on it, and a reader. */
async function guarded() {
  const database = await createTestDatabase()
  onTestFinished(() => database.drop())
  const connect = async (role: Role) => {
    const pool = openPool(role.url, { max: 1, applicationName: 'test' })
    onTestFinished(() => pool.end())
    return { ...role, pool }
  }
  const worker = await connect(await createOwner(database))
  const reader = await connect(await createRole(database, 'reader'))
  await migrate(worker.pool)
  await worker.pool.query(
    `insert into ${TABLE} (id, source, status, first_seen_at, synced_at)
    select 'clj-' || number, 'default', 'FAILED', now(), now() from generate_series(1, 3) as number`,
  )
  await worker.pool.query(`alter table ${TABLE} enable row level security`)
  const count = async (relation: string) =>
    (await reader.pool.query<{ count: number }>(`select count(*) as count from ${relation}`)).rows[0]!.count
  return { database, worker, reader, count, grant: () => grantReader(worker.pool, reader.name) }
}

test.each([
  ['no policy', () => 'select'],
  ['a policy for others', ({ sql }: Role) => `create policy theirs on ${TABLE} to ${sql} using (true)`],
  ['a policy for writing', () => `create policy w on ${TABLE} for insert to public with check (true)`],
  ['one that only hides more', () => `create policy r on ${TABLE} as restrictive to public using (true)`],
])('a reader and %s: grant says that the table looks empty; its cure works', async (_, policy) => {
  const { worker, grant, count } = await guarded()
  await worker.pool.query(policy(worker))
  const { relations, faults } = await grant()
  expect(faults).toEqual([expect.stringContaining(`hides every row of ${TABLE}`)])
  expect(await count(TABLE)).toBe(0)
  await worker.pool.query(/create policy .*;/.exec(faults[0]!)![0])
  expect(await count(TABLE)).toBe(3)
  expect(await grant()).toMatchObject({ relations: relations + 1, faults: [] })
})

test('a policy of a group that the reader is in: what it shows is somebody’s will, and said', async () => {
  const { database, worker, reader, grant } = await guarded()
  const group = await createRole(database, 'group')
  await database.pool.query(`grant ${group.sql} to ${reader.sql}`)
  await worker.pool.query(
    `create policy mine on ${TABLE} for select to ${group.sql} using (status = 'FAILED')`,
  )
  expect(await grant()).toMatchObject({
    faults: [],
    remarks: expect.arrayContaining([`Of ${TABLE} it sees only the rows that these policies allow: mine.`]),
  })
})

test('forced upon the owner: a reader whom no policy concerns finds the views empty; the cure works', async () => {
  const { database, worker, reader, grant, count } = await guarded()
  await worker.pool.query(`alter table ${TABLE} force row level security`)
  await database.pool.query(`alter role ${reader.sql} bypassrls`)
  const { faults } = await grant()
  expect(faults).toEqual([expect.stringContaining('also applies to its owner')])
  expect([await count(TABLE), await count('llamacloud.classify_job_details')]).toEqual([3, 0])
  await worker.pool.query(/alter table .*;/.exec(faults[0]!)![0])
  expect(await count('llamacloud.classify_job_details')).toBe(3)
  expect((await grant()).faults).toEqual([])
})

test('forced upon the owner in the memory, which views read: said too; the cure works', async () => {
  const { worker, grant } = await guarded()
  await worker.pool.query(`alter table ${TABLE} disable row level security;
    alter table llamacloud_sync.sources enable row level security;
    alter table llamacloud_sync.sources force row level security`)
  const { faults } = await grant()
  expect(faults).toEqual([expect.stringContaining('of llamacloud_sync.sources also applies to its owner')])
  await worker.pool.query(/alter table .*;/.exec(faults[0]!)![0])
  expect((await grant()).faults).toEqual([])
})

test('the command does not report success for a reader who sees nothing', async () => {
  const { worker, reader } = await guarded()
  const { code, stdout } = await runCli(['grant', reader.name], { env: { DATABASE_URL: worker.url } })
  expect({ code, stdout }).toEqual({
    code: 1,
    stdout: expect.stringMatching(/can read the \d+ tables.*\nRow-level security hides every row of .*\n/),
  })
})

test('a view that was set to read with the rights of who asks: grant names it; its cure works', async () => {
  const { worker, grant, count } = await guarded()
  const view = 'llamacloud.sync_freshness'
  await worker.pool.query(`alter table ${TABLE} disable row level security;
    alter view ${view} set (security_invoker = on);
    alter view llamacloud.classify_failures set (security_invoker = on)`)
  const { faults, relations } = await grant()
  expect(faults).toEqual([expect.stringContaining(`The view ${view} reads with the rights of who asks`)])
  await expect(count(view)).rejects.toMatchObject({ code: '42501' })
  expect(await count('llamacloud.classify_failures')).toBe(1)
  await worker.pool.query(/alter view .*;/.exec(faults[0]!)![0])
  expect(await count(view)).toBe(0)
  expect(await grant()).toMatchObject({ relations: relations + 1, faults: [] })
})

test('functions that a database keeps from the public: views that call them answer the reader as well', async () => {
  const database = await createTestDatabase()
  onTestFinished(() => database.drop())
  const worker = await createOwner(database)
  await database.pool.query(
    `alter default privileges for role ${worker.sql} revoke execute on functions from public`,
  )
  const pool = openPool(worker.url, { max: 1, applicationName: 'test' })
  const reader = await createRole(database, 'reader')
  const asReader = openPool(reader.url, { max: 1, applicationName: 'test' })
  onTestFinished(async () => void (await Promise.all([pool.end(), asReader.end()])))
  await migrate(pool)
  await grantReader(pool, reader.name)
  // As a later migration would make it.
  await pool.query('create function llamacloud.later() returns int language sql as $$ select 1 $$')
  const { rows } = await pool.query<{ name: string }>(
    `select viewname::text as name from pg_views where schemaname = 'llamacloud'`,
  )
  expect(rows.length).toBeGreaterThan(15)
  for (const { name } of rows) await asReader.query(`select "row"::text from llamacloud.${name} as "row"`)
  await asReader.query('select llamacloud.later() from llamacloud.classify_type_stats_between()')
})
