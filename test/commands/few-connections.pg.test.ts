import { expect, test } from 'vitest'
import { emptyDatabase, settingsFor, startApi } from '../quick/commands/support.ts'
import { runCli } from '../support/cli.ts'
import { compareWithWorld, EQUAL } from '../support/compare.ts'
import { hasPgBouncer, throughPgBouncer } from '../support/pgbouncer.ts'
import { createOwner } from '../support/role.ts'

test('a role that may have two connections: the upgrade says how many it needs, and three are enough for all', async () => {
  const [api, database] = [await startApi(), await emptyDatabase()]
  const role = await createOwner(database)
  const limit = (count: number) => database.pool.query(`alter role ${role.sql} connection limit ${count}`)
  const env = settingsFor(api, { DATABASE_URL: role.url, SYNC_CONCURRENCY: '8' })
  await limit(2)
  const refused = await runCli(['migrate'], { env })
  expect(refused.code).toBe(1)
  expect(refused.stderr).toContain('Raise its limit, to 3 or more')
  await limit(3)
  for (const command of ['migrate', 'sync'])
    expect(await runCli([command], { env })).toMatchObject({ code: 0 })
  expect(await compareWithWorld(database, api.world)).toEqual(EQUAL)
})

test.runIf(hasPgBouncer)(
  'a pooler that has one connection: the upgrade says what it needs; a sync does with one',
  async () => {
    const [api, database] = [await startApi(), await emptyDatabase()]
    const settings = ['default_pool_size = 1', 'query_wait_timeout = 3']
    const pooled = await throughPgBouncer(database.url, 'transaction', ['*'], settings)
    const env = settingsFor(api, { DATABASE_URL: pooled, SYNC_CONCURRENCY: '8' })
    const refused = await runCli(['migrate'], { env })
    expect(refused.code).toBe(1)
    expect(refused.stderr).toContain('set its default_pool_size to 3 or more')
    const cured = await throughPgBouncer(database.url, 'transaction', ['*'], ['default_pool_size = 3'])
    const migrated = await runCli(['migrate'], { env: { ...env, DATABASE_URL: cured } })
    expect(migrated.code).toBe(0)
    expect(await runCli(['sync'], { env })).toMatchObject({ code: 0 })
    expect(await compareWithWorld(database, api.world)).toEqual(EQUAL)
  },
)
