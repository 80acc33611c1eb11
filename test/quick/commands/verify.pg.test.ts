import { describe, expect, test } from 'vitest'
import { runCli } from '../../support/cli.ts'
import type { TestDatabase } from '../../support/database.ts'
import { emptyDatabase, JOBS, KEY, settingsFor, startApi } from './support.ts'

async function synced() {
  const [api, database] = [await startApi(), await emptyDatabase()]
  const env = settingsFor(api, { DATABASE_URL: database.url, SYNC_PAGE_SIZE: '100' })
  expect(await runCli(['sync'], { env })).toMatchObject({ code: 0 })
  return {
    database,
    verify: (flags: readonly string[] = [], more: Record<string, string> = {}) =>
      runCli(['verify', ...flags], { env: { ...env, ...more } }),
  }
}

/** Changes the status of this many jobs, the first by id; returns their ids. */
async function plant({ pool }: TestDatabase, count: number): Promise<string[]> {
  const { rows } = await pool.query<{ id: string }>(
    `update llamacloud.classify_jobs set status = 'planted'
    where id in (select id from llamacloud.classify_jobs where status = 'COMPLETED' order by id limit $1)
    returning id`,
    [count],
  )
  return rows.map(({ id }) => id)
}

describe('verify', () => {
  test('equal: says so and exits with 0', async () => {
    const { verify } = await synced()
    const end = await verify()
    expect(end).toMatchObject({ code: 0, stderr: '' })
    expect(end.stdout).toBe(`equal: ${JOBS} items from the API compared with ${JOBS} stored jobs.\n`)
    expect(JSON.parse((await verify(['--json'])).stdout)).toEqual({
      received: JOBS,
      stored: JOBS,
      differences: 0,
      inFlight: 0,
      equal: true,
      shown: [],
    })
  })

  test('a source that was never synced is not equal to the API: what to do first', async () => {
    const { verify } = await synced()
    const end = await verify([], { SYNC_SOURCE: 'mistyped' })
    expect(end).toMatchObject({ code: 1, stdout: '' })
    expect(end.stderr).toContain(
      'No worker has synced the source \\"mistyped\\" into this database: run `sync` first.',
    )
  })

  test('a source whose first sync failed is not equal to the API either', async () => {
    const [api, database] = [await startApi(), await emptyDatabase()]
    const env = settingsFor(api, { DATABASE_URL: database.url, SYNC_RETRY_FOR: '0s' })
    api.settings.intercept = () => ({ kind: 'status', status: 500 })
    expect((await runCli(['sync'], { env })).code).toBe(1)
    const { rows } = await database.pool.query('select name from llamacloud_sync.sources')
    expect(rows).toEqual([{ name: 'default' }])
    api.settings.intercept = undefined
    const end = await runCli(['verify'], { env })
    expect(end).toMatchObject({ code: 1, stdout: '' })
    expect(end.stderr).toContain('No worker has synced the source')
  })

  test('I10: shows no secret, no query of an address and nothing of an omitted field that is still stored', async () => {
    const { database, verify } = await synced()
    const [id] = await plant(database, 1)
    await database.pool.query(
      `update llamacloud.classify_jobs set file_input = $2, result_reasoning = 'private', error_message = $3 where id = $1`,
      [id, 'https://files.example/a.pdf?signature=credential', `refused ${KEY}`],
    )
    const settings = { SYNC_STRIP_URL_QUERY: 'true', SYNC_OMIT: 'classify.result_reasoning' }
    for (const flags of [[], ['--json']].map((some) => [...some, '--limit', '1000'])) {
      const { code, stdout } = await verify(flags, settings)
      expect(code).toBe(1)
      for (const secret of ['credential', 'private', KEY]) expect(stdout).not.toContain(secret)
      expect(stdout).toContain('https://files.example/a.pdf?[redacted]')
      expect(stdout).toContain('result_reasoning')
    }
  })

  test('I10: lists each difference with both values up to --limit, tells the total and exits with 1', async () => {
    const { database, verify } = await synced()
    const ids = await plant(database, 3)
    const all = await verify()
    expect(all).toMatchObject({ code: 1, stderr: '' })
    for (const id of ids) {
      expect(all.stdout).toContain(`${id} differs\n  status: API "COMPLETED", tables "planted"\n`)
    }
    const total = `${JOBS} items from the API compared with ${JOBS} stored jobs.\n`
    expect(all.stdout.endsWith(`\n3 differences: ${total}`)).toBe(true)
    expect(all.stdout).not.toContain(KEY)

    const some = await verify(['--limit', '2'])
    expect(some.code).toBe(1)
    expect(some.stdout.match(/differs/g)).toHaveLength(2)
    expect(some.stdout.endsWith(`\n3 differences (2 shown): ${total}`)).toBe(true)
    expect(await verify(['--limit', '0'])).toMatchObject({
      code: 1,
      stdout: `3 differences (0 shown): ${total}`,
    })

    const json = await verify(['--json', '--limit', '1'])
    expect(json.code).toBe(1)
    expect(JSON.parse(json.stdout)).toEqual({
      received: JOBS,
      stored: JOBS,
      differences: 3,
      inFlight: 0,
      equal: false,
      shown: [
        {
          id: expect.stringMatching(new RegExp(ids.join('|'))),
          source: 'default',
          kind: 'fields',
          fields: [{ field: 'status', api: 'COMPLETED', stored: 'planted' }],
        },
      ],
    })
  })

  test('in a database without its tables: what to do first, and they are not made', async () => {
    const [api, database] = [await startApi(), await emptyDatabase()]
    const end = await runCli(['verify'], { env: settingsFor(api, { DATABASE_URL: database.url }) })
    expect(end).toMatchObject({ code: 1, stdout: '' })
    expect(end.stderr).toMatch(/Migrations are pending: run `sync`/)
    const schemas = await database.pool.query(`select from pg_namespace where nspname like 'llamacloud%'`)
    expect([schemas.rowCount, api.requests.total]).toEqual([0, 0])
  })
})
