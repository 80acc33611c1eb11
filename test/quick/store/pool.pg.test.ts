import pg from 'pg'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { DatabaseError } from '../../../src/errors.ts'
import { databaseError } from '../../../src/store/database-error.ts'
import { openPool, parseInt8, transaction } from '../../../src/store/pool.ts'
import { createTestDatabase, type TestDatabase } from '../../support/database.ts'
import { createRole, type RoleSettings } from '../../support/role.ts'

let database: TestDatabase

beforeAll(async () => {
  database = await createTestDatabase()
  await database.pool.query('create table public.item (id int primary key)')
})
beforeEach(() => database.pool.query('truncate public.item'))
afterAll(() => database.drop())

const ids = async () =>
  (await database.pool.query('select id from public.item order by id')).rows.map(({ id }) => id)

test('times arrive as text with all their digits, int8 as a number where that is exact', async () => {
  const { rows } = await transaction(database.pool, (client) =>
    client.query(`
      select '2024-01-01T00:00:00.123456Z'::timestamptz as moment, '2024-01-01'::date as day,
        array['2024-01-01T00:00:00.123456Z'::timestamptz] as moments,
        9007199254740991::int8 as exact, 9007199254740993::int8 as beyond, count(*) as count`),
  )
  expect(rows).toEqual([
    {
      moment: '2024-01-01 00:00:00.123456+00',
      day: '2024-01-01',
      moments: ['2024-01-01 00:00:00.123456+00'],
      exact: 9_007_199_254_740_991,
      beyond: '9007199254740993',
      count: 1,
    },
  ])
})

test('parseInt8 is exact at both ends', () => {
  expect(parseInt8('-9007199254740991')).toBe(-9_007_199_254_740_991)
  expect(parseInt8('-9007199254740993')).toBe('-9007199254740993')
})

test('the types are those of our pool only', async () => {
  const client = new pg.Client({ connectionString: database.url })
  await client.connect()
  const { rows } = await client.query('select now() as now, 1::int8 as one')
  await client.end()
  expect(rows).toEqual([{ now: expect.any(Date), one: '1' }])
})

test('times read in a transaction do not depend on the settings of the database', async () => {
  const other = await createTestDatabase()
  const name = new URL(other.url).pathname.slice(1)
  await other.pool.query(`alter database ${name} set timezone = 'Asia/Tokyo'`)
  await other.pool.query(`alter database ${name} set datestyle = 'German'`)
  await other.pool.query(`alter database ${name} set default_transaction_isolation = 'serializable'`)
  const pool = openPool(other.url, { max: 1, applicationName: 'test' })
  const { rows } = await transaction(pool, (client) =>
    client.query(`
      select '2024-01-01T00:00:00Z'::timestamptz as moment,
        current_setting('transaction_isolation') as isolation`),
  )
  expect(rows).toEqual([{ moment: '2024-01-01 00:00:00+00', isolation: 'read committed' }])
  await pool.end()
  await other.drop()
})

test('a transaction is committed when its work resolves and rolled back when it throws', async () => {
  await transaction(database.pool, (client) => client.query('insert into public.item values (1)'))
  const failing = transaction(database.pool, async (client) => {
    await client.query('insert into public.item values (2)')
    throw new Error('changed my mind')
  })
  await expect(failing).rejects.toThrow('changed my mind')
  expect(await ids()).toEqual([1])
})

test('I2: a commit that PostgreSQL answers with a rollback is not taken for one', async () => {
  const failing = transaction(database.pool, async (client) => {
    await client.query('insert into public.item values (1)')
    await client.query('insert into public.item values (1)').catch(() => {})
  })
  await expect(failing).rejects.toThrow(DatabaseError)
  expect(await ids()).toEqual([])
})

test('I6: a transaction leaves nothing in the session, and startup names nothing but the application', async () => {
  const pool = openPool(database.url, { max: 1, applicationName: 'one session' })
  const settings = `
    select current_setting('statement_timeout') as statement_timeout,
      current_setting('lock_timeout') as lock_timeout, current_setting('application_name') as name`
  const before = (await pool.query(settings)).rows
  const inside = await transaction(pool, (client) => client.query(settings), {
    statementTimeout: 1234,
    lockTimeout: 567,
  })
  expect(inside.rows).toEqual([{ statement_timeout: '1234ms', lock_timeout: '567ms', name: 'one session' }])
  expect((await pool.query(settings)).rows).toEqual(before)
  expect((await pool.query('select count(*) as named from pg_prepared_statements')).rows).toEqual([
    { named: 0 },
  ])
  const startup = await pool.query(
    `select array_agg(name order by name) as names from pg_settings where source = 'client'`,
  )
  expect(startup.rows).toEqual([{ names: ['application_name', 'client_encoding'] }])
  await pool.end()
})

test('a statement that takes too long is cancelled by the server', async () => {
  const slow = transaction(database.pool, (client) => client.query('select pg_sleep(60)'), {
    statementTimeout: 20,
  })
  await expect(slow).rejects.toMatchObject({ code: '57014' })
})

