import { createServer } from 'node:net'
import { describe, expect, onTestFinished, test } from 'vitest'
import { logLines, runCli, startCli } from '../../support/cli.ts'
import { compareWithWorld, EQUAL } from '../../support/compare.ts'
import type { TestDatabase } from '../../support/database.ts'
import { createMigratedDatabase, isWaitingForLock } from '../../support/migrated-database.ts'
import { sampled } from '../../support/size.ts'
import {
  accounted,
  emptyDatabase,
  holdAfter,
  leaseOwner,
  leaseRunsOut,
  settingsFor,
  startApi,
  storedRuns,
  summaryOf,
} from './support.ts'

/** What the README promises to whoever stops a worker; it gives up by itself what would take longer. */
const PROMISE_S = 10

describe('sync, stopped in the middle of its work', () => {
  test('SIGTERM: ends, releases the lease; the next run goes on', async () => {
    const [api, database] = [await startApi(), await emptyDatabase()]
    const env = settingsFor(api, { DATABASE_URL: database.url })
    const hold = holdAfter(api, 6)
    const worker = await startCli(['sync'], { env })
    await worker.until(hold.reached)
    worker.kill('SIGTERM')
    const end = await worker.finished
    expect(end).toMatchObject({ code: 1, signal: null, stdout: '' })
    expect(summaryOf(end)).toMatchObject({ outcome: 'stopped' })
    expect(logLines(end).map(({ level }) => level)).not.toContain('error')
    expect(await leaseOwner(database)).toBeNull()
    const [stopped] = await storedRuns(database)
    expect(stopped).toMatchObject({ outcome: 'stopped', error: null })
    expect(stopped!.received).toBe(accounted(stopped!))

    hold.release()
    expect(summaryOf(await runCli(['sync'], { env }))).toMatchObject({ outcome: 'succeeded' })
    expect(await compareWithWorld(database, api.world)).toEqual(EQUAL)
  })

  test('I2, I6: SIGKILL: the lease runs out, the next run takes over, notes the abandoned one and completes', async () => {
    const [api, database] = [await startApi(), await emptyDatabase()]
    const env = settingsFor(api, { DATABASE_URL: database.url, SYNC_LEASE: '3s' })
    const hold = holdAfter(api, 6)
    const worker = await startCli(['sync'], { env })
    await worker.until(hold.reached)
    worker.kill('SIGKILL')
    expect(await worker.finished).toMatchObject({ signal: 'SIGKILL' })
    expect(await leaseOwner(database)).not.toBeNull()
    hold.release()
    await leaseRunsOut(database)

    const next = await runCli(['sync'], { env })
    expect(next).toMatchObject({ code: 0 })
    expect(summaryOf(next)).toMatchObject({ outcome: 'succeeded' })
    const runs = await storedRuns(database)
    expect(runs).toMatchObject([{ outcome: 'abandoned' }, { outcome: 'succeeded' }])
    // Counted in the transactions that wrote the rows, so it holds for the killed run as well.
    for (const run of runs) expect(run.received).toBe(accounted(run))
    expect(await compareWithWorld(database, api.world)).toEqual(EQUAL)
  })

  test.each(['verify', 'doctor'])('%s: SIGINT is told as what it is, not as a fault', async (command) => {
    const [api, database] = [await startApi(), await createMigratedDatabase()]
    onTestFinished(() => database.drop())
    const env = settingsFor(api, { DATABASE_URL: database.url })
    expect(await runCli(['sync'], { env })).toMatchObject({ code: 0 })
    const hold = holdAfter(api, 0)
    const worker = await startCli([command], { env })
    await worker.until(hold.reached)
    worker.kill('SIGINT')
    const end = await worker.finished
    expect(end).toMatchObject({ code: 1, signal: null })
    expect(end.stderr).toContain('stopped by SIGINT')
    expect(end.stderr).not.toMatch(/DATABASE_URL| at .*:\d+:\d+/)
    hold.release()
  })

  test.each(sampled('a second SIGINT', ['sync', 'run'], 1))(
    '%s: a second SIGINT does not wait for the commit in hand',
    async (command) => {
      const [api, database] = [await startApi(), await createMigratedDatabase()]
      onTestFinished(() => database.drop())
      const env = settingsFor(api, { DATABASE_URL: database.url, HTTP_PORT: '0' })
      const unlock = await lockJobs(database)
      const worker = await startCli([command], { env })
      await worker.until(commitWaits(database))
      let ended = false
      const finished = worker.finished.finally(() => {
        ended = true
      })
      // Two signals of a kind that come close together are one to the system: repeated until the second got through.
      while (!ended) {
        worker.kill('SIGINT')
        await Promise.race([finished, new Promise((resolve) => setImmediate(resolve))])
      }
      const end = await finished
      expect(end).toMatchObject({ code: 1, signal: null })
      expect(end.stderr).not.toMatch(/stopped|given up/)
      // No clean end: that one would have released it.
      expect(await leaseOwner(database)).not.toBeNull()
      await unlock()
    },
  )

  test('a terminal that closes sends more than one SIGHUP: the end stays a clean one', async () => {
    const [api, database] = [await startApi(), await createMigratedDatabase()]
    onTestFinished(() => database.drop())
    const unlock = await lockJobs(database)
    const worker = await startCli(['sync'], { env: settingsFor(api, { DATABASE_URL: database.url }) })
    await worker.until(commitWaits(database))
    for (let sent = 0; sent < 50; sent += 1) {
      worker.kill('SIGHUP')
      await new Promise((resolve) => setImmediate(resolve))
    }
    await unlock()
    const end = await worker.finished
    expect(end).toMatchObject({ code: 1, signal: null })
    expect(summaryOf(end)).toMatchObject({ outcome: 'stopped' })
    expect(await leaseOwner(database)).toBeNull()
  })

  test.each(sampled('a silent database', ['sync', 'run'], 1))(
    '%s, SIGTERM: a database that never answers does not hold the end up',
    async (command) => {
      const silent = createServer(() => {})
      const connected = new Promise((resolve) => silent.once('connection', resolve))
      const port = await new Promise<number>((resolve) =>
        silent.listen(0, '127.0.0.1', () => resolve((silent.address() as { port: number }).port)),
      )
      onTestFinished(() => void silent.close())
      const api = await startApi()
      const env = settingsFor(api, {
        DATABASE_URL: `postgres://app@127.0.0.1:${port}/silent`,
        HTTP_PORT: '0',
      })
      const worker = await startCli([command], { env })
      await worker.until(connected)
      worker.kill('SIGTERM')
      const end = await worker.finished
      expect(end).toMatchObject({ code: 1, signal: null })
      const [, seconds] = /did not end within (\d+) s: exiting without it/.exec(end.stderr)!
      expect(Number(seconds)).toBeLessThan(PROMISE_S)
    },
  )
})

async function lockJobs({ pool }: TestDatabase): Promise<() => Promise<void>> {
  const client = await pool.connect()
  await client.query('begin')
  await client.query('lock table llamacloud.classify_jobs in access exclusive mode')
  return async () => {
    await client.query('rollback')
    client.release()
  }
}

async function commitWaits(database: TestDatabase): Promise<void> {
  while (!(await isWaitingForLock(database))) {}
}
