import { onTestFinished } from 'vitest'
import { generate } from '../../../src/simulator/generate.ts'
import { type Simulator, startSimulator } from '../../../src/simulator/server.ts'
import { World } from '../../../src/simulator/world.ts'
import { DAY, MILLISECOND } from '../../../src/values/instant.ts'
import { type Finished, logLines } from '../../support/cli.ts'
import { createTestDatabase, type TestDatabase } from '../../support/database.ts'

export const KEY = 'llx-key-of-the-cli-tests-7c1f'
export const JOBS = 600

/** The simulated API, in real time, since processes of their own ask it. All its jobs are old, and done. */
export async function startApi(): Promise<Simulator> {
  const now = () => Date.now() * MILLISECOND
  const world = new World({ now })
  const [from, to] = [now() - 10 * DAY, now() - 2 * DAY]
  generate(world, { seed: 'cli', jobs: JOBS, from, to, fate: { stuckShare: 0 } })
  const api = await startSimulator({ world, apiKey: KEY })
  onTestFinished(() => api.close())
  return api
}

/** An empty database that goes when the test ends. */
export async function emptyDatabase(): Promise<TestDatabase> {
  const database = await createTestDatabase()
  onTestFinished(() => database.drop())
  return database
}

/** What a user would set to sync this API, and small pages, so that there are many. */
export function settingsFor(api: Simulator, more: Readonly<Record<string, string>>): Record<string, string> {
  return {
    LLAMA_CLOUD_API_KEY: KEY,
    LLAMA_CLOUD_BASE_URL: api.url,
    LOG_FORMAT: 'json',
    SYNC_RATE_LIMIT: '1000/s',
    SYNC_PAGE_SIZE: '20',
    SYNC_CONCURRENCY: '2',
    // Requests are counted.
    SYNC_LOOKUPS: 'off',
    // No machine is so slow that a worker which lives would lose it.
    SYNC_LEASE: '1h',
    ...more,
  }
}

export interface Hold {
  /** Resolves once a request is being held back. */
  readonly reached: Promise<void>
  /** Answers it and all others. */
  release(): void
}

/** Answers this many requests and holds back all others: a process is stopped in the middle of its work, and surely so. */
export function holdAfter({ settings }: Simulator, answered: number): Hold {
  const reached = Promise.withResolvers<void>()
  const released = Promise.withResolvers<void>()
  let count = 0
  settings.intercept = async () => {
    count += 1
    if (count <= answered) return undefined
    reached.resolve()
    await released.promise
    return undefined
  }
  return {
    reached: reached.promise,
    release: () => {
      settings.intercept = undefined
      released.resolve()
    },
  }
}

/** The counts of I7. */
export interface Counted {
  readonly received: number
  readonly inserted: number
  readonly updated: number
  readonly unchanged: number
  readonly stale: number
  readonly rejected: number
}

/** The right side of I7. */
export function accounted({
  inserted,
  updated,
  unchanged,
  stale,
  rejected,
}: Omit<Counted, 'received'>): number {
  return inserted + updated + unchanged + stale + rejected
}

export interface Summary extends Counted {
  readonly outcome: string
  readonly requests: number
  readonly coverage: string
  readonly msg: string
}

/** What a sync did, by the last line of its log. */
export function summaryOf(end: Finished): Summary {
  return logLines(end).at(-1) as unknown as Summary
}

export interface StoredRun extends Counted {
  readonly outcome: string
  readonly pages: number
  readonly error: string | null
}

/** The rows of `runs`, oldest first. */
export async function storedRuns({ pool }: TestDatabase): Promise<StoredRun[]> {
  const { rows } = await pool.query<StoredRun>('select * from llamacloud_sync.runs order by id')
  return rows
}

export async function leaseOwner({ pool }: TestDatabase): Promise<string | null> {
  const { rows } = await pool.query<{ owner: string | null }>(
    'select lease_owner as owner from llamacloud_sync.sources',
  )
  return rows[0]!.owner
}

/** Waits in the database, by whose clock leases live. */
export async function leaseRunsOut({ pool }: TestDatabase): Promise<void> {
  await pool.query(
    `select pg_sleep(extract(epoch from lease_expires_at - clock_timestamp())) from llamacloud_sync.sources`,
  )
}

/** Every row of every table of ours, as one text. */
export async function allRows({ pool }: TestDatabase): Promise<string> {
  const tables = await pool.query<{ name: string }>(
    `select format('%I.%I', schemaname, tablename) as name from pg_tables
    where schemaname in ('llamacloud', 'llamacloud_sync')`,
  )
  const texts = tables.rows.map(async ({ name }) => {
    // Whatever a worker does, it moves settled_until along for sources at which nobody is.
    const { rows } = await pool.query<{ text: string }>(
      `select (to_jsonb("row") - 'settled_until')::text as text from ${name} as "row"`,
    )
    return rows.map(({ text }) => text).join('\n')
  })
  return (await Promise.all(texts)).join('\n')
}
