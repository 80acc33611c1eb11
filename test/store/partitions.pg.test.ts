import { readFileSync } from 'node:fs'
import { Readable } from 'node:stream'
import { expect, onTestFinished, test } from 'vitest'
import { type Relation, readSchemas, SCHEMAS } from '../../scripts/catalogue.ts'
import { connectionOf } from '../../src/doctor/connection.ts'
import { checkRights } from '../../src/doctor/database.ts'
import { checkStored, checkTables } from '../../src/doctor/stored.ts'
import { LISTS } from '../../src/lists/lists.ts'
import { loadFigures } from '../../src/report/figures.ts'
import { reportPage } from '../../src/report/page.ts'
import { generate } from '../../src/simulator/generate.ts'
import { grantReader } from '../../src/store/grant.ts'
import { importRows } from '../../src/store/import-rows.ts'
import { knownMigrations, migrate } from '../../src/store/migrate.ts'
import { exportRows } from '../../src/store/transfer.ts'
import { DAY, HOUR, MINUTE } from '../../src/values/instant.ts'
import { compareWithWorld, EQUAL, shownJobs } from '../support/compare.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { createHarness, type Harness } from '../support/harness.ts'
import { createMigratedDatabase, migrateUpTo } from '../support/migrated-database.ts'
import { createRole } from '../support/role.ts'
import { poisonIds } from '../support/upstream-faults.ts'
import {
  cycles,
  failures,
  markedIds,
  quarantinedIds,
  reconciled,
  verified,
} from '../sync/histories/support.ts'

/** docs/partitions.sql, for a table and this many partitions. */
async function partition({ pool }: TestDatabase, table: string, number: number): Promise<void> {
  const script = readFileSync(new URL('../../docs/partitions.sql', import.meta.url), 'utf8')
  const told = script
    .replace("set partitions.jobs = 'classify_jobs'", `set partitions.jobs = '${table}'`)
    .replace("set partitions.number = '8'", `set partitions.number = '${number}'`)
  const client = await pool.connect()
  try {
    await client.query(told)
  } finally {
    client.release(true)
  }
}

async function countPartitions({ pool }: TestDatabase, table: string): Promise<number> {
  const { rows } = await pool.query<{ count: number }>(
    'select count(*)::int as count from pg_inherits where inhparent = $1::regclass',
    [`llamacloud.${table}`],
  )
  return rows[0]!.count
}

const PARTITION = /_\d+_of_\d+$/

/** A foreign key to a partitioned table has one more to each partition. */
function withoutPartitions({ indexes, constraints, ...relation }: Relation) {
  return {
    ...relation,
    indexes: indexes.map((index) => index.replace(' ON ONLY ', ' ON ')),
    constraints: constraints.filter(({ target }) => !PARTITION.test(target ?? '')),
  }
}

/** All that hangs on our tables and views, partitions aside. */
async function catalogue({ pool }: TestDatabase) {
  const schemas = await readSchemas(pool, SCHEMAS)
  const { rows } = await pool.query(`
    select relname, relowner::regrole::text as owner, array(select each::text from unnest(coalesce(relacl, acldefault('r', relowner))) as each order by 1) as grants,
      array(select pg_get_triggerdef(oid) from pg_trigger where tgrelid = class.oid and not tgisinternal order by 1) as triggers
    from pg_class as class
    where relnamespace::regnamespace::text in ('llamacloud', 'llamacloud_sync') and relkind in ('r', 'p', 'v') and not relispartition
    order by relname`)
  const own = schemas.map(({ relations, ...schema }) => ({
    ...schema,
    relations: relations.filter(({ name }) => !PARTITION.test(name)).map(withoutPartitions),
  }))
  return { own, rows }
}

/** Runs in which not each item is accounted for. */
async function unaccounted({ pool }: TestDatabase): Promise<unknown[]> {
  const { rows } = await pool.query(
    'select * from llamacloud_sync.runs where received <> inserted + updated + unchanged + stale + rejected',
  )
  return rows
}

/** New, changed and vanished jobs, one that cannot be asked for, and everything read again. */
async function live(harness: Harness): Promise<void> {
  const { world, api, database, source, now, advance } = harness
  generate(world, { seed: String(now()), jobs: 300, from: now() - 2 * HOUR, to: now() + 2 * HOUR })
  const poisoned = `poisoned ${now()}`
  world.put({ id: poisoned, createdAt: now() - 3 * HOUR, fields: { status: 'RUNNING' }, steps: [] })
  const ran = await cycles(harness, { during: HOUR, every: 10 * MINUTE })
  const before = await markedIds(database)
  const gone = [...shownJobs(world).keys()].slice(0, 30)
  for (const id of gone) world.remove(id)
  api.settings.intercept = poisonIds([poisoned], 500)
  ran.push(await reconciled(harness))
  ran.push(...(await cycles(harness, { during: 4 * HOUR, every: 20 * MINUTE })))
  expect(await quarantinedIds(database)).toEqual([poisoned])
  api.settings.intercept = undefined
  world.patch(poisoned, { status: 'COMPLETED' })
  advance(DAY)
  ran.push(...(await cycles(harness, { during: 8 * HOUR, every: HOUR })), await reconciled(harness))
  expect(failures(ran)).toEqual([])
  expect(await markedIds(database)).toEqual([...before, ...gone].toSorted())
  expect(await compareWithWorld(database, world)).toEqual(EQUAL)
  expect((await verified(source)).differences).toEqual([])
  expect(await unaccounted(database)).toEqual([])
}

