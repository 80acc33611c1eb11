import { describe, expect, onTestFinished, test } from 'vitest'
import { logLines, runCli, temporaryDirectory } from '../../support/cli.ts'
import { createMigratedDatabase } from '../../support/migrated-database.ts'
import { allRows, emptyDatabase, KEY, settingsFor, startApi, storedRuns } from './support.ts'

const PASSWORD = 'pass-word-of-the-cli-tests-3e9b'
const PROJECT = '3fa85f64-5717-4562-b3fc-2c963f66afa6'

/** The one message of a command that was refused while it worked; who writes says before where to. */
const messageOf = (end: Awaited<ReturnType<typeof runCli>>) => {
  const lines = logLines(end).filter(({ msg }) => !String(msg).startsWith('using database '))
  expect(lines).toMatchObject([{ level: 'error' }])
  return String(lines[0]!.msg)
}

describe('what the API refuses', () => {
  test('I10: a wrong key: what to check, in the API’s words and ours, and the key nowhere', async () => {
    const [api, database] = [await startApi(), await emptyDatabase()]
    const url = new URL(database.url)
    const wrongKey = `${KEY}-mistyped`
    const env = settingsFor(api, { DATABASE_URL: url.href, LLAMA_CLOUD_API_KEY: wrongKey })
    const end = await runCli(['sync'], { env })
    expect(end).toMatchObject({ code: 1, stdout: '' })
    const message = messageOf(end)
    expect(message).toContain('LLAMA_CLOUD_API_KEY')
    expect(message).toContain(api.url)
    expect(message).toContain('401: Invalid API Key. Please check your region')
    expect(message).toMatch(/works only in the region where it was created .*LLAMA_CLOUD_REGION/)
    expect(await storedRuns(database)).toMatchObject([{ outcome: 'failed', error: message, received: 0 }])
    expect(end.stderr + (await allRows(database))).not.toContain(wrongKey)
  })

  test('I10: an API that echoes the key and the password back: they reach neither log nor tables', async () => {
    const [api, database] = [await startApi(), await emptyDatabase()]
    const password = new URL(database.url).password || PASSWORD
    const url = new URL(database.url)
    url.password = password
    const detail = `The key ${KEY} is not that of ${password}`
    api.settings.intercept = () => ({ kind: 'status', status: 403, body: JSON.stringify({ detail }) })
    const end = await runCli(['sync'], {
      env: settingsFor(api, { DATABASE_URL: url.href, LOG_LEVEL: 'trace' }),
    })
    expect(end).toMatchObject({ code: 1, stdout: '' })
    expect(end.stderr).toContain('The key [redacted] is not that of [redacted]')
    for (const text of [end.stderr, await allRows(database)]) {
      expect(text).not.toContain(KEY)
      expect(text).not.toContain(password)
    }
  })
})

