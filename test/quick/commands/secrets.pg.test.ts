import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import type { Fault } from '../../../src/simulator/faults.ts'
import type { JsonValue } from '../../../src/simulator/json.ts'
import { DAY, MILLISECOND } from '../../../src/values/instant.ts'
import { type Finished, runCli, startCli } from '../../support/cli.ts'
import { createMigratedDatabase } from '../../support/migrated-database.ts'
import { sampled } from '../../support/size.ts'
import { read } from '../docs/pages.ts'
import { allRows, emptyDatabase, KEY, settingsFor, startApi } from './support.ts'

const PASSWORD = 'pass-word-that-nobody-may-read-51'
const QUERY = 'X-Amz-Signature=presigned-credential'

function expectNoSecret(texts: readonly string[], secrets: readonly string[]): void {
  for (const secret of secrets) for (const text of texts) expect(text).not.toContain(secret)
}

const printed = ({ stdout, stderr }: Finished) => stdout + stderr

/** What `report` writes into its file. */
async function reportOf(env: Record<string, string>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'llamacloud-sync-report-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  const out = join(folder, 'report.html')
  expect(await runCli(['report', '--out', out], { env })).toMatchObject({ code: 0 })
  return readFile(out, 'utf8')
}

/** An API that echoes whatever it is told in every way in which it can fail. */
const echo = JSON.stringify({ detail: `Bearer ${KEY} and ${PASSWORD} and ${encodeURIComponent(PASSWORD)}` })
const FAULTS: readonly Fault[] = [
  ...[400, 401, 403, 404, 410, 422, 429, 500, 503].map(
    (status): Fault => ({ kind: 'status', status, body: echo }),
  ),
  { kind: 'status', status: 200, body: echo },
  { kind: 'status', status: 302, body: echo, headers: { location: `https://x:${PASSWORD}@host.invalid/` } },
  { kind: 'reset' },
  { kind: 'cut' },
  { kind: 'garbage' },
]

test('I10: runs that fail in every way of the API: no secret in logs, answers of commands, the report, tables', async () => {
  const [api, database] = [await startApi(), await emptyDatabase()]
  const url = new URL(database.url)
  const env = settingsFor(api, {
    DATABASE_URL: url.href,
    PGPASSWORD: PASSWORD,
    LOG_LEVEL: 'trace',
    SYNC_RETRY_FOR: '0s',
  })
  const texts: string[] = []
  for (const fault of sampled('faults of the API', FAULTS, 3)) {
    api.settings.intercept = () => fault
    const end = await runCli(['sync'], { env })
    expect([fault, end.code]).toEqual([fault, 1])
    texts.push(printed(end))
  }
  texts.push(printed(await runCli(['doctor', '--json'], { env })))
  texts.push(printed(await runCli(['status', '--json'], { env })))
  texts.push(await reportOf(env))
  texts.push(await allRows(database))
  expect(texts.at(-1)).toContain('[redacted]')
  expectNoSecret(texts, [KEY, PASSWORD, encodeURIComponent(PASSWORD)])
})

test('I10: failures of the database: no password in logs and answers', async () => {
  const api = await startApi()
  const database = await createMigratedDatabase()
  const addresses = [
    `postgres://app:${PASSWORD}@127.0.0.1:1/warehouse`,
    `postgres://app:${PASSWORD}@no-such-host.invalid/warehouse`,
    `postgres://app:${PASSWORD}%zz@127.0.0.1/warehouse`,
    `postgres://app@127.0.0.1:1/warehouse?password=${PASSWORD}`,
    `mysql://app:${PASSWORD}@127.0.0.1/warehouse`,
    Object.assign(new URL(database.url), { username: 'nobody', password: PASSWORD }).href,
    Object.assign(new URL(database.url), { search: `?sslmode=verify-full&sslpassword=${PASSWORD}` }).href,
  ]
  const failures = addresses.flatMap((address) =>
    ['sync', 'doctor', 'verify'].map((command) => ({ address, command })),
  )
  for (const { address, command } of sampled('failures of the database', failures, 4)) {
    const env = settingsFor(api, { DATABASE_URL: address, LOG_LEVEL: 'trace' })
    const end = await runCli([command], { env })
    expect(end.code).not.toBe(0)
    expectNoSecret([printed(end)], [PASSWORD, KEY])
  }
  await database.drop()
})

test('I10: a service that fails: no secret in its log, its health, its metrics', async () => {
  const [api, database] = [await startApi(), await emptyDatabase()]
  api.settings.intercept = () => ({ kind: 'status', status: 403, body: echo })
  const env = settingsFor(api, {
    DATABASE_URL: database.url,
    PGPASSWORD: PASSWORD,
    HTTP_PORT: '0',
    SYNC_SCHEDULE: '* * * * * *',
    LOG_LEVEL: 'trace',
  })
  // Port 0 is for none: the test takes one that is free.
  const port = String(20_000 + (process.pid % 20_000))
  const worker = await startCli(['run'], { env: { ...env, HTTP_PORT: port } })
  await worker.errorLine(/"outcome":"failed"/, 2)
  const texts = await Promise.all(
    ['healthz', 'readyz', 'metrics'].map(async (path) =>
      (await fetch(`http://127.0.0.1:${port}/${path}`)).text(),
    ),
  )
  expect(texts[1]).toContain('"ready":false')
  expect(texts[2]).toContain('llamacloud_sync_requests_total{source="default",status="403"}')
  worker.kill('SIGTERM')
  const end = await worker.finished
  expect(end.code).toBe(0)
  expectNoSecret([...texts, printed(end), await allRows(database)], [KEY, PASSWORD])
})