/** What reads beside the worker. */
async function readers({ database, source }: Harness): Promise<void> {
  const { pool, url } = database
  const client = await pool.connect()
  try {
    expect(await checkRights(connectionOf(url, client))).toMatchObject({ status: 'ok' })
  } finally {
    client.release()
  }
  expect(await checkTables(pool, [source.jobs.table])).toMatchObject({ status: 'ok' })
  expect((await checkStored(pool, source.name, source.jobs.table)).map(({ status }) => status)).toEqual(
    Array(4).fill('ok'),
  )
  const { rows } = await pool.query<{ jobs: number; daily: number; mine: number }>(`
    select (select count(*) from llamacloud.classify_jobs)::int as jobs,
      (select sum(jobs) from llamacloud.classify_daily)::int as daily, (select sum(jobs) from mine.days)::int as mine`)
  const { jobs, daily, mine } = rows[0]!
  expect([daily, mine]).toEqual([jobs, jobs])
  expect(await reportPage(await loadFigures(pool, 30), 'now')).toContain('</html>')
}

test('I4, I7, I8, I13: a table that is filled lives on in 8 partitions, and as a plain one again', async () => {
  const harness = await createHarness()
  const { world, now, database, sync } = harness
  const reader = await createRole(database, 'reader')
  generate(world, {
    seed: 'old',
    jobs: 1_500,
    from: now() - 60 * DAY,
    to: now() - HOUR,
    fate: { stuckShare: 0 },
  })
  await sync()
  const { relations } = await grantReader(database.pool, reader.name)
  await database.pool.query(`
    create schema mine;
    create view mine.days with (security_barrier = true) as
      select (created_at at time zone 'UTC')::date as day, count(*) as jobs from llamacloud.classify_jobs group by 1;
    create view mine.open as select * from llamacloud.classify_job_details where outcome = 'open'`)
  const plain = await catalogue(database)
  for (const number of [8, 0]) {
    await partition(database, 'classify_jobs', number)
    expect(await countPartitions(database, 'classify_jobs')).toBe(number)
    expect(await catalogue(database)).toEqual(plain)
    expect(await grantReader(database.pool, reader.name)).toMatchObject({ relations, faults: [] })
    await live(harness)
    await readers(harness)
  }
})

test.each(LISTS.map(({ jobs }) => jobs.table))(
  '%s: there and back nothing is lost that hangs on it',
  async (table) => {
    const database = await createMigratedDatabase()
    onTestFinished(() => database.drop())
    const plain = await catalogue(database)
    for (const number of [3, 5, 0]) {
      await partition(database, table, number)
      expect(await countPartitions(database, table)).toBe(number)
      expect(await catalogue(database)).toEqual(plain)
    }
  },
)

test('a materialized view on top is named, and nothing has changed', async () => {
  const database = await createMigratedDatabase()
  onTestFinished(() => database.drop())
  await database.pool.query(
    'create materialized view public.copied as select id from llamacloud.classify_jobs',
  )
  await expect(partition(database, 'classify_jobs', 8)).rejects.toMatchObject({
    detail: expect.stringContaining('materialized view public.copied'),
  })
  expect(await countPartitions(database, 'classify_jobs')).toBe(0)
})

test('an upgrade goes on over a partitioned table', async () => {
  const [database, fresh] = [await createTestDatabase(), await createMigratedDatabase()]
  onTestFinished(() => Promise.all([database.drop(), fresh.drop()]).then(() => {}))
  const applied = (await knownMigrations()).slice(0, 10)
  await migrateUpTo(database, applied.at(-1)!)
  await database.pool.query(`
    insert into llamacloud.classify_jobs (id, source, status, created_at, first_seen_at, synced_at)
    select n, 's', 'COMPLETED', now(), now(), now() from generate_series(1, 100) as n`)
  await partition(database, 'classify_jobs', 8)
  await migrate(database.pool)
  expect(await catalogue(database)).toEqual(await catalogue(fresh))
  const { rows } = await database.pool.query('select sum(jobs)::int as jobs from llamacloud.classify_daily')
  expect(rows).toEqual([{ jobs: 100 }])
})

test('what is exported from a partitioned table is imported into a plain one', async () => {
  const [database, other] = [await createMigratedDatabase(), await createTestDatabase()]
  onTestFinished(() => Promise.all([database.drop(), other.drop()]).then(() => {}))
  await partition(database, 'classify_jobs', 8)
  await database.pool.query(`
    insert into llamacloud.classify_jobs (id, source, created_at, first_seen_at, synced_at)
    select n, 's', now(), now(), now() from generate_series(1, 1000) as n;
    insert into llamacloud.classify_job_changes (job_id, observed_at) select n, now() from generate_series(1, 1000) as n`)
  const lines: string[] = []
  await exportRows(database.pool, async (line) => void lines.push(line))
  await importRows(other.pool, Readable.from(lines))
  const all =
    'select * from llamacloud.classify_jobs join llamacloud.classify_job_changes on job_id = classify_jobs.id order by job_id'
  expect((await other.pool.query(all)).rows).toEqual((await database.pool.query(all)).rows)
})
