import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { Simulator } from '../../src/simulator/server.ts'
import { knownMigrations } from '../../src/store/migrate.ts'
import { openPool, transaction } from '../../src/store/pool.ts'
import { DAY, MILLISECOND } from '../../src/values/instant.ts'
import { settingsFor, startApi } from '../quick/commands/support.ts'
import { logLines, runCli, temporaryDirectory } from '../support/cli.ts'
import { compareWithWorld, EQUAL } from '../support/compare.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'

const MIGRATIONS = new URL('../../migrations/', import.meta.url)

async function databaseIn(encoding: string): Promise<TestDatabase> {
  const database = await createTestDatabase('template0', encoding)
  onTestFinished(() => database.drop())
  return database
}

/** An API with jobs whose texts only UTF8 can hold, long ones among them. */
async function startJapaneseApi(): Promise<Simulator> {
  const api = await startApi()
  const createdAt = Date.now() * MILLISECOND - 3 * DAY
  for (const [id, length] of Object.entries({ one: 1, two: 200, three: 300 })) {
    const fields = { status: 'FAILED', error_message: '日本語のエラー '.repeat(length) }
    api.world.put({ id: `clj-${id}`, createdAt, fields })
  }
  return api
}

/** Tables as an older version made them in any encoding. */
async function migrateAnyway({ pool }: TestDatabase): Promise<void> {
  await transaction(pool, async (client) => {
    await client.query(
      'create schema llamacloud_sync; create table llamacloud_sync.migrations (name text primary key, applied_at timestamptz)',
    )
    for (const name of await knownMigrations()) {
      const text = await readFile(new URL(`${name}.sql`, MIGRATIONS), 'utf8')
      for (const statement of text.split('--> statement-breakpoint')) {
        await client.query(statement.replaceAll(/[^\n\t -~]/g, '.').replaceAll('CONCURRENTLY', ''))
      }
      await client.query('insert into llamacloud_sync.migrations (name) values ($1)', [name])
    }
  })
}

/** What doctor says of the encoding, and the database that its statement made. */
async function follow({ pool, url }: TestDatabase, api: Simulator) {
  const end = await runCli(['doctor', '--json'], { env: settingsFor(api, { DATABASE_URL: url }) })
  const { findings }: { findings: { check: string; found: string; cure: string }[] } = JSON.parse(end.stdout)
  const { found, cure } = findings.find(({ check }) => check === 'encoding')!
  const [statement = ''] = /^create database.*?;/.exec(cure) ?? []
  await pool.query(statement)
  const name = /"(.*?)"/.exec(statement)![1]!
  const made = { pool, url: Object.assign(new URL(url), { pathname: `/${name}` }).href }
  onTestFinished(async () => void (await pool.query(`drop database ${name} with (force)`)))
  return { found, url: made.url }
}

describe('I9: a database that cannot hold every text', () => {
  test.each(['SQL_ASCII', 'LATIN1', 'WIN1252', 'LATIN9', 'EUC_JP', 'KOI8R'])(
    '%s: nothing is written; the statement that is shown makes one that can',
    async (encoding) => {
      const [api, database] = [await startJapaneseApi(), await databaseIn(encoding)]
      const refused = await runCli(['sync'], { env: settingsFor(api, { DATABASE_URL: database.url }) })
      expect(refused).toMatchObject({ code: 2, stdout: '' })
      expect(logLines(refused).at(-1)!.msg).toMatch(
        new RegExp(`Nothing was written: the database \\S+ uses the encoding ${encoding}, .*encoding 'UTF8'`),
      )
      const { rowCount } = await database.pool.query(
        `select from pg_namespace where nspname like 'llamacloud%'`,
      )
      expect([rowCount, api.requests.total]).toEqual([0, 0])

      const { found, url } = await follow(database, api)
      expect(found).toContain(`uses the encoding ${encoding}`)
      expect((await runCli(['sync'], { env: settingsFor(api, { DATABASE_URL: url }) })).code).toBe(0)
      const pool = openPool(url, { max: 1, applicationName: 'test' })
      expect(await compareWithWorld({ ...database, pool }, api.world).finally(() => pool.end())).toEqual(
        EQUAL,
      )
    },
  )

  test('MULE_INTERNAL, which no client in UTF8 can even connect to', async () => {
    const [api, database] = [await startApi(), await databaseIn('MULE_INTERNAL')]
    const end = await runCli(['doctor', '--json'], { env: settingsFor(api, { DATABASE_URL: database.url }) })
    const { findings } = JSON.parse(end.stdout)
    expect(findings).toContainEqual({
      check: 'database',
      status: 'failed',
      found: expect.stringMatching(/MULE_INTERNAL.*is not supported \[0A000\]/),
      cure: expect.stringMatching(/create database NAME encoding 'UTF8' .*; and use that in DATABASE_URL/),
    })
  })

  test('LATIN1 that an older version filled: the error of the server has its cure', async () => {
    const [api, database] = [await startJapaneseApi(), await databaseIn('LATIN1')]
    await migrateAnyway(database)
    const end = await runCli(['sync'], { env: settingsFor(api, { DATABASE_URL: database.url }) })
    expect(end.code).toBe(1)
    expect(logLines(end).at(-1)!.msg).toMatch(/\[22P05\]\. The encoding of the database .*`doctor` shows/)
  })

  test('SQL_ASCII that an older version filled: doctor says why it cannot be read, and all moves to a new one', async () => {
    const [api, database] = [await startJapaneseApi(), await databaseIn('SQL_ASCII')]
    await migrateAnyway(database)
    const env = settingsFor(api, { DATABASE_URL: database.url })
    expect((await runCli(['sync'], { env })).code).toBe(0)
    const cwd = await temporaryDirectory()
    const report = await runCli(['report'], { env, cwd })
    expect(logLines(report).at(-1)!.msg).toMatch(/\[22021\]\. The encoding of the database .*`doctor` shows/)

    const { url } = await follow(database, api)
    const file = join(cwd, 'rows.jsonl')
    expect((await runCli(['export', file], { env })).code).toBe(0)
    const moved = settingsFor(api, { DATABASE_URL: url })
    for (const command of [['import', file], ['sync'], ['verify'], ['report']]) {
      const { code, stderr } = await runCli(command, { env: moved, cwd })
      expect({ code, stderr: code ? stderr : '' }, command.join()).toEqual({ code: 0, stderr: '' })
    }
  })
})
