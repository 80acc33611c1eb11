import { expect, test } from 'vitest'
import type { Simulator } from '../../../src/simulator/server.ts'
import { type Cli, logLines, runCli, startCli } from '../../support/cli.ts'
import { compareWithWorld, EQUAL } from '../../support/compare.ts'
import type { TestDatabase } from '../../support/database.ts'
import { isWaitingForLock } from '../../support/migrated-database.ts'
import {
  allRows,
  emptyDatabase,
  holdAfter,
  leaseRunsOut,
  settingsFor,
  startApi,
  storedRuns,
} from './support.ts'

test('I6: a worker that is paused past its lease (SIGSTOP, SIGCONT) commits nothing more, and says so', async () => {
  const [api, database] = [await startApi(), await emptyDatabase()]
  const env = settingsFor(api, { DATABASE_URL: database.url, SYNC_LEASE: '3s' })
  const hold = holdAfter(api, 6)
  const paused = await startCli(['sync'], { env })
  await paused.until(hold.reached)
  paused.kill('SIGSTOP')
  // The answers are there when it wakes up, and would be committed.
  hold.release()
  await expectTakeOver(paused, { api, database, env })
})

test('I6: so does one that is paused inside a transaction, which PostgreSQL ends meanwhile', async () => {
  const [api, database] = [await startApi(), await emptyDatabase()]
  const env = settingsFor(api, { DATABASE_URL: database.url, SYNC_LEASE: '3s' })
  expect(await runCli(['migrate'], { env })).toMatchObject({ code: 0 })
  const reader = await database.pool.connect()
  await reader.query('begin; lock table llamacloud.classify_jobs in share mode')
  const paused = await startCli(['sync'], { env })
  await expect.poll(() => isWaitingForLock(database)).toBe(true)
  paused.kill('SIGSTOP')
  await reader.query('rollback')
  reader.release()
  await expectTakeOver(paused, { api, database, env })
})

interface Place {
  readonly api: Simulator
  readonly database: TestDatabase
  readonly env: Readonly<Record<string, string>>
}

/** Another worker does the work of one that is paused; that one wakes up, changes nothing, and says why. */
async function expectTakeOver(paused: Cli, { api, database, env }: Place): Promise<void> {
  await leaseRunsOut(database)
  expect(await runCli(['sync'], { env })).toMatchObject({ code: 0 })
  expect(await storedRuns(database)).toMatchObject([{ outcome: 'abandoned' }, { outcome: 'succeeded' }])
  const before = await allRows(database)
  paused.kill('SIGCONT')
  const end = await paused.finished
  expect(end).toMatchObject({ code: 1, signal: null })
  expect(logLines(end).at(-1)).toMatchObject({ level: 'error', outcome: 'failed' })
  expect(end.stderr).toContain('Another worker took over the source')
  expect(await allRows(database)).toBe(before)
  expect(await compareWithWorld(database, api.world)).toEqual(EQUAL)
}
