import { expect, test } from 'vitest'
import { generate } from '../../../src/simulator/generate.ts'
import { createRandom } from '../../../src/simulator/random.ts'
import { startSimulator } from '../../../src/simulator/server.ts'
import { World } from '../../../src/simulator/world.ts'
import { DAY, formatInstant, HOUR, MILLISECOND, MINUTE } from '../../../src/values/instant.ts'
import { runCli, startCli } from '../../support/cli.ts'
import { compareWithWorld, EQUAL } from '../../support/compare.ts'
import type { TestDatabase } from '../../support/database.ts'
import { bySize } from '../../support/size.ts'
import { countJobs, totalCounts, unaccountedRuns } from '../../support/sync-tables.ts'
import { emptyDatabase, KEY, settingsFor } from './support.ts'

const KILLS = bySize(6, 100)
/** Many cycles of this world take fewer requests, and end. */
const MOST_REQUESTS = 8

/** Slow enough for most jobs to be seen open. */
const FATE = { stuckShare: 0, medianDuration: 20 * MINUTE, longDuration: 6 * HOUR }

/** An API whose clock runs ahead by what `advance` adds, and most of whose jobs are still to come. */
async function serve() {
  let ahead = 0
  const now = () => Date.now() * MILLISECOND + ahead
  const world = new World({ now })
  generate(world, { seed: 'kill', jobs: 8_000, from: now() - HOUR, to: now() + 3 * DAY, fate: FATE })
  const api = await startSimulator({ world, apiKey: KEY })
  const env = settingsFor(api, { SYNC_START_AT: formatInstant(now() - DAY) })
  const advance = (by: number) => {
    ahead += by
  }
  return { api, world, env, advance }
}

/** Runs a cycle and kills it when this many requests have come, or lets it end when it needs fewer. Whether it was killed. */
async function killAfter(
  { api, env }: Awaited<ReturnType<typeof serve>>,
  url: string,
  requests: number,
): Promise<boolean> {
  const reached = Promise.withResolvers<void>()
  let count = 0
  api.settings.intercept = () => {
    count += 1
    if (count === requests) reached.resolve()
    return undefined
  }
  const cli = await startCli(['sync'], { env: { ...env, DATABASE_URL: url } })
  await Promise.race([reached.promise, cli.finished])
  cli.kill('SIGKILL')
  const end = await cli.finished
  api.settings.intercept = undefined
  if (end.signal === null) expect(end).toMatchObject({ code: 0 })
  return end.signal === 'SIGKILL'
}

/** Changes that are noted twice: the statuses of this world never come back. */
async function doubledChanges({ pool }: TestDatabase): Promise<unknown[]> {
  const { rows } = await pool.query(
    'select job_id, to_status from llamacloud.classify_job_changes group by job_id, to_status having count(*) > 1',
  )
  return rows
}

test(`I1, I4, I7, I8: ${KILLS} SIGKILLs during cycles lose nothing and double nothing`, async () => {
  const served = await serve()
  const { api, world, env, advance } = served
  const database = await emptyDatabase()
  const random = createRandom('kill')
  let kills = 0
  let cycles = 0
  // Some have to end, too: a cycle that goes on where a killed one left off.
  while (kills < KILLS || cycles === 0) {
    // The last may take as many as it needs: a slow machine may have let none end before.
    const requests = kills < KILLS ? random.int(1, MOST_REQUESTS) : Number.POSITIVE_INFINITY
    if (await killAfter(served, database.url, requests)) kills += 1
    else cycles += 1
    expect(await unaccountedRuns(database)).toEqual([])
    expect((await totalCounts(database)).inserted).toBe(await countJobs(database))
    // As if the lease of the dead had run out: waiting for it is tested elsewhere.
    await database.pool.query(
      'update llamacloud_sync.sources set lease_owner = null, lease_expires_at = null',
    )
    advance(random.int(1, 30) * MINUTE)
  }
  advance(4 * DAY)
  expect(await runCli(['sync'], { env: { ...env, DATABASE_URL: database.url } })).toMatchObject({ code: 0 })
  expect(await compareWithWorld(database, world)).toEqual(EQUAL)
  expect((await totalCounts(database)).inserted).toBe(await countJobs(database))
  expect(await doubledChanges(database)).toEqual([])
  await api.close()
})
