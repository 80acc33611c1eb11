import { expect, test } from 'vitest'
import { generate } from '../../../src/simulator/generate.ts'
import { createRandom } from '../../../src/simulator/random.ts'
import { type Simulator, startSimulator } from '../../../src/simulator/server.ts'
import { World } from '../../../src/simulator/world.ts'
import { DAY, formatInstant, type Instant, MILLISECOND } from '../../../src/values/instant.ts'
import { runCli, startCli } from '../../support/cli.ts'
import { compareWithWorld, EQUAL } from '../../support/compare.ts'
import type { TestDatabase } from '../../support/database.ts'
import { bySize } from '../../support/size.ts'
import { emptyDatabase, KEY, settingsFor } from './support.ts'

const KILLS = bySize(3, 200)
const JOBS = 300 * KILLS
const PAGE_SIZE = 10
/** A twentieth of what the real API takes, so that the database keeps up as it does there. */
const LATENCY_MS = 10
/** So many requests a life lasts, more or less: all lives come to about half of the history. */
const LIFE = { min: 3, max: 30 }

interface Served {
  readonly api: Simulator
  readonly world: World
  readonly createdAt: readonly Instant[]
}

async function serve(): Promise<Served> {
  const now = () => Date.now() * MILLISECOND
  const world = new World({ now })
  const [from, to] = [now() - 40 * DAY, now() - DAY]
  generate(world, { seed: 'killed', jobs: JOBS, from, to, arrival: 'bursty', fate: { stuckShare: 0 } })
  const api = await startSimulator({ world, apiKey: KEY, order: 'descending', latencyMs: LATENCY_MS })
  const createdAt = [...world.all()].map((job) => Date.parse((job as { created_at: string }).created_at))
  return { api, world, createdAt }
}

/** Ends the process by SIGKILL when this many requests have come. */
async function killAfter(api: Simulator, env: Record<string, string>, requests: number): Promise<void> {
  const reached = Promise.withResolvers<void>()
  let count = 0
  api.settings.intercept = () => {
    count += 1
    if (count === requests) reached.resolve()
    return undefined
  }
  const cli = await startCli(['sync'], { env })
  await cli.until(reached.promise)
  cli.kill('SIGKILL')
  await cli.finished
}

interface BegunSpan {
  readonly lower: string
  readonly upper: string
}

/** Spans whose listing is under way and has a token to go on from. */
async function begunSpans({ pool }: TestDatabase): Promise<BegunSpan[]> {
  const { rows } = await pool.query<BegunSpan>(
    `select to_char(lower at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as lower,
      to_char(upper at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as upper
    from llamacloud_sync.spans where page_token is not null`,
  )
  return rows
}

/** The bounds of all requests that began a listing, since the log was last reset. */
function begunListings(api: Simulator): string[] {
  return api.requests.entries
    .filter(({ query }) => !query.has('page_token') && !query.has('job_ids'))
    .map(({ query }) => `${query.get('created_at_on_or_after')} ${query.get('created_at_on_or_before')}`)
}

/** I2: every job that the coverage spans is stored. */
async function expectNoHole({ pool }: TestDatabase, createdAt: readonly number[]): Promise<void> {
  const { rows } = await pool.query<{ from: string; to: string; stored: string }>(
    `select extract(epoch from covered_from) * 1000 as from, extract(epoch from watermark) * 1000 as to, (
        select count(*) from llamacloud.classify_jobs
        where date_trunc('milliseconds', created_at) > date_trunc('milliseconds', covered_from)
          and created_at < date_trunc('milliseconds', watermark)
      ) as stored
    from llamacloud_sync.sources where watermark is not null`,
  )
  for (const { from, to, stored } of rows) {
    const [lower, upper] = [Math.floor(Number(from)), Math.floor(Number(to))]
    const spanned = createdAt.filter((at) => at > lower && at < upper).length
    expect(Number(stored)).toBe(spanned)
  }
}

test(`I1, I2, I3: ${KILLS} SIGKILLs during a history leave no hole and cost few requests`, async () => {
  const { api, world, createdAt } = await serve()
  const settings = settingsFor(api, {
    SYNC_PAGE_SIZE: String(PAGE_SIZE),
    SYNC_CONCURRENCY: '2',
    SYNC_START_AT: formatInstant(Date.now() * MILLISECOND - 60 * DAY),
  })
  const undisturbed = await emptyDatabase()
  expect((await runCli(['sync'], { env: { ...settings, DATABASE_URL: undisturbed.url } })).code).toBe(0)
  const fewest = api.requests.total
  const database = await emptyDatabase()
  const env = { ...settings, DATABASE_URL: database.url }
  const random = createRandom('kills')
  let requests = 0
  let begun: BegunSpan[] = []
  for (let kill = 0; kill < KILLS; kill += 1) {
    api.requests.reset()
    await killAfter(api, env, random.int(LIFE.min, LIFE.max))
    requests += api.requests.total
    const listings = begunListings(api)
    // Never read again from its start what has a token, and nothing twice in one life.
    expect(new Set(listings).size).toBe(listings.length)
    for (const { lower, upper } of begun) expect(listings).not.toContain(`${lower} ${upper}`)
    await expectNoHole(database, createdAt)
    begun = await begunSpans(database)
    // As if the lease of the dead had run out: waiting for it is tested elsewhere.
    await database.pool.query('update llamacloud_sync.sources set lease_expires_at = now()')
  }
  api.settings.intercept = undefined
  api.requests.reset()
  expect((await runCli(['sync'], { env })).code).toBe(0)
  requests += api.requests.total
  expect(await compareWithWorld(database, world)).toEqual(EQUAL)
  expect(requests / fewest).toBeLessThanOrEqual(1.3)
  await api.close()
})