test('I11: a server that does not answer is not waited for beyond the query timeout', async () => {
  const pool = openPool(database.url, { max: 1, applicationName: 'test', queryTimeout: 50 })
  await expect(pool.query('select pg_sleep(1)')).rejects.toThrow('Query read timeout')
  await pool.end()
})

test('a connection that is cut fails the transaction, is not used again, and ends nothing else', async () => {
  const pool = openPool(database.url, { max: 1, applicationName: 'test' })
  const backend = async (client: { query: pg.Pool['query'] }): Promise<number> =>
    (await client.query<{ pid: number }>('select pg_backend_pid() as pid')).rows[0]!.pid
  const cut = transaction(pool, async (client) => {
    const pid = await backend(client)
    await database.pool.query('select pg_terminate_backend($1)', [pid])
    await client.query('insert into public.item values (1)')
  })
  await expect(cut).rejects.toThrow(/terminat|connection error/)
  const idle = await backend(pool)
  await database.pool.query('select pg_terminate_backend($1)', [idle])
  await expect.poll(() => pool.totalCount).toBe(0)
  expect(await backend(pool)).not.toBe(idle)
  await pool.end()
})

test('real refusals become errors with a cure and without the password', async () => {
  const wrong = new URL(database.url)
  wrong.pathname = '/no_such_database'
  const pool = openPool(wrong.href, { max: 1, applicationName: 'test' })
  const error = await pool.query('select').then(
    () => undefined,
    (reason: unknown) => databaseError(reason, wrong.href, (text) => text),
  )
  expect(error?.message).toMatch(/^Database no_such_database at .*\[3D000\]\. Create the database/)
  await pool.end()
})

/** Its own transactions against the bare session of a role with these settings. */
async function asRole(settings: RoleSettings, query: string) {
  const { url } = await createRole(database, `set_${Object.keys(settings).length}`, settings)
  const pool = openPool(url, { max: 1, applicationName: 'test' })
  const attempt = (by: typeof pool.query) =>
    by(query).then(
      ({ rows }) => rows[0]?.value,
      ({ code }) => code,
    )
  try {
    const bare = await attempt(pool.query.bind(pool))
    const ours = await transaction(pool, (client) => client.query(query)).then(({ rows }) => rows[0]?.value)
    return { bare, ours }
  } finally {
    await pool.end()
  }
}

describe('settings of the role do not reach a transaction', () => {
  test.each([
    ['a text with a backslash', { standard_conforming_strings: 'off' }, `select 'a\\b' as value`, 'a\\b'],
    ['a null in an array', { array_nulls: 'off' }, `select ('{NULL}'::text[])[1] is null as value`, true],
    ['null = null', { transform_null_equals: 'on' }, `select (null::int = null) is null as value`, true],
    ['a name', { quote_all_identifiers: 'on' }, `select format('%I', 'item') as value`, 'item'],
    [
      'a table by its name',
      { search_path: 'public' },
      `select 'public.item'::regclass::text as value`,
      'public.item',
    ],
    [
      'digits of a number',
      { extra_float_digits: '-15' },
      `select (0.1::float8)::text || (1/3::float8) as value`,
      '0.10.3333333333333333',
    ],
    [
      'a length of time',
      { intervalstyle: `'sql_standard'` },
      `select '-1 day 2 hours'::interval::text as value`,
      '-1 days +02:00:00',
    ],
    [
      'the order of a date',
      { datestyle: `'ISO, DMY'` },
      `select '01/02/2026'::date::text as value`,
      '2026-01-02',
    ],
  ])('%s', async (_, settings, query, expected) => {
    const { bare, ours } = await asRole(settings, query)
    expect(ours).toEqual(expected)
    expect(bare).not.toEqual(ours)
  })

  test('I11: times after which PostgreSQL gives up, also that of a whole transaction (17 and newer)', async () => {
    const [server] = (
      await database.pool.query(`select current_setting('transaction_timeout', true) is not null as known`)
    ).rows
    const names = ['statement_timeout', 'lock_timeout', 'idle_in_transaction_session_timeout']
    if (server.known) names.push('transaction_timeout')
    const settings = Object.fromEntries(names.map((name) => [name, `'7min'`]))
    const value = `select concat_ws(' ', ${names.map((name) => `current_setting('${name}')`)}) as value`
    const { bare, ours } = await asRole(settings, value)
    expect(bare).toBe(names.map(() => '7min').join(' '))
    expect(ours).toBe(['1min', '15s', '1min', '0'].slice(0, names.length).join(' '))
  })

  test('views can be read though the role is set not to (17 and newer, and late releases of older ones)', async () => {
    const setting = 'restrict_nonsystem_relation_kind'
    const [server] = (
      await database.pool.query(`select current_setting('${setting}', true) is not null as known`)
    ).rows
    if (!server.known) return
    await database.pool.query(
      'create view public.seen as select 1 as value; grant select on public.seen to public',
    )
    const { bare, ours } = await asRole({ [setting]: `'view'` }, 'select value from public.seen')
    expect({ bare, ours }).toEqual({ bare: '55000', ours: 1 })
  })
})
