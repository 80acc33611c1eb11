import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type pg from 'pg'
import { expect, onTestFinished, test } from 'vitest'
import { generate } from '../../src/simulator/generate.ts'
import { createRandom } from '../../src/simulator/random.ts'
import { type Simulator, startSimulator } from '../../src/simulator/server.ts'
import { World } from '../../src/simulator/world.ts'
import { migrate } from '../../src/store/migrate.ts'
import { openPool } from '../../src/store/pool.ts'
import { DAY, MILLISECOND, SECOND } from '../../src/values/instant.ts'
import { KEY, settingsFor } from '../quick/commands/support.ts'
import { runCli, startCli, temporaryDirectory } from '../support/cli.ts'
import { createDatabase, urlOf } from '../support/databases.ts'
import { startPair } from '../support/hot-standby.ts'
import { Copy, NOTHING_LOST } from '../support/increment.ts'
import { bySize } from '../support/size.ts'

const KILLS = bySize(4, 40)
const JOBS = 300 * KILLS
const PROJECTS = ['11111111-1111-4111-8111-111111111111', '22222222-2222-4222-8222-222222222222'] as const
/** Some replies take so much longer than those that were asked for after them. */
const SLOW_MS = 400
/** Requests of a life. */
const LIFE = { min: 8, max: 25 }

async function serve(): Promise<Simulator> {
  const now = () => Date.now() * MILLISECOND
  const world = new World({ now })
  for (const projectId of PROJECTS) {
    const times = { from: now() - 40 * DAY, to: now() + 20 * SECOND }
    generate(world, { seed: projectId, jobs: JOBS, ...times, projectId, fate: { stuckShare: 0.05 } })
  }
  const api = await startSimulator({ world, apiKey: KEY, latencyMs: 10 })
  onTestFinished(() => api.close())
  return api
}

/** Answers late every now and then; calls `onRequest` for each request. */
function answerSlowly({ settings }: Simulator, onRequest: () => void): void {
  const random = createRandom('slow')
  settings.intercept = () => {
    onRequest()
    return random.next() < 0.2 ? { kind: 'delay', ms: random.int(0, SLOW_MS) } : undefined
  }
}

function poolOf(url: string): pg.Pool {
  const pool = openPool(url, { max: 3, applicationName: 'reader' })
  onTestFinished(() => pool.end())
  return pool
}

/** The standby has all that is committed by now. */
async function replayed(primary: pg.Pool, standby: pg.Pool): Promise<void> {
  const { rows } = await primary.query('select pg_current_wal_insert_lsn()::text as upto')
  const done = () => standby.query('select pg_last_wal_replay_lsn() >= $1::pg_lsn as done', [rows[0].upto])
  await expect.poll(async () => (await done()).rows[0].done).toBe(true)
}

test(`I15: the increment, taken from a server and from its hot standby all through a first sync of two sources with slow replies and ${KILLS} SIGKILLs, loses nothing`, async () => {
  const api = await serve()
  const pair = await startPair()
  onTestFinished(() => pair.stop())
  const name = await createDatabase(pair.primary, 'llamacloud_increment', 'template0')
  const [url, standbyUrl] = [urlOf(pair.primary, name), urlOf(pair.standby, name)]
  const pool = poolOf(url)
  await migrate(pool)
  const file = join(await temporaryDirectory(), 'sources.json')
  const sources = PROJECTS.map((projectId, index) => ({ name: `source-${index}`, projectId }))
  await writeFile(file, JSON.stringify(sources))
  const env = settingsFor(api, {
    DATABASE_URL: url,
    SYNC_SOURCES_FILE: file,
    SYNC_CONCURRENCY: '4',
    SYNC_PAGE_SIZE: '10',
    // Renewed each second: that is how often it tells how far it has come.
    SYNC_LEASE: '3s',
  })
  // Without the database the standby refuses.
  await replayed(pool, poolOf(pair.standby))
  const standby = poolOf(standbyUrl)
  const copies = [new Copy(pool), new Copy(standby)]
  let done = false
  const polling = copies.map(async (copy) => {
    while (!done) await copy.poll()
  })
  const random = createRandom('kills')
  for (let kill = 0; kill < KILLS; kill += 1) {
    const enough = Promise.withResolvers<void>()
    let left = random.int(LIFE.min, LIFE.max)
    answerSlowly(api, () => {
      left -= 1
      if (left === 0) enough.resolve()
    })
    const cli = await startCli(['sync'], { env })
    await cli.until(enough.promise)
    cli.kill('SIGKILL')
    await cli.finished
    await pool.query('update llamacloud_sync.sources set lease_expires_at = clock_timestamp()')
  }
  const last = await runCli(['sync'], { env })
  done = true
  await Promise.all(polling)
  expect(last.code).toBe(0)
  await replayed(pool, standby)
  for (const copy of copies) {
    await copy.poll()
    expect(await copy.lost()).toEqual(NOTHING_LOST)
    expect(copy.polls).toBeGreaterThan(10)
  }
})
