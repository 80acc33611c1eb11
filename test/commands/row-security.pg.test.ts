import { describe, expect, test } from 'vitest'
import type { Simulator } from '../../src/simulator/server.ts'
import { openPool } from '../../src/store/pool.ts'
import { emptyDatabase, settingsFor, startApi } from '../quick/commands/support.ts'
import { logLines, runCli } from '../support/cli.ts'
import { compareWithWorld, EQUAL } from '../support/compare.ts'
import { createOwner, createRole, type Role } from '../support/role.ts'
import { sampled } from '../support/size.ts'

/** Statements of a role by itself, as somebody with a client of his own would run them. */
async function as<T extends object>({ url }: Role, statement: string): Promise<T[]> {
  const pool = openPool(url, { max: 1, applicationName: 'test' })
  return pool
    .query<T>(statement)
    .then(({ rows }) => rows)
    .finally(() => pool.end())
}

async function sync(api: Simulator, { url }: Role) {
  return runCli(['sync'], { env: settingsFor(api, { DATABASE_URL: url }) })
}

async function policies(api: Simulator, { url }: Role) {
  const end = await runCli(['doctor', '--json'], { env: settingsFor(api, { DATABASE_URL: url }) })
  const { findings }: { findings: { check: string; status: string; found: string; cure: string }[] } =
    JSON.parse(end.stdout)
  return findings.find(({ check }) => check === 'policies')!
}

/** A database that a role without special rights fills, as a worker's does. */
async function synced() {
  const [api, database] = [await startApi(), await emptyDatabase()]
  const worker = await createOwner(database)
  expect((await sync(api, worker)).code).toBe(0)
  return { api, database, worker }
}

describe('I12: row level security that applies to the worker', () => {
  const FORCED = (table: string) =>
    `alter table ${table} enable row level security; alter table ${table} force row level security;`

  const forced = [
    ['the rows for people', FORCED('llamacloud.classify_jobs')],
    [
      'its memory, in part',
      `${FORCED('llamacloud_sync.spans')} create policy half on llamacloud_sync.spans using (random() < 0.5);`,
    ],
    ['what was migrated', FORCED('llamacloud_sync.migrations')],
    ['several tables', `${FORCED('llamacloud_sync.sources')} ${FORCED('llamacloud.classify_job_changes')}`],
  ] as const
  test.each(sampled('forced policies', forced, 1))(
    'forced upon the owner, %s: no run takes what it sees for all; the cure of doctor works',
    async (_, statements) => {
      const { api, database, worker } = await synced()
      await database.pool.query(statements)
      const failed = await sync(api, worker)
      expect(failed.code).toBe(1)
      expect(logLines(failed).at(-1)!.msg).toMatch(
        /row-level security.*\[42501\]\. .*`doctor` names the tables/,
      )
      const { status, found, cure } = await policies(api, worker)
      expect({ status, found }).toEqual({
        status: 'failed',
        found: expect.stringContaining(`applies to ${worker.name} on llamacloud`),
      })
      await as(worker, cure)
      expect((await sync(api, worker)).code).toBe(0)
      expect(await compareWithWorld(database, api.world)).toEqual(EQUAL)
    },
  )

  test('a worker that has all rights but is not the owner', async () => {
    const { api, database, worker } = await synced()
    const other = await createRole(database, 'other')
    const { pool } = database
    for (const schema of ['llamacloud', 'llamacloud_sync']) {
      await pool.query(
        `grant all on schema ${schema} to ${other.sql}; grant all on all tables in schema ${schema} to ${other.sql}`,
      )
    }
    await pool.query('alter table llamacloud.classify_jobs enable row level security')
    expect((await policies(api, worker)).status).toBe('ok')
    const { status, cure } = await policies(api, other)
    expect(status).toBe('failed')
    await pool.query(/alter role .*;/.exec(cure)![0])
    expect((await policies(api, other)).status).toBe('ok')
  })
})
