import { describe, expect, test } from 'vitest'
import { type Cli, logLines, startCli } from '../../support/cli.ts'
import { compareWithWorld, EQUAL } from '../../support/compare.ts'
import {
  emptyDatabase,
  type Hold,
  holdAfter,
  leaseOwner,
  settingsFor,
  startApi,
  storedRuns,
} from './support.ts'

/** Every second. */
const OFTEN = '* * * * * *'
/** Only the cycle at the start. */
const SELDOM = '0 0 1 1 *'

function startRun(env: Readonly<Record<string, string>>): Promise<Cli> {
  return startCli(['run'], { env })
}

const settings = (api: Awaited<ReturnType<typeof startApi>>, url: string, more = {}) =>
  settingsFor(api, { DATABASE_URL: url, SYNC_SCHEDULE: SELDOM, HTTP_PORT: '0', ...more })

async function until(condition: () => Promise<boolean>): Promise<void> {
  await expect.poll(condition, { interval: 100 }).toBe(true)
}

test('I6: run ends with 2 and says so once a newer version has migrated the database', async () => {
  const [api, database] = [await startApi(), await emptyDatabase()]
  const worker = await startRun(settings(api, database.url, { SYNC_SCHEDULE: OFTEN }))
  await worker.until(until(async () => (await runs(database)).some(({ outcome }) => outcome === 'succeeded')))
  await database.pool.query("insert into llamacloud_sync.migrations (name) values ('9999_newer')")
  const end = await worker.finished
  expect(end).toMatchObject({ code: 2, signal: null })
  const errors = logLines(end).filter(({ level }) => level === 'error')
  expect(errors).toHaveLength(1)
  expect(errors[0]!.msg).toMatch(
    /migrated by a newer version of llamacloud-sync \(9999_newer\). Upgrade this one/,
  )
})

describe('run, whose log cannot be written', () => {
  test('a full disk takes the log and not the work: a tick after the other succeeds', async () => {
    const [api, database] = [await startApi(), await emptyDatabase()]
    const env = settings(api, database.url, { SYNC_SCHEDULE: OFTEN })
    const worker = await startCli(['run'], { env, full: 'stderr' })
    const done = async () => (await runs(database)).filter(({ outcome }) => outcome === 'succeeded').length
    await worker.until(until(async () => (await done()) > 2))
    worker.kill('SIGTERM')
    expect(await worker.finished).toMatchObject({ code: 0, signal: null, stderr: '' })
    expect(await compareWithWorld(database, api.world)).toEqual(EQUAL)
  })

  test('who reads it is gone: it ends with 1, so that its supervisor starts it again', async () => {
    const [api, database] = [await startApi(), await emptyDatabase()]
    const worker = await startRun(settings(api, database.url, { SYNC_SCHEDULE: OFTEN }))
    await worker.errorLine(/"outcome":"succeeded"/)
    worker.stopReading('stderr')
    expect(await worker.finished).toMatchObject({ code: 1, signal: null })
    expect(await leaseOwner(database)).toBeNull()
  })
})