describe('what the database refuses', () => {
  test('I10: nobody listens: host, port and database, and no password', async () => {
    const api = await startApi()
    const env = settingsFor(api, { DATABASE_URL: `postgres://app:${PASSWORD}@127.0.0.1:1/warehouse` })
    const end = await runCli(['sync'], { env: { ...env, LOG_LEVEL: 'trace' } })
    expect(end).toMatchObject({ code: 1, stdout: '' })
    expect(logLines(end)[1]!.msg).toMatch(
      /^Database warehouse at 127\.0\.0\.1:1: .*ECONNREFUSED.* Start PostgreSQL there, or correct DATABASE_URL\.$/,
    )
    expect(end.stderr).not.toContain(PASSWORD)
    expect(api.requests.total).toBe(0)
  })

  test('I10: a wrong user and password, an unknown database: each says so, and no password', async () => {
    const [api, database] = [await startApi(), await emptyDatabase()]
    const [wrongLogin, unknown] = [new URL(database.url), new URL(database.url)]
    Object.assign(wrongLogin, { username: 'nobody_of_this_name', password: PASSWORD })
    unknown.pathname = '/no_database_of_this_name'
    const refused = await runCli(['sync'], { env: settingsFor(api, { DATABASE_URL: wrongLogin.href }) })
    expect(refused).toMatchObject({ code: 1, stdout: '' })
    expect(messageOf(refused)).toContain('Correct the user name and the password in DATABASE_URL')
    expect(refused.stderr).not.toContain(PASSWORD)
    const missing = await runCli(['sync'], { env: settingsFor(api, { DATABASE_URL: unknown.href }) })
    expect(missing).toMatchObject({ code: 1, stdout: '' })
    expect(messageOf(missing)).toContain('Create the database, or correct its name in DATABASE_URL')
    expect(messageOf(missing)).toContain('no_database_of_this_name')
  })

  test('another scope under the same name: what differs and how to proceed, and nothing is mixed', async () => {
    const [api, database] = [await startApi(), await emptyDatabase()]
    const env = settingsFor(api, { DATABASE_URL: database.url })
    expect(await runCli(['sync'], { env })).toMatchObject({ code: 0 })
    const jobs = async () =>
      (await database.pool.query('select * from llamacloud.classify_jobs order by id')).rows
    const before = [await jobs(), api.requests.total + 1]
    const end = await runCli(['sync'], { env: { ...env, LLAMA_CLOUD_PROJECT_ID: PROJECT } })
    expect(end).toMatchObject({ code: 2, stdout: '' })
    const message = messageOf(end)
    expect(message).toContain(`LLAMA_CLOUD_PROJECT_ID: stored none, now ${PROJECT}`)
    expect(message).toMatch(/set these back, or give the new scope its own name with SYNC_SOURCE=/)
    // The one request asks whether the jobs of the source are of the project that is named now.
    expect([await jobs(), api.requests.total]).toEqual(before)
  })

  test('a database of a newer version is left alone', async () => {
    const [api, database] = [await startApi(), await createMigratedDatabase()]
    onTestFinished(() => database.drop())
    await database.pool.query(`insert into llamacloud_sync.migrations (name) values ('9999_of_the_future')`)
    const before = await allRows(database)
    for (const command of ['sync', 'migrate', 'status']) {
      const end = await runCli([command], { env: settingsFor(api, { DATABASE_URL: database.url }) })
      expect(end, command).toMatchObject({ code: 2, stdout: '' })
      expect(messageOf(end)).toMatch(
        /newer version of llamacloud-sync \(9999_of_the_future\).*Upgrade this one/,
      )
    }
    expect(await allRows(database)).toBe(before)
    expect(api.requests.total).toBe(0)
  })
})

test.each([
  ['export', 'no-such-folder/rows', /^Cannot write no-such-folder\/rows \(ENOENT.*\)\. Name another file\.$/],
  ['export', '.', /^Cannot write \. \(EEXIST/],
  ['import', 'no-such-file', /^Cannot read no-such-file \(ENOENT/],
])(
  '%s %s: the file is named and not the database, and it is a fault of usage',
  async (command, file, fault) => {
    const database = await createMigratedDatabase()
    onTestFinished(() => database.drop())
    const end = await runCli([command, file], { env: { DATABASE_URL: database.url, LOG_FORMAT: 'json' } })
    expect(end).toMatchObject({ code: 2, stdout: '' })
    expect(messageOf(end)).toMatch(fault)
  },
)

test('an export that fails leaves no file behind: the next one may take its name', async () => {
  const [database, cwd] = [await emptyDatabase(), await temporaryDirectory()]
  const env = { DATABASE_URL: database.url, LOG_FORMAT: 'json' }
  for (const _ of ['first', 'again']) {
    const end = await runCli(['export', 'rows'], { env, cwd })
    expect(end).toMatchObject({ code: 2 })
    expect(messageOf(end)).toMatch(/there is nothing to export/)
  }
})
