import { expect, test } from 'vitest'
import { knownMigrations } from '../../../src/store/migrate.ts'
import { logLines, runCli, startCli } from '../../support/cli.ts'
import { emptyDatabase, holdAfter, JOBS, settingsFor, startApi, summaryOf } from './support.ts'

test('status and migrate, before any sync: both tell what to do next, in text and as JSON', async () => {
  const database = await emptyDatabase()
  const env = { DATABASE_URL: database.url, LOG_FORMAT: 'json' }
  const run = async (...args: string[]) => {
    const end = await runCli(args, { env })
    expect(end.code).toBe(0)
    // Who only looks says nothing but the answer; who writes says where to.
    expect(end.stderr === '' ? 'nothing' : logLines(end).map(({ msg }) => msg)).toEqual(
      args.includes('status') ? 'nothing' : [expect.stringMatching(/^using database /)],
    )
    return end.stdout
  }
  const known = await knownMigrations()
  expect(await run('status')).toMatch(/Pending migrations: \d+\. Run `migrate`/)
  expect(JSON.parse(await run('status', '--json'))).toEqual({ pendingMigrations: known, sources: [] })
  // Looking changes nothing.
  const schemas = await database.pool.query(`select from pg_namespace where nspname like 'llamacloud%'`)
  expect(schemas.rowCount).toBe(0)

  const upToDate = `The database is up to date: ${known.length} migrations.`
  expect(await run('migrate')).toBe(`${[...known.map((name) => `applied ${name}`), upToDate].join('\n')}\n`)
  expect(await run('migrate')).toBe(`${upToDate}\n`)
  expect(await run('status')).toBe('No source has been synced yet. Run `sync`.\n')
  expect(JSON.parse(await run('status', '--json'))).toEqual({ pendingMigrations: [], sources: [] })
})

