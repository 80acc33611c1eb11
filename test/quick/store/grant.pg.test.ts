import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { queriesIn } from '../../../scripts/doc-queries.ts'
import { answer } from '../../../src/commands/answer.ts'
import { SettingsError } from '../../../src/errors.ts'
import { grantReader } from '../../../src/store/grant.ts'
import { openPool } from '../../../src/store/pool.ts'
import { runCli } from '../../support/cli.ts'
import type { TestDatabase } from '../../support/database.ts'
import { createMigratedDatabase } from '../../support/migrated-database.ts'
import { createDemoDatabase } from '../docs/demo-database.ts'

/** Roles belong to the server and not to a database. With all that has to be quoted. */
const role = `Reader "of" ${randomUUID()}`
const password = randomUUID()
const reader = pg.escapeIdentifier(role)

let database: TestDatabase
let asReader: pg.Pool
beforeAll(async () => {
  database = await createDemoDatabase()
  await database.pool.query(`create role ${reader} login password '${password}'`)
  const url = new URL(database.url)
  url.username = role
  url.password = password
  asReader = openPool(url.href, { max: 2, applicationName: 'reader' })
})
afterAll(async () => {
  await asReader?.end()
  await database?.pool.query(`drop owned by ${reader}; drop role ${reader}`)
  await database?.drop()
})

const DENIED = { code: '42501' }

test('before the grant, the role reads nothing', async () => {
  await expect(asReader.query('select 1 from llamacloud.classify_jobs')).rejects.toMatchObject(DENIED)
})

describe('after the grant', () => {
  beforeAll(() => grantReader(database.pool, role))

  test('granting again, by the command, changes nothing', async () => {
    const env = { DATABASE_URL: database.url }
    const { code, stdout, stderr } = await runCli(['grant', role], { env })
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    const { rows } = await database.pool.query<{ relations: number }>(
      `select count(*) as relations from pg_class
      where relnamespace = 'llamacloud'::regnamespace and relkind in ('r', 'v')`,
    )
    expect(stdout).toBe(
      `${role} can read the ${rows[0]?.relations} tables and views in schema llamacloud, including future ones.\n`,
    )
  })

  const queries = ['docs/cookbook.md', 'README.md'].flatMap((page) =>
    queriesIn(readFileSync(new URL(`../../../${page}`, import.meta.url), 'utf8')),
  )
  test('every query of the docs gives the role the same answer', async () => {
    expect(queries.length).toBeGreaterThan(20)
    for (const { sql, answer: shown } of queries) expect(await answer(asReader, sql)).toBe(shown)
  })

  test('nothing in llamacloud_sync can be read, and nothing anywhere written', async () => {
    const { rows } = await database.pool.query<{ name: string; schema: string; kind: string }>(
      `select relname as name, nspname as schema, relkind as kind
      from pg_class join pg_namespace on pg_namespace.oid = relnamespace
      where nspname in ('llamacloud', 'llamacloud_sync') and relkind in ('r', 'v', 'S')`,
    )
    expect(rows.length).toBeGreaterThan(18)
    for (const { schema, name, kind } of rows) {
      const relation = `${schema}.${name}`
      if (schema === 'llamacloud_sync' || kind === 'S') {
        await expect(asReader.query(`select from ${relation}`), relation).rejects.toMatchObject(DENIED)
      }
      if (kind === 'S') continue
      await expect(asReader.query(`delete from ${relation}`), relation).rejects.toMatchObject({
        code: expect.stringMatching(kind === 'v' ? /42501|55000/ : /42501/),
      })
      await expect(asReader.query(`insert into ${relation} default values`), relation).rejects.toMatchObject({
        code: expect.stringMatching(kind === 'v' ? /42501|55000/ : /42501/),
      })
    }
    await expect(asReader.query('create table llamacloud.mine ()')).rejects.toMatchObject(DENIED)
    await expect(asReader.query('drop view llamacloud.sync_freshness')).rejects.toMatchObject(DENIED)
  })

  test('days are those of UTC, whatever the server says', async () => {
    expect((await asReader.query('show timezone')).rows).toEqual([{ TimeZone: 'UTC' }])
  })

  test('what later migrations make can be read as well', async () => {
    await database.pool.query(
      'create table llamacloud.later (a int); create view llamacloud.later_view as select a from llamacloud.later',
    )
    expect((await asReader.query('select from llamacloud.later_view, llamacloud.later')).rows).toEqual([])
  })
})

test('a role that does not exist is not created: the error says how', async () => {
  const { code, stderr, stdout } = await runCli(['grant', 'no such "role"'], {
    env: { DATABASE_URL: database.url, LOG_FORMAT: 'json' },
  })
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
  expect(JSON.parse(stderr).msg).toMatch(/There is no role .*create role "no such ""role""" login password/s)
})

test.each(['public', 'PUBLIC', 'pg_read_all_data', 'none'])(
  'who is no role of yours cannot be granted: %s',
  async (name) => {
    await expect(grantReader(database.pool, name)).rejects.toThrow(
      new SettingsError(
        `PostgreSQL keeps the name ${JSON.stringify(name)} for itself: name a role of your own, such as reader.`,
      ),
    )
  },
)

test('without the tables, the error says to migrate; without a role, how it is used', async () => {
  const { rows } = await database.pool.query<{ name: string }>('select current_user::text as name')
  const empty = await createMigratedDatabase()
  try {
    await empty.pool.query('drop schema llamacloud cascade')
    const env = { DATABASE_URL: empty.url, LOG_FORMAT: 'json' }
    const { code, stderr } = await runCli(['grant', rows[0]!.name], { env })
    expect(code).toBe(1)
    expect(JSON.parse(stderr).msg).toContain('Run `llamacloud-sync migrate`')
  } finally {
    await empty.drop()
  }
  expect(await runCli(['grant'])).toMatchObject({ code: 2, stdout: '' })
})

test('says what a role may do besides, and what it may not', async () => {
  const { rows } = await database.pool.query<{ name: string }>('select current_user::text as name')
  const powerful = await grantReader(database.pool, rows[0]!.name)
  expect(powerful.remarks.join(' ')).toMatch(/also see llamacloud_sync.*also write to tables/)

  const member = `member_${randomUUID().replaceAll('-', '')}`
  const group = `group_${randomUUID().replaceAll('-', '')}`
  await database.pool.query(`create role ${group}`)
  try {
    expect((await grantReader(database.pool, group)).remarks).toEqual([
      'It cannot log in: grant it to a role that can, or allow it to (alter role … login). Members do not inherit its time zone: grant each of them as well, or set theirs to UTC.',
    ])
    // As said: a member reads what the group may, in the time zone of the server.
    await database.pool.query(`create role ${member} login password '${password}' in role ${group}`)
    await database.pool.query(`alter role ${member} set timezone to 'Asia/Kolkata'`)
    const url = new URL(database.url)
    url.username = member
    url.password = password
    const asMember = openPool(url.href, { max: 1, applicationName: 'member' })
    try {
      expect((await asMember.query('show timezone')).rows).toEqual([{ TimeZone: 'Asia/Kolkata' }])
      expect((await asMember.query('select from llamacloud.classify_daily limit 1')).rowCount).toBe(1)
      await grantReader(database.pool, member)
    } finally {
      await asMember.end()
    }
    const again = openPool(url.href, { max: 1, applicationName: 'member' })
    expect((await again.query('show timezone')).rows).toEqual([{ TimeZone: 'UTC' }])
    await again.end()
  } finally {
    await database.pool.query(`drop owned by ${group}; drop role ${group}`)
    await database.pool.query(`drop owned by ${member}; drop role ${member}`)
  }
})
