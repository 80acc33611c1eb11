import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import pg from 'pg'
import { describe, expect, test } from 'vitest'
import type { Simulator } from '../../src/simulator/server.ts'
import { transaction } from '../../src/store/pool.ts'
import { emptyDatabase, settingsFor, startApi } from '../quick/commands/support.ts'
import { runCli, temporaryDirectory } from '../support/cli.ts'
import { compareWithWorld, EQUAL } from '../support/compare.ts'
import type { TestDatabase } from '../support/database.ts'
import { hasPgBouncer, throughPgBouncer } from '../support/pgbouncer.ts'
import { createOwner, createRole, type RoleSettings } from '../support/role.ts'

/** What a role, a database or a session of a pooler may be set to. Times are long: how soon is told by other tests. */
const HOSTILE: RoleSettings = {
  standard_conforming_strings: 'off',
  array_nulls: 'off',
  search_path: 'compat, pg_catalog',
  transform_null_equals: 'on',
  quote_all_identifiers: 'on',
  row_security: 'off',
  bytea_output: `'escape'`,
  client_encoding: `'LATIN1'`,
  datestyle: `'SQL, DMY'`,
  intervalstyle: `'sql_standard'`,
  timezone: `'Asia/Kolkata'`,
  timezone_abbreviations: `'Australia'`,
  extra_float_digits: '-15',
  xmloption: `'document'`,
  default_transaction_isolation: 'serializable',
  default_transaction_deferrable: 'on',
  statement_timeout: `'1h'`,
  lock_timeout: `'1h'`,
  idle_in_transaction_session_timeout: `'1h'`,
  synchronous_commit: 'off',
  plan_cache_mode: 'force_generic_plan',
  enable_indexscan: 'off',
  client_min_messages: 'debug1',
  check_function_bodies: 'off',
  backslash_quote: 'off',
  escape_string_warning: 'on',
  gin_fuzzy_search_limit: '1',
  enable_seqscan: 'off',
  work_mem: `'64kB'`,
  xmlbinary: `'hex'`,
  jit_above_cost: '0',
  default_statistics_target: '1',
  idle_session_timeout: `'1h'`,
}

/** Names of PostgreSQL's own, which a path like that finds first. */
const COMPAT = `
create schema compat;
grant usage on schema compat to public;
create function compat.now() returns timestamptz language sql as $$ select timestamptz '2001-01-01Z' $$;
create function compat.clock_timestamp() returns timestamptz language sql as $$ select timestamptz '2001-01-01Z' $$;
create function compat.statement_timestamp() returns timestamptz language sql as $$ select timestamptz '2001-01-01Z' $$;
create function compat.left(text, int) returns text language sql as $$ select 'left' $$;
create function compat.regexp_replace(text, text, text, text) returns text language sql as $$ select 'replaced' $$;
create function compat.current_setting(text) returns text language sql as $$ select 'LATIN1' $$;
create function compat.same(text, text) returns boolean language sql as $$ select false $$;
create operator compat.= (function = compat.same, leftarg = text, rightarg = text);
create table compat.pg_class (oid oid);
create table compat.pg_namespace (oid oid);
create view compat.pg_tables as select 'llamacloud_sync' as schemaname, 'migrations' as tablename;`

const COMMANDS = [
  ['migrate'],
  ['sync'],
  ['sync'],
  ['reconcile'],
  ['status'],
  ['verify'],
  ['doctor'],
  ['report', '--out', 'report.html'],
]

/** What commands say, but for numbers, which times and durations are among, and what the report shows of jobs. */
async function run(api: Simulator, url: string): Promise<string[]> {
  const cwd = await temporaryDirectory()
  const env = settingsFor(api, { DATABASE_URL: url })
  const said: string[] = []
  for (const command of COMMANDS) {
    const { code, stdout, stderr } = await runCli(command, { env, cwd })
    expect(code, `${command}: ${stdout}${stderr}`).toBe(0)
    // Of settings, doctor has something to say.
    if (command[0] !== 'doctor') said.push(stdout.replaceAll(/\d+|\S+(?=report\.html)/g, '#'))
  }
  const [jobs = ''] = (await readFile(join(cwd, 'report.html'), 'utf8')).split('<h2>Freshness')
  return [...said, jobs]
}