test('status after a sync: coverage, lag, history, open jobs, rejects, runs; after a failed one, why', async () => {
  const [api, database] = [await startApi(), await emptyDatabase()]
  const env = settingsFor(api, { DATABASE_URL: database.url })
  const look = async (...flags: string[]) => {
    const end = await runCli(['status', ...flags], { env: { DATABASE_URL: database.url } })
    expect(end).toMatchObject({ code: 0, stderr: '' })
    return end.stdout
  }
  expect(summaryOf(await runCli(['sync'], { env }))).toMatchObject({ outcome: 'succeeded' })
  const { pendingMigrations, sources } = JSON.parse(await look('--json'))
  expect([pendingMigrations, sources.length]).toEqual([[], 1])
  const [source] = sources
  expect(source).toMatchObject({
    name: 'default',
    baseUrl: api.url,
    coveredFrom: '2024-01-01T00:00:00.000000Z',
    historyDone: 1,
    openJobs: 0,
    rejects: 0,
    leaseOwner: null,
    leaseExpiresAt: null,
    // Everything was read once, by this very sync.
    lastReconcileAt: expect.any(String),
    settledUntil: expect.any(String),
    runs: [{ kind: 'sync', outcome: 'succeeded', inserted: JOBS, error: null, watermarkBefore: null }],
  })
  expect(source.runs[0].watermarkAfter).toBe(source.watermark)
  expect(source.lastSuccessAt).toBe(source.runs[0].finishedAt)
  // The lag is what lies between the watermark, which the API's clock set, and now.
  expect(source.lagSeconds).toBeGreaterThanOrEqual(0)
  expect(Date.now() - Date.parse(source.watermark)).toBeGreaterThanOrEqual(source.lagSeconds * 1000 - 500)

  const text = await look()
  for (const line of [
    'Source default',
    `  api             ${api.url}`,
    `  coverage        2024-01-01T00:00:00.000000Z .. ${source.watermark}`,
    '  history         100.0% read',
    '  open jobs       0',
    '  rejects         0',
    '  lease           free',
  ]) {
    expect(text.split('\n')).toContain(line)
  }
  expect(text).toMatch(new RegExp(`\\| sync \\| succeeded \\|.* ${JOBS} \\|`))

  api.settings.apiKey = 'another'
  expect(await runCli(['sync'], { env })).toMatchObject({ code: 1 })
  const [after] = JSON.parse(await look('--json')).sources
  expect(after.runs).toMatchObject([{ outcome: 'failed', received: 0 }, { outcome: 'succeeded' }])
  expect(after.runs[0].error).toMatch(/LLAMA_CLOUD_API_KEY \(401/)
  expect([after.watermark, after.lastSuccessAt]).toEqual([source.watermark, source.lastSuccessAt])
  expect(await look()).toContain(`latest failure, ${after.runs[0].startedAt}: ${after.runs[0].error}`)
})

test('status of a list that the settings no longer name: it says so', async () => {
  const [api, database] = [await startApi(), await emptyDatabase()]
  const env = settingsFor(api, { DATABASE_URL: database.url, SYNC_LISTS: 'classify,parse' })
  await runCli(['sync'], { env })
  const look = async (lists: string, ...flags: string[]) =>
    (await runCli(['status', ...flags], { env: { DATABASE_URL: database.url, SYNC_LISTS: lists } })).stdout
  expect(await look('classify,parse')).not.toContain('not in the settings')
  expect((await look('classify')).match(/^Source .*/gm)).toEqual([
    'Source default',
    'Source default/parse (not in the settings of this command)',
  ])
  const { sources } = JSON.parse(await look('classify', '--json'))
  expect(sources.map(({ inSettings }: { inSettings: boolean }) => inSettings)).toEqual([true, false])
})

test('status of what is missing, in quarantine and dark: how much, since when, and what to do', async () => {
  const [api, database] = [await startApi(), await emptyDatabase()]
  const env = settingsFor(api, { DATABASE_URL: database.url })
  expect(await runCli(['sync'], { env })).toMatchObject({ code: 0 })
  await database.pool.query(
    `insert into llamacloud_sync.rechecks (source, job_id, noted_at, due_at, missed_at, reason, quarantined_at)
    values ('default', 'held', now(), now(), now(), null, null), ('default', 'failing', now(), now(), null, 'it answers 500', now())`,
  )
  await database.pool.query(`update llamacloud_sync.sources set dark_since = '2026-01-01T00:00:00Z'`)
  const json = await runCli(['status', '--json'], { env })
  expect(JSON.parse(json.stdout).sources).toMatchObject([
    {
      held: 1,
      quarantine: [{ what: 'failing', reason: 'it answers 500' }],
      darkSince: '2026-01-01T00:00:00.000000Z',
    },
  ])
  const { stdout } = await runCli(['status'], { env })
  expect(stdout).toMatch(/^ {2}held +1 missing upstream.*`accept-deletions default --expect 1`/m)
  expect(stdout).toMatch(/^ {2}quarantine +1 set aside/m)
  expect(stdout).toMatch(/^ {2}dark +.*since 2026-01-01T00:00:00/m)
  expect(stdout).toMatch(/in quarantine since .*, next try .*: failing: it answers 500/)

  const refused = await runCli(['accept-deletions', 'default', '--expect', '2'], { env })
  expect(refused).toMatchObject({ code: 2 })
  expect(refused.stderr).toMatch(/Missing jobs of the source .*default.*: 1, not 2/)
  expect((await runCli(['accept-deletions', 'nobody', '--expect', '1'], { env })).code).toBe(2)
  expect(await runCli(['accept-deletions', 'default', '--expect', '1'], { env })).toMatchObject({ code: 0 })
  const after = await runCli(['status', '--json'], { env })
  expect(JSON.parse(after.stdout).sources).toMatchObject([{ held: 0 }])
})

test('status in the midst of the first sync: the history is part read, and who holds the lease', async () => {
  const [api, database] = [await startApi(), await emptyDatabase()]
  const env = settingsFor(api, { DATABASE_URL: database.url })
  const hold = holdAfter(api, 6)
  const worker = await startCli(['sync'], { env })
  await worker.until(hold.reached)
  const end = await runCli(['status', '--json'], { env })
  expect(end).toMatchObject({ code: 0, stderr: '' })
  const [source] = JSON.parse(end.stdout).sources
  expect(source.leaseOwner).toEqual(expect.any(String))
  expect(source.historyDone).toBeGreaterThanOrEqual(0)
  expect(source.historyDone).toBeLessThan(1)
  expect(source.runs).toMatchObject([{ outcome: 'running', finishedAt: null }])
  hold.release()
  expect(await worker.finished).toMatchObject({ code: 0 })
})
