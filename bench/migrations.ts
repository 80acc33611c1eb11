/**
 * What an upgrade costs at size: `DATABASE_URL=… npm exec -- node bench/migrations.ts [JOBS]`, 1,000,000 by default. Fills the
 * empty database with what the version of commit d2b34cb would hold, and migrates it while readers poll views and a worker
 * commits: first a copy, where the process is killed again and again, then the database itself, which is left to
 * `bench/views.ts`. Exits with 1 if anybody who reads waits longer than two seconds.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import type { Pool } from 'pg'
import { systemClock } from '../src/clock.ts'
import { table } from '../src/commands/table.ts'
import { knownMigrations, migrate } from '../src/store/migrate.ts'
import { openPool } from '../src/store/pool.ts'
import { createDatabase, dropDatabase, urlOf } from '../test/support/databases.ts'
import { fillAsBefore } from './support/before-timeline.ts'
import { startTraffic } from './support/traffic.ts'
import { SOURCES } from './support/worker.ts'

const MOST_WAIT_MS = 2_000
const POLL_MS = 20
/** Jobs for a millisecond: an index of 10,000,000 is killed in its first seconds. */
const KILL_EARLY = 5_000

/** What is under way: an index, or what comes after the newest migration. */
const MOMENT = `
  select coalesce(
    (select relname::text from pg_stat_progress_create_index join pg_class on oid = index_relid limit 1),
    (select max(name) from llamacloud_sync.migrations)
  ) as moment
  from pg_stat_activity
  where datname = current_database() and application_name = 'llamacloud-sync migrate' and xact_start is not null limit 1`

const INDEXES = `
  select indexrelid::regclass::text || ' ' || pg_get_indexdef(indexrelid) || ' ' || indisvalid as index
  from pg_index join pg_class on oid = indexrelid
  where relnamespace::regnamespace::text in ('llamacloud', 'llamacloud_sync') order by 1`

const jobs = Number(process.argv[2] ?? 1_000_000)
const url = process.env.DATABASE_URL ?? ''
const print = (text: string) => process.stdout.write(`${text}\n`)
const seconds = (ms: number) => `${(ms / 1_000).toFixed(2)} s`

await withPool(url, async (pool) => {
  const begun = systemClock.monotonic()
  await fillAsBefore(pool, jobs)
  const { rows } = await pool.query<{ size: string }>(
    'select pg_size_pretty(pg_database_size(current_database())) as size',
  )
  print(`${jobs} jobs were filled in: ${rows[0]?.size}, ${seconds(systemClock.monotonic() - begun)}.`)
})
const copy = await copyDatabase()
const waits = [await watched(urlOf(url, copy), migrateWithKills)]
await checkWhole(urlOf(url, copy))
await dropDatabase(url, copy)
waits.push(await watched(url, migrateAtOnce))
if (waits.some((ms) => ms > MOST_WAIT_MS)) process.exitCode = 1

async function withPool<T>(of: string, work: (pool: Pool) => Promise<T>): Promise<T> {
  const pool = openPool(of, { max: 1, applicationName: 'bench', queryTimeout: 0 })
  return work(pool).finally(() => pool.end())
}

/** By its files: nobody is connected to it, and the log of a copy would be as large as all of it. */
async function copyDatabase(): Promise<string> {
  const name = new URL(url).pathname.slice(1)
  await withPool(url, (pool) =>
    pool.query(`create database ${name}_interrupted template ${name} strategy file_copy`),
  )
  return `${name}_interrupted`
}

/** Returns how long a reader waited at most. */
async function watched(of: string, upgrade: (of: string) => Promise<string>): Promise<number> {
  const traffic = await startTraffic(of)
  await systemClock.sleep(10_000)
  const before = traffic.longest()
  const ended = new AbortController()
  const watching = watchMigrations(of, traffic.longest, ended.signal)
  const how = await upgrade(of)
  ended.abort()
  const lines = await watching
  await systemClock.sleep(1_000)
  const after = traffic.longest()
  await traffic.stop()
  const shown = (ms: number) => ms.toFixed(0)
  print(`\n${how}\n`)
  print(
    table(
      ['migration', 'ms', 'longest wait of a reader, ms', 'longest commit of the worker, ms'],
      [
        ['before', '', shown(before.wait), shown(before.commit)],
        ...lines.map(({ name, ms, wait, commit }) => [name, shown(ms), shown(wait), shown(commit)]),
        ['after', '', shown(after.wait), shown(after.commit)],
      ],
    ),
  )
  return Math.max(...lines.map(({ wait }) => wait), after.wait)
}