/** All that the migrations made, and all rows for people, as a session without any settings sees them. */
async function contents({ pool }: TestDatabase) {
  const relations = await transaction(pool, (client) =>
    client.query<{ name: string; definition: string }>(`
      select oid::regclass::text as name, coalesce(pg_get_viewdef(oid), '') as definition
      from pg_class where relnamespace = 'llamacloud'::regnamespace and relkind in ('r', 'v') order by 1`),
  )
  const defaults = await transaction(pool, (client) =>
    client.query(`select pg_get_expr(adbin, adrelid) as value from pg_attrdef order by 1`),
  )
  const indexes = await transaction(pool, (client) =>
    client.query(
      `select pg_get_indexdef(indexrelid) as definition from pg_index join pg_class on pg_class.oid = indexrelid
      where relnamespace in ('llamacloud'::regnamespace, 'llamacloud_sync'::regnamespace) order by 1`,
    ),
  )
  const rows = new Map<string, unknown>()
  for (const { name } of relations.rows.filter((each) => !each.name.endsWith('sync_freshness'))) {
    const found = await transaction(pool, (client) =>
      client.query(
        `select to_jsonb(each) - '{id,synced_at,observed_at,seen_at,first_seen_at,changed_at}'::text[] as row
        from ${name} as each order by 1`,
      ),
    )
    // The last digits of a sum depend on the order of the rows.
    const exact = JSON.stringify(found.rows, (key, value) => (/_(mean|sum)/.test(key) ? undefined : value))
    rows.set(name, JSON.parse(exact))
  }
  return { relations: relations.rows, indexes: indexes.rows, defaults: defaults.rows, rows }
}

describe('settings of a role', () => {
  test('all that could change what statements mean, at once: every command does and says the same as without', async () => {
    const api = await startApi()
    const [clean, hostile] = [await emptyDatabase(), await emptyDatabase()]
    await hostile.pool.query(COMPAT)
    const said = await run(api, (await createOwner(clean)).url)
    expect(await run(api, (await createOwner(hostile, HOSTILE)).url)).toEqual(said)
    expect(await contents(hostile)).toEqual(await contents(clean))
    expect(await compareWithWorld(hostile, api.world)).toEqual(EQUAL)
  })

  test('a reader whose path leads elsewhere: functions and views mean what they meant when they were made', async () => {
    const [api, database] = [await startApi(), await emptyDatabase()]
    expect((await runCli(['sync'], { env: settingsFor(api, { DATABASE_URL: database.url }) })).code).toBe(0)
    await database.pool.query(COMPAT)
    const ask = async (path: string) => {
      const client = new pg.Client({ connectionString: database.url })
      await client.connect()
      await client.query(`set search_path = ${path}`)
      const { rows } = await client.query(`
        select pg_catalog.to_jsonb(each)::pg_catalog.text as row
        from llamacloud.classify_type_stats_between(of_source => 'default') as each
        union all select pg_catalog.to_jsonb(each)::pg_catalog.text from llamacloud.classify_failures as each`)
      await client.end()
      return rows
    }
    const usual = await ask('pg_catalog')
    expect(usual.length).toBeGreaterThan(5)
    expect(await ask('compat, pg_catalog')).toEqual(usual)
  })

  test.runIf(hasPgBouncer)(
    'what another client left in the sessions of a pooler changes nothing either',
    async () => {
      const [api, database] = [await startApi(), await emptyDatabase()]
      await database.pool.query(COMPAT)
      const url = await throughPgBouncer(database.url)
      // All of its connections at once, so that each of them is left so.
      const clients = ['a', 'b', 'c'].map(() => new pg.Client({ connectionString: url }))
      for (const client of clients) await client.connect().then(() => client.query('begin'))
      for (const client of clients) {
        for (const [name, value] of Object.entries(HOSTILE)) await client.query(`set ${name} = ${value}`)
        await client.query('commit')
        await client.end()
      }
      await run(api, url)
      expect(await compareWithWorld(database, api.world)).toEqual(EQUAL)
    },
  )

  test("a login that takes the role of the owner: doctor names the role, and all is the role's", async () => {
    const [api, database] = [await startApi(), await emptyDatabase()]
    const owner = await createOwner(database)
    const login = await createRole(database, 'login')
    await database.pool.query(
      `grant ${owner.sql} to ${login.sql}; alter role ${login.sql} set role = ${owner.sql}`,
    )
    await run(api, login.url)
    const { rows } = await database.pool.query(
      `select distinct pg_get_userbyid(relowner)::text as owner from pg_class
      where relnamespace in ('llamacloud'::regnamespace, 'llamacloud_sync'::regnamespace) and relkind in ('r', 'v')`,
    )
    expect(rows).toEqual([{ owner: owner.name }])
    const said = await runCli(['doctor'], { env: settingsFor(api, { DATABASE_URL: login.url }) })
    expect(said.stdout).toContain(`${owner.name} owns both schemas`)
  })
})
