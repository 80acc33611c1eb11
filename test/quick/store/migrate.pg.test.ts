import { execFile } from 'node:child_process'
import { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import pg, { type Pool } from 'pg'
import { describe, expect, onTestFinished, test } from 'vitest'
import { connectionOf } from '../../../src/doctor/connection.ts'
import { checkRights } from '../../../src/doctor/database.ts'
import { SchemaTooNewError } from '../../../src/errors.ts'
import { grantReader } from '../../../src/store/grant.ts'
import { importRows } from '../../../src/store/import-rows.ts'
import { whatIsGone } from '../../../src/store/made.ts'
import { knownMigrations, migrate, migrateWithin, pendingMigrations } from '../../../src/store/migrate.ts'
import { MigrationError } from '../../../src/store/migration-error.ts'
import { openPool, transaction } from '../../../src/store/pool.ts'
import { exportRows } from '../../../src/store/transfer.ts'
import { createTestDatabase, type TestDatabase } from '../../support/database.ts'
import { NEVER_CAME_MS } from '../../support/hang.ts'
import { UNUSUAL_SETTINGS } from '../../support/migrated-database.ts'
import { createOwner, createRole, type Role } from '../../support/role.ts'
import { bySize } from '../../support/size.ts'

const PROCESSES = bySize(8, 20)
const MIGRATE_ONCE = fileURLToPath(new URL('../../support/migrate-once.ts', import.meta.url))

async function emptyDatabase(): Promise<TestDatabase> {
  const database = await createTestDatabase()
  onTestFinished(() => database.drop())
  return database
}

const applied = async ({ pool }: TestDatabase) =>
  (await pool.query<{ name: string }>('select name from llamacloud_sync.migrations order by name')).rows.map(
    ({ name }) => name,
  )

const tables = async ({ pool }: TestDatabase) => {
  const { rows } = await pool.query<{ name: string }>(
    `select schemaname || '.' || tablename as name from pg_tables
    where schemaname in ('llamacloud', 'llamacloud_sync') order by 1`,
  )
  return rows.map(({ name }) => name)
}

test('a fresh database gets all migrations, in their order; the second time there is nothing to do', async () => {
  const database = await emptyDatabase()
  const known = await knownMigrations()
  expect(known.length).toBeGreaterThan(0)
  expect(await pendingMigrations(database.pool, known)).toEqual(known)
  expect(await migrate(database.pool)).toEqual(known)
  expect(await applied(database)).toEqual(known)
  expect(await tables(database)).toContain('llamacloud.classify_jobs')
  const wal = 'select xmin::text, applied_at from llamacloud_sync.migrations order by name'
  const before = (await database.pool.query(wal)).rows
  expect(await migrate(database.pool)).toEqual([])
  expect((await database.pool.query(wal)).rows).toEqual(before)
})

test(`${PROCESSES} processes at once: all succeed, and each migration is applied once`, async () => {
  const database = await emptyDatabase()
  const run = promisify(execFile)
  const outputs = await Promise.all(
    Array.from({ length: PROCESSES }, () =>
      run(process.execPath, [MIGRATE_ONCE, database.url], { timeout: NEVER_CAME_MS }),
    ),
  )
  const names = outputs.flatMap(({ stdout }) => JSON.parse(stdout) as string[])
  expect(names).toEqual(await knownMigrations())
  expect(await applied(database)).toEqual(names)
})

test('a failed migration leaves nothing behind', async () => {
  const database = await emptyDatabase()
  // In the way of a table of the first migration.
  await database.pool.query('create schema llamacloud; create table llamacloud.classify_jobs (id int)')
  await expect(migrate(database.pool)).rejects.toMatchObject({ code: '42P07' })
  expect(await tables(database)).toEqual(['llamacloud.classify_jobs'])
})

test('a database with unusual settings', async () => {
  const database = await emptyDatabase()
  const name = new URL(database.url).pathname.slice(1)
  for (const [setting, value] of Object.entries(UNUSUAL_SETTINGS)) {
    await database.pool.query(`alter database ${name} set ${setting} = '${value}'`)
  }
  const pool = openPool(database.url, { max: 4, applicationName: 'test' })
  const both = await Promise.all([migrate(pool), migrate(pool)])
  await pool.end()
  expect(both.flat()).toEqual(await knownMigrations())
})

test('a publication of all tables does not keep the worker from changing or deleting rows of any', async () => {
  const database = await emptyDatabase()
  await migrate(database.pool)
  await database.pool.query('create publication everything for all tables')
  const { rows } = await database.pool.query<{ name: string; column: string }>(
    `select attrelid::regclass::text as name, quote_ident(attname) as column
    from pg_attribute join pg_class on pg_class.oid = attrelid
    where relnamespace in ('llamacloud'::regnamespace, 'llamacloud_sync'::regnamespace) and relkind = 'r' and attnum = 1`,
  )
  expect(rows.length).toBeGreaterThan(25)
  for (const { name, column } of rows) {
    await database.pool.query(`delete from ${name}`)
    await database.pool.query(`update ${name} set ${column} = ${column}`).catch((error) => {
      // Numbers that PostgreSQL gives may not be set.
      expect(error.code).toBe('428C9')
    })
  }
})

describe('pendingMigrations', () => {
  test('a migration that was inserted before the newest applied one is applied all the same', async () => {
    const database = await emptyDatabase()
    await migrate(database.pool)
    const [first, ...others] = await knownMigrations()
    const known = [first!, 'a_branch_merged_late', ...others, 'the_newest']
    expect(await pendingMigrations(database.pool, known)).toEqual(['a_branch_merged_late', 'the_newest'])
  })

  test('an older worker refuses a newer schema, and applies nothing', async () => {
    const database = await emptyDatabase()
    const known = await knownMigrations()
    await migrate(database.pool)
    await database.pool.query(`insert into llamacloud_sync.migrations (name) values ('9999_from_the_future')`)
    await database.pool.query('delete from llamacloud_sync.migrations where name = $1', [known.at(-1)])
    await expect(migrate(database.pool)).rejects.toThrow(SchemaTooNewError)
    await expect(migrate(database.pool)).rejects.toThrow('(9999_from_the_future). Upgrade this one')
    expect(await applied(database)).not.toContain(known.at(-1))
  })
})

test('a migration that fails for what somebody dropped: the way back that it names works', async () => {
  const { pool } = await emptyDatabase()
  const known = await knownMigrations()
  await transaction(pool, (client) => migrateWithin(client, known.slice(0, -5)))
  await pool.query(`
    insert into llamacloud.classify_jobs (id, source, first_seen_at, synced_at) values ('job', 's', now(), now());
    alter table llamacloud.parse_jobs drop column credits cascade`)
  const error = await migrate(pool).catch((reason) => reason)
  expect(error).toBeInstanceOf(MigrationError)
  const lines: string[] = []
  await exportRows(pool, async (line) => void lines.push(line))
  await pool.query(/`(drop schema[^`]*)`/.exec(error.cure)?.[1] ?? '')
  await importRows(pool, Readable.from(lines))
  expect(await pendingMigrations(pool, known)).toEqual([])
  expect(await whatIsGone(pool)).toEqual([])
  expect((await pool.query('select id from llamacloud.classify_jobs')).rows).toEqual([{ id: 'job' }])
})

test('a member of the owner that does not inherit its rights: doctor says so, and its cure works', async () => {
  const database = await emptyDatabase()
  const [owner, login] = [await createOwner(database), await createRole(database, 'login')]
  await asRole(owner, (pool) => migrate(pool))
  await database.pool.query(`alter role ${login.sql} noinherit; grant ${owner.sql} to ${login.sql}`)
  const rights = () =>
    asRole(login, async (pool) => {
      const client = await pool.connect()
      return checkRights(connectionOf(login.url, client)).finally(() => client.release())
    })
  const { status, cure } = await rights()
  expect(status).toBe('failed')
  await database.pool.query(cure!)
  expect(await rights()).toMatchObject({ status: 'ok' })
  await asRole(login, (pool) => pool.query('select from llamacloud.job_costs'))
})

test('a user without CREATE on the database migrates when both schemas are there and his', async () => {
  const database = await emptyDatabase()
  const name = new URL(database.url).pathname.slice(1)
  const user = `owner_of_${name}`
  const administrator = new pg.Client({ connectionString: database.url })
  await administrator.connect()
  await administrator.query(`create role ${user} login password 'pw'`)
  await administrator.query(
    `revoke all on database ${name} from public; grant connect on database ${name} to ${user}`,
  )
  for (const schema of ['llamacloud', 'llamacloud_sync']) {
    await administrator.query(`create schema ${schema} authorization ${user}`)
  }
  const url = Object.assign(new URL(database.url), { username: user, password: 'pw' })
  const pool = openPool(url.href, { max: 2, applicationName: 'test' })
  try {
    await expect(pool.query('create schema third')).rejects.toMatchObject({ code: '42501' })
    expect(await migrate(pool)).toEqual(await knownMigrations())
    expect(await migrate(pool)).toEqual([])
  } finally {
    await pool.end()
    await administrator.query(`drop owned by ${user} cascade; drop role ${user}`)
    await administrator.end()
  }
})

const OWNERS = `
select distinct pg_get_userbyid(relowner) as owner from pg_class
where relnamespace = any (array['llamacloud', 'llamacloud_sync']::regnamespace[]) and relkind in ('r', 'v')`

describe('an administrator who migrates leaves all to its owner', () => {
  test('an upgrade of what the worker made: it, its views and their readers go on', async () => {
    const database = await emptyDatabase()
    const [owner, reader] = [await createOwner(database), await createRole(database, 'reader')]
    const [known, before] = [await knownMigrations(), '0030_live_day_and_shares']
    await asRole(owner, (pool) =>
      transaction(pool, (client) => migrateWithin(client, known.slice(0, known.indexOf(before) + 1))),
    )
    await asRole(owner, (pool) => grantReader(pool, reader.name))
    expect((await migrate(database.pool)).length).toBeGreaterThan(0)
    expect((await database.pool.query(OWNERS)).rows).toEqual([{ owner: owner.name }])
    for (const role of [owner, reader])
      await asRole(role, (pool) => pool.query('select from llamacloud.job_costs'))
  })

  test('what he owns of it already he can still change, and doctor says how to hand it over', async () => {
    const database = await emptyDatabase()
    const owner = await createOwner(database)
    const known = await knownMigrations()
    await asRole(owner, (pool) => transaction(pool, (client) => migrateWithin(client, known.slice(0, -2))))
    await database.pool.query(`
      alter function llamacloud.duration_percentile owner to current_user;
      alter table llamacloud_sync.lookups owner to current_user`)
    expect(await migrate(database.pool)).toEqual(known.slice(-2))
    const finding = () =>
      asRole(owner, async (pool) => {
        const client = await pool.connect()
        return checkRights(connectionOf(owner.url, client)).finally(() => client.release())
      })
    const { status, cure } = await finding()
    expect(status).toBe('failed')
    const statements = cure!.slice(cure!.indexOf('alter'))
    expect(statements).toContain('alter table llamacloud_sync.lookups owner to ')
    await database.pool.query(statements)
    expect(await finding()).toMatchObject({ status: 'ok' })
    await asRole(owner, (pool) => pool.query('select from llamacloud.job_costs'))
  })

  test('schemas that were prepared for the worker', async () => {
    const database = await emptyDatabase()
    const owner = await createOwner(database)
    for (const schema of ['llamacloud', 'llamacloud_sync'])
      await database.pool.query(`create schema ${schema} authorization ${owner.sql}`)
    await migrate(database.pool)
    expect((await database.pool.query(OWNERS)).rows).toEqual([{ owner: owner.name }])
  })
})

async function asRole<T>({ url }: Role, work: (pool: Pool) => Promise<T>): Promise<T> {
  const pool = openPool(url, { max: 2, applicationName: 'test' })
  try {
    return await work(pool)
  } finally {
    await pool.end()
  }
}