test('SYNC_STRIP_URL_QUERY: no query of a document’s URL is stored, and verify agrees', async () => {
  const [api, database] = [await startApi(), await emptyDatabase()]
  const createdAt = Date.now() * MILLISECOND - 3 * DAY
  const file_input = `https://bucket.example/document.pdf?${QUERY}`
  const fields = {
    status: 'FAILED',
    document_input_type: 'url',
    file_input,
    error_message: `GET ${file_input}: 403`,
  }
  api.world.put({ id: 'presigned', createdAt, fields })
  api.world.put({ id: 'rejected', createdAt, payload: { ...fields, id: null } })
  const env = settingsFor(api, { DATABASE_URL: database.url, SYNC_STRIP_URL_QUERY: 'true' })
  expect(await runCli(['sync'], { env })).toMatchObject({ code: 0 })
  expectNoSecret([await allRows(database), await reportOf(env)], [QUERY])
  const { rows } = await database.pool.query(
    `select file_input from llamacloud.classify_jobs where id = 'presigned'`,
  )
  expect(rows).toEqual([{ file_input: 'https://bucket.example/document.pdf' }])
  expect(JSON.parse((await runCli(['verify', '--json'], { env })).stdout)).toMatchObject({ equal: true })

  const without = { ...env, SYNC_STRIP_URL_QUERY: 'false' }
  expect(await runCli(['verify'], { env: without })).toMatchObject({ code: 1 })
})

test('SYNC_OMIT: nothing of a field that is left out is stored, whatever it holds, and verify agrees', async () => {
  const [api, database] = [await startApi(), await emptyDatabase()]
  const createdAt = Date.now() * MILLISECOND - 3 * DAY
  const SAID = 'Jane Doe lives there'
  const result = { type: 'invoice', confidence: 0.9, reasoning: SAID }
  api.world.put({ id: 'usual', createdAt, fields: { status: 'COMPLETED', result } })
  api.world.put({
    id: 'odd',
    createdAt,
    fields: { status: 'COMPLETED', result: { reasoning: { quote: SAID } }, file_input: [SAID] },
  })
  api.world.put({ id: 'rejected', createdAt, payload: { id: null, result } })
  const env = settingsFor(api, { DATABASE_URL: database.url })
  const omitting = { ...env, SYNC_OMIT: 'classify.result_reasoning, classify.file_input' }
  expect(await runCli(['sync'], { env: omitting })).toMatchObject({ code: 0 })
  expectNoSecret([await allRows(database)], [SAID])
  const { rows } = await database.pool.query(
    `select result_type, result_reasoning, extra from llamacloud.classify_jobs where id = 'usual'`,
  )
  expect(rows).toEqual([{ result_type: 'invoice', result_reasoning: null, extra: null }])
  expect(JSON.parse((await runCli(['verify', '--json'], { env: omitting })).stdout)).toMatchObject({
    equal: true,
  })
  expect(await runCli(['verify'], { env })).toMatchObject({ code: 1 })
})

test('SYNC_OMIT, set later: reconcile empties what the API returns, and the statements of docs/security.md the rest', async () => {
  const [api, database] = [await startApi(), await emptyDatabase()]
  const createdAt = Date.now() * MILLISECOND - 3 * DAY
  const SAID = 'Jane Doe lives there'
  const put = (id: string, reasoning: JsonValue) =>
    api.world.put({ id, createdAt, fields: { status: 'COMPLETED', result: { type: 'invoice', reasoning } } })
  put('usual', SAID)
  put('odd', { quote: SAID })
  put('deleted', SAID)
  api.world.put({ id: 'rejected', createdAt, payload: { id: null, result: { reasoning: SAID } } })
  const env = settingsFor(api, { DATABASE_URL: database.url })
  expect(await runCli(['sync'], { env })).toMatchObject({ code: 0 })
  api.world.remove('deleted')
  expect(await runCli(['reconcile'], { env })).toMatchObject({ code: 0 })
  expect(await runCli(['accept-deletions', 'default', '--expect', '1'], { env })).toMatchObject({ code: 0 })

  const omitting = { ...env, SYNC_OMIT: 'classify.result_reasoning' }
  expect(await runCli(['reconcile'], { env: omitting })).toMatchObject({ code: 0 })
  const { rows } = await database.pool.query(
    'select id from llamacloud.classify_jobs where result_reasoning is not null',
  )
  expect(rows).toEqual([{ id: 'deleted' }])
  const [, statements = ''] = /SYNC_OMIT=.*?```sql\n(.*?)```/s.exec(read('docs/security.md')) ?? []
  await database.pool.query(statements)
  expectNoSecret([await allRows(database)], [SAID])
  expect(await runCli(['reconcile'], { env: omitting })).toMatchObject({ code: 0 })
  expectNoSecret([await allRows(database)], [SAID])
  expect(await runCli(['verify'], { env: omitting })).toMatchObject({ code: 0 })
})

test.each(['classify.reasoning', 'classify.status', 'invoices.total'])(
  'SYNC_OMIT=%s: what cannot be left out is said before anything is done',
  async (word) => {
    const [api, database] = [await startApi(), await emptyDatabase()]
    const env = settingsFor(api, { DATABASE_URL: database.url, SYNC_OMIT: word })
    const end = await runCli(['sync'], { env })
    expect(end).toMatchObject({ code: 2 })
    expect(printed(end)).toContain(`SYNC_OMIT: ${word} cannot be left out. There are classify.user_id`)
    expect(api.requests.total).toBe(0)
  },
)