interface Line {
  readonly name: string
  readonly ms: number
  readonly wait: number
  readonly commit: number
}

/** When each was committed, and what took longest since the one before. */
async function watchMigrations(
  of: string,
  longest: () => { wait: number; commit: number },
  signal: AbortSignal,
): Promise<Line[]> {
  const lines: Line[] = []
  const seen = new Set<string>()
  let last = systemClock.monotonic()
  const look = async (pool: Pool) => {
    const { rows } = await pool.query<{ name: string }>(
      'select name from llamacloud_sync.migrations order by name',
    )
    const added = rows.filter(({ name }) => !seen.has(name))
    for (const { name } of added) seen.add(name)
    return added
  }
  await withPool(of, async (pool) => {
    await look(pool)
    for (let isOver = false; !isOver; ) {
      isOver = signal.aborted
      for (const { name } of await look(pool)) {
        const now = systemClock.monotonic()
        lines.push({ name, ms: now - last, ...longest() })
        last = now
      }
      await systemClock.sleep(POLL_MS)
    }
  })
  return lines
}

async function migrateAtOnce(of: string): Promise<string> {
  const begun = systemClock.monotonic()
  await ended(spawnMigrate(of))
  return `The upgrade took ${seconds(systemClock.monotonic() - begun)}.`
}

/** kill -9 in the middle of each migration and of each index, and start again, until it is left alone. */
async function migrateWithKills(of: string): Promise<string> {
  const begun = systemClock.monotonic()
  const killedIn = new Set<string>()
  const attempt = async (pool: Pool) => {
    const child = spawnMigrate(of)
    const over = ended(child)
    for (let isOver = false; !isOver; ) {
      const { rows } = await pool.query<{ moment: string }>(MOMENT)
      const moment = rows[0]?.moment
      if (moment !== undefined && !killedIn.has(moment)) {
        await systemClock.sleep(jobs / KILL_EARLY)
        killedIn.add(moment)
        child.kill('SIGKILL')
        await over.catch(() => {})
        return false
      }
      isOver = await Promise.race([over.then(() => true), systemClock.sleep(POLL_MS / 2).then(() => false)])
    }
    return true
  }
  await withPool(of, async (pool) => {
    while (!(await attempt(pool)));
  })
  return `Killed ${killedIn.size} times, the upgrade took ${seconds(systemClock.monotonic() - begun)}.`
}

function spawnMigrate(of: string): ChildProcess {
  const { PATH, HOME } = process.env
  return spawn(process.execPath, [SOURCES, 'migrate'], {
    env: { PATH, HOME, DATABASE_URL: of },
    stdio: ['ignore', 'ignore', process.env.DEBUG ? 'inherit' : 'ignore'],
  })
}

async function ended(child: ChildProcess): Promise<void> {
  const [code] = await once(child, 'exit')
  if (code !== 0) throw new Error(`migrate ended with ${code}`)
}

/** All migrations, and every index as in a database that never was of an older version. */
async function checkWhole(of: string): Promise<void> {
  const fresh = await createDatabase(of, 'fresh', 'template0')
  const indexes = async (pool: Pool) => JSON.stringify((await pool.query(INDEXES)).rows)
  const wanted = await withPool(urlOf(of, fresh), async (pool) => {
    await migrate(pool)
    return indexes(pool)
  })
  await dropDatabase(of, fresh)
  const [found, names] = await withPool(of, async (pool) => [
    await indexes(pool),
    (await pool.query<{ name: string }>('select name from llamacloud_sync.migrations')).rows.length,
  ])
  if (found !== wanted) throw new Error(`the indexes are ${found} and not ${wanted}`)
  if (names !== (await knownMigrations()).length) throw new Error(`${names} migrations were applied`)
}
