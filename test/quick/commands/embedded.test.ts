import { access, readFile, rename, stat } from 'node:fs/promises'
import { join } from 'node:path'
import pg from 'pg'
import { expect, onTestFinished, test } from 'vitest'
import { systemClock } from '../../../src/clock.ts'
import { startEmbedded } from '../../../src/embedded-postgres/embedded.ts'
import { type Finished, logLines, runCli, startCli, temporaryDirectory } from '../../support/cli.ts'
import { holdAfter, JOBS, settingsFor, startApi, summaryOf } from './support.ts'

test('I10: without DATABASE_URL: sync keeps a PostgreSQL of its own, shares it, and leaves no process behind', async () => {
  const [api, dataDir] = [await startApi(), await dataDirectory()]
  const env = settingsFor(api, { SYNC_DATA_DIR: dataDir })
  const first = await runCli(['sync'], { env })
  expect(first).toMatchObject({ code: 0, stdout: '' })
  expect(summaryOf(first)).toMatchObject({ outcome: 'succeeded', inserted: JOBS })
  expect(await isUp(dataDir)).toBe(false)
  const { password } = await psqlAccess(first)
  expect(first.stderr).not.toContain(password)

  const hold = holdAfter(api, 0)
  const both = [await startCli(['sync'], { env }), await startCli(['sync'], { env })]
  const busy = await Promise.race(both.map(({ finished }) => finished))
  expect(busy).toMatchObject({ code: 0, stdout: '' })
  expect(summaryOf(busy)).toMatchObject({ outcome: 'busy' })
  // Who ends first does not take the server away from who still works, and people can look around. Its port is another one
  // where somebody has taken the first meanwhile.
  const { url } = await psqlAccess(busy)
  expect(await countJobs(url)).toBe(JOBS)
  hold.release()
  const ends = await Promise.all(both.map(({ finished }) => finished))
  const worked = ends.find((end) => end !== busy)!
  expect(worked).toMatchObject({ code: 0, stdout: '' })
  expect(summaryOf(worked)).toMatchObject({ outcome: 'succeeded', inserted: 0, updated: 0 })
  expect(await isUp(dataDir)).toBe(false)
  // Refused, in whatever way: the port is free for any program of the machine by now, also for a server of another test.
  await expect(countJobs(url)).rejects.toThrow()
})

test('run: the PostgreSQL of its own is killed, and is back with all it had', async () => {
  const [api, dataDir] = [await startApi(), await dataDirectory()]
  const more = { SYNC_DATA_DIR: dataDir, SYNC_SCHEDULE: '* * * * * *', HTTP_PORT: '0', SYNC_LEASE: '3s' }
  const worker = await startCli(['run'], { env: settingsFor(api, more) })
  await worker.errorLine(/"outcome":"succeeded"/)
  const pid = await readFile(join(dataDir, 'postgres', 'cluster', 'postmaster.pid'), 'utf8')
  process.kill(Number(pid.split('\n')[0]), 'SIGKILL')
  await worker.errorLine(/stopped unexpectedly: it is started again/)
  const requests = api.requests.total
  await expect.poll(() => api.requests.total).toBeGreaterThan(requests)
  worker.kill('SIGTERM')
  const end = await worker.finished
  expect(end).toMatchObject({ code: 0, stdout: '' })
  const last = logLines(end).findLast(({ outcome }) => outcome === 'succeeded')
  expect(last).toMatchObject({ inserted: 0, rejected: 0 })
  expect(await isUp(dataDir)).toBe(false)
})

test('the terminal of a run is closed: SIGHUP leaves no server behind', async () => {
  const [api, dataDir] = [await startApi(), await dataDirectory()]
  const more = { SYNC_DATA_DIR: dataDir, SYNC_SCHEDULE: '0 0 1 1 *', HTTP_PORT: '0' }
  const worker = await startCli(['run'], { env: settingsFor(api, more) })
  await worker.errorLine(/"outcome":"succeeded"/)
  worker.kill('SIGHUP')
  expect(await worker.finished).toMatchObject({ code: 0, signal: null })
  expect(await isUp(dataDir)).toBe(false)
})

test('export and import take all rows to a new server, and the next sync has nothing to do', async () => {
  const [api, dataDir] = [await startApi(), await dataDirectory()]
  const env = settingsFor(api, { SYNC_DATA_DIR: dataDir })
  expect(summaryOf(await runCli(['sync'], { env }))).toMatchObject({ inserted: JOBS })
  const file = join(dataDir, 'jobs.jsonl')
  expect(await runCli(['export', file], { env })).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^Exported \d+ rows to /),
  })
  expect((await stat(file)).mode & 0o777).toBe(0o600)
  await rename(join(dataDir, 'postgres'), join(dataDir, 'moved away'))
  expect(await runCli(['import', file], { env })).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^Imported \d+ rows/),
  })
  const next = await runCli(['sync'], { env })
  expect(summaryOf(next)).toMatchObject({ outcome: 'succeeded', inserted: 0, updated: 0 })
  expect(await runCli(['verify'], { env })).toMatchObject({ code: 0 })
})

/** After a failed test, too, no server stays: whoever leaves last stops it. */
async function dataDirectory(): Promise<string> {
  const dataDir = await temporaryDirectory()
  onTestFinished(async () => {
    if (await isUp(dataDir)) await (await startEmbedded({ dataDir, clock: systemClock })).stop()
  })
  return dataDir
}

/** PostgreSQL removes this file as the last thing it does, when all its processes have ended. */
async function isUp(dataDir: string): Promise<boolean> {
  const file = join(dataDir, 'postgres', 'cluster', 'postmaster.pid')
  return access(file).then(
    () => true,
    () => false,
  )
}

/** The way in that the log shows to people: a line for psql, whose password stands in a file. */
async function psqlAccess(end: Finished): Promise<{ url: string; password: string }> {
  const line = logLines(end).find(({ msg }) => String(msg).includes(' psql '))!
  const [, file, address] = /PGPASSFILE='(\S+)' psql (\S+)$/.exec(String(line.msg))!
  const [, , , , password] = (await readFile(file!, 'utf8')).trim().split(':')
  const url = new URL(address!)
  url.password = password!
  return { url: url.href, password: password! }
}

async function countJobs(url: string): Promise<number> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    const { rows } = await client.query('select count(*)::int as jobs from llamacloud.classify_jobs')
    return rows[0].jobs
  } finally {
    await client.end()
  }
}
