import { describe, expect, onTestFinished, test } from 'vitest'
import { openPool } from '../../src/store/pool.ts'
import { emptyDatabase, KEY, settingsFor, startApi } from '../quick/commands/support.ts'
import { logLines, runCli } from '../support/cli.ts'
import { createTestDatabase } from '../support/database.ts'
import { createOwner, createRole } from '../support/role.ts'

interface Finding {
  readonly check: string
  readonly status: string
  readonly found: string
  readonly cure: string
}

async function examine(env: Readonly<Record<string, string>>) {
  const end = await runCli(['doctor', '--json'], { env })
  const { findings }: { findings: Finding[] } = JSON.parse(end.stdout)
  return {
    failed: findings.filter(({ status }) => status === 'failed'),
    of: (name: string) => findings.find(({ check }) => check === name)!,
  }
}

/** Statements, as somebody with a client of his own runs them: all of a cure at once. */
async function runAs(url: string, statements: string): Promise<void> {
  const pool = openPool(url, { max: 1, applicationName: 'test' })
  await pool.query(statements).finally(() => pool.end())
}

test('faults of a server that was well, all in one run: each cure works, whatever the others do', async () => {
  const [api, database] = [await startApi(), await emptyDatabase()]
  const worker = await createOwner(database)
  const env = settingsFor(api, { DATABASE_URL: worker.url })
  expect((await runCli(['sync'], { env })).code).toBe(0)
  await database.pool.query(`
    alter role ${worker.sql} set session_replication_role = replica;
    alter role ${worker.sql} set default_transaction_read_only = on;
    alter role ${worker.sql} set search_path = compat, pg_catalog;
    alter table llamacloud.classify_jobs enable row level security;
    alter table llamacloud.classify_jobs force row level security;
    delete from llamacloud.classify_job_changes;
    delete from llamacloud.classify_jobs`)
  const wrongKey = { ...env, LLAMA_CLOUD_API_KEY: `${KEY}-mistyped` }

  const { failed, of } = await examine(wrongKey)
  expect(failed.map(({ check }) => check)).toEqual(['session', 'rights', 'policies', 'stored', 'key'])
  expect(of('session').found).toMatch(/session_replication_role is set to replica \(by: user\)/)
  await runAs(database.url, of('session').cure.replace('As an administrator: ', ''))
  await runAs(worker.url, of('rights').cure)
  await runAs(worker.url, of('policies').cure)

  const better = await examine(env)
  expect(better.failed.map(({ check }) => check)).toEqual(['stored'])
  expect(better.of('session')).toMatchObject({
    status: 'ok',
    found: expect.stringMatching(/overridden in each transaction: search_path/),
  })
  expect(better.of('stored').cure).toContain('reconcile')
  expect((await runCli(['reconcile'], { env })).code).toBe(0)
  expect((await examine(env)).failed).toEqual([])
})

test('faults of a server that is new, all in one run', async () => {
  const api = await startApi()
  const database = await createTestDatabase('template0', 'LATIN1')
  onTestFinished(() => database.drop())
  const stranger = await createRole(database, 'stranger', { default_transaction_isolation: 'serializable' })
  const env = settingsFor(api, { DATABASE_URL: stranger.url })
  const { failed, of } = await examine(env)
  expect(failed.map(({ check }) => check)).toEqual(['encoding', 'rights'])
  const [statement = ''] = /^create database.*?;/.exec(of('encoding').cure)!
  await database.pool.query(statement)
  const name = /"(.*?)"/.exec(statement)![1]!
  onTestFinished(async () => void (await database.pool.query(`drop database ${name} with (force)`)))
  const url = Object.assign(new URL(stranger.url), { pathname: `/${name}` }).href
  const moved = { ...env, DATABASE_URL: url }
  // The statement made it the worker's own.
  expect((await examine(moved)).failed).toEqual([])
  expect((await runCli(['sync'], { env: moved })).code).toBe(0)
})

describe('what stands in the way of the first migration: both the migration and doctor name it, and the cure works', () => {
  async function newWorker() {
    const [api, database] = [await startApi(), await emptyDatabase()]
    const worker = await createOwner(database)
    const env = settingsFor(api, { DATABASE_URL: worker.url })
    const migrate = async () => {
      const end = await runCli(['migrate'], { env })
      return { code: end.code, last: String(logLines(end).at(-1)!.msg) }
    }
    return { database, worker, env, migrate }
  }

  test('a default_tablespace in which the worker may create nothing', async () => {
    const { database, worker, env, migrate } = await newWorker()
    const name = `fast_${new URL(database.url).pathname.slice(1)}`
    const client = await database.pool.connect()
    await client.query('set allow_in_place_tablespaces = on')
    await client.query(`create tablespace ${name} location ''`)
    client.release()
    onTestFinished(async () => {
      await database.pool.query('drop schema if exists llamacloud, llamacloud_sync cascade')
      await database.pool.query(`drop tablespace ${name}`)
    })
    await database.pool.query(`alter role ${worker.sql} set default_tablespace = ${name}`)
    expect(await migrate()).toEqual({
      code: 1,
      last: expect.stringMatching(/denied for tablespace .* as an administrator, grant create on tablespace/),
    })
    const { failed, of } = await examine(env)
    expect(failed.map(({ check }) => check)).toEqual(['rights'])
    await runAs(database.url, of('rights').cure.replace('As an administrator: ', ''))
    expect((await migrate()).code).toBe(0)
    // Nothing may refer to it once it goes.
    await database.pool.query(`revoke create on tablespace ${name} from ${worker.sql}`)
  })

  test.each([
    [
      'refuses all changes',
      'ddl_command_start',
      `raise 'no changes until Monday'`,
      /no changes until Monday.*alter event trigger NAME disable/,
    ],
    [
      'forces row-level security upon new tables',
      'ddl_command_end',
      `for made in select * from pg_event_trigger_ddl_commands() where command_tag = 'CREATE TABLE' loop
        execute format('alter table %s enable row level security', made.object_identity);
        execute format('alter table %s force row level security', made.object_identity);
      end loop`,
      /an event trigger forces it upon new tables/,
    ],
  ])('an event trigger that %s', async (_, event, body, told) => {
    const { database, env, migrate } = await newWorker()
    await database.pool.query(`
      create function watch() returns event_trigger language plpgsql as $$ declare made record; begin ${body}; end $$;
      create event trigger watchful on ${event} execute function watch()`)
    const refused = await migrate()
    expect(refused).toEqual({ code: 1, last: expect.stringMatching(told) })
    expect(refused.last).toContain('the migration 0000_tables failed: ')
    expect((await examine(env)).of('migrations').found).toMatch(/event triggers .* may object: watchful$/)
    await database.pool.query('alter event trigger watchful disable')
    expect((await migrate()).code).toBe(0)
  })
})