describe('run, told to stop', () => {
  test.each(['SIGTERM', 'SIGINT'] as const)('%s between two cycles: ends at once with 0', async (signal) => {
    const [api, database] = [await startApi(), await emptyDatabase()]
    const worker = await startRun(settings(api, database.url))
    await worker.until(
      until(async () => (await runs(database)).some(({ outcome }) => outcome === 'succeeded')),
    )
    worker.kill(signal)
    const end = await worker.finished
    expect(end).toMatchObject({ code: 0, signal: null, stdout: '' })
    expect(logLines(end).at(-1)).toMatchObject({ level: 'info', msg: 'stopped' })
    expect(await leaseOwner(database)).toBeNull()
    expect(await compareWithWorld(database, api.world)).toEqual(EQUAL)
  })

  test('SIGTERM in the middle of a cycle: it ends, is noted as stopped, and the lease is free', async () => {
    const [api, database] = [await startApi(), await emptyDatabase()]
    const hold = holdAfter(api, 6)
    const worker = await startRun(settings(api, database.url))
    await worker.until(hold.reached)
    worker.kill('SIGTERM')
    const end = await worker.finished
    expect(end).toMatchObject({ code: 0, signal: null })
    expect(await storedRuns(database)).toMatchObject([{ outcome: 'stopped', error: null }])
    expect(await leaseOwner(database)).toBeNull()
    await goesOn(api, database, hold)
  })

  test('I2: SIGKILL in the middle of a cycle: the next worker takes over and nothing is lost', async () => {
    const [api, database] = [await startApi(), await emptyDatabase()]
    const hold = holdAfter(api, 6)
    const env = settings(api, database.url, { SYNC_LEASE: '3s' })
    const worker = await startRun(env)
    await worker.until(hold.reached)
    worker.kill('SIGKILL')
    await worker.finished
    hold.release()
    const next = await startRun({ ...env, SYNC_SCHEDULE: OFTEN })
    await next.until(until(async () => (await runs(database)).some(({ outcome }) => outcome === 'succeeded')))
    next.kill('SIGTERM')
    expect(await next.finished).toMatchObject({ code: 0 })
    expect((await runs(database))[0]).toMatchObject({ outcome: 'abandoned' })
    expect(await compareWithWorld(database, api.world)).toEqual(EQUAL)
  })
})

describe('run, in trouble', () => {
  test('a cycle that fails is logged with its cure; the next tick goes on', async () => {
    const [api, database] = [await startApi(), await emptyDatabase()]
    const key = api.settings.apiKey
    api.settings.apiKey = 'llx-rotated-away'
    const worker = await startRun(settings(api, database.url, { SYNC_SCHEDULE: OFTEN }))
    await worker.until(
      until(async () => (await runs(database)).filter(({ outcome }) => outcome === 'failed').length > 1),
    )
    api.settings.apiKey = key
    await worker.until(
      until(async () => (await runs(database)).some(({ outcome }) => outcome === 'succeeded')),
    )
    worker.kill('SIGTERM')
    const end = await worker.finished
    expect(end).toMatchObject({ code: 0 })
    const failures = logLines(end).filter(({ level }) => level === 'error')
    expect(failures.length).toBeGreaterThan(1)
    expect(failures[0]).toMatchObject({ source: 'default', outcome: 'failed' })
    expect(failures[0]!.msg).toMatch(/refused LLAMA_CLOUD_API_KEY .*set LLAMA_CLOUD_REGION/)
  })

  test('no database at the start: it stays up, says so at every tick, and stops cleanly', async () => {
    const api = await startApi()
    const worker = await startRun(
      settings(api, 'postgres://app@127.0.0.1:1/warehouse', { SYNC_SCHEDULE: OFTEN }),
    )
    await worker.errorLine(/Start PostgreSQL there/, 2)
    worker.kill('SIGTERM')
    const end = await worker.finished
    expect(end).toMatchObject({ code: 0 })
    const failures = logLines(end).filter(({ level }) => level === 'error')
    expect(failures[0]!.msg).toMatch(/Start PostgreSQL there, or correct DATABASE_URL/)
    expect(api.requests.total).toBe(0)
  })

  test('a schedule that is none is a fault of the settings', async () => {
    const api = await startApi()
    const worker = await startRun(
      settings(api, 'postgres://app@127.0.0.1:1/x', { SYNC_SCHEDULE: '61 * * * *' }),
    )
    const end = await worker.finished
    expect(end).toMatchObject({ code: 2, stdout: '' })
    expect(end.stderr).toContain('SYNC_SCHEDULE: "61 * * * *" is not a cron expression')
  })
})

async function runs(database: Awaited<ReturnType<typeof emptyDatabase>>) {
  return storedRuns(database).catch(() => []) // not migrated yet
}

async function goesOn(
  api: Awaited<ReturnType<typeof startApi>>,
  database: Awaited<ReturnType<typeof emptyDatabase>>,
  hold: Hold,
): Promise<void> {
  hold.release()
  const next = await startRun(settings(api, database.url))
  await next.until(until(async () => (await runs(database)).some(({ outcome }) => outcome === 'succeeded')))
  next.kill('SIGTERM')
  expect(await next.finished).toMatchObject({ code: 0 })
  expect(await compareWithWorld(database, api.world)).toEqual(EQUAL)
}
