import { expect, test } from 'vitest'
import { checkStored } from '../../src/doctor/stored.ts'
import { generate } from '../../src/simulator/generate.ts'
import { noteGone, noteMisses } from '../../src/store/misses.ts'
import { transaction } from '../../src/store/pool.ts'
import { forgetRechecks, rememberOpen } from '../../src/store/rechecks.ts'
import { loadSourceStates, wasSyncedSince } from '../../src/store/source-state.ts'
import { loadStatus } from '../../src/store/status.ts'
import { backfillOnce, reconcileOnce } from '../../src/sync/cycle.ts'
import { acceptDeletions } from '../../src/sync/recheck/accept.ts'
import type { RunLimits } from '../../src/sync/source.ts'
import { verify } from '../../src/sync/verify.ts'
import { DAY, HOUR, MINUTE } from '../../src/values/instant.ts'
import type { TestDatabase } from '../support/database.ts'
import { type Explained, explainingPool } from '../support/explained.ts'
import { createHarness, type Harness, text } from '../support/harness.ts'

/** Tables that grow with the jobs or with time. Rejects do not: they are pruned to 10,000 a source. */
const GROWING = ['classify_jobs', 'classify_job_changes', 'credit_checks', 'rechecks', 'runs', 'spans']
/** The most that is counted, and the most of one table that any statement may read. */
const MOST_READ = 20_000
const UNLIMITED: RunLimits = { signal: new AbortController().signal, maxRuntimeMs: null }

/**
 * Beside a source with some jobs: a busy one that has 180,000 in the same months; and of its own 25,000 that are gone and
 * looked for, 40,000 open ones, 40,000 that wait for credits or got none, and years of runs, spans and rejects.
 */
const FILL = `
insert into llamacloud_sync.sources (name, base_url) values ('busy', 'http://elsewhere.test');
insert into llamacloud.classify_jobs
  (id, source, project_id, configuration_id, status, created_at, updated_at, first_seen_at, synced_at, deleted_at)
select
  'busy-' || n, 'busy', 'busy-project', case when n % 2 = 0 then 'busy-configuration' end, 'COMPLETED',
  at.at, at.at, at.at, at.at, case when n % 9 = 0 then at.at end
from generate_series(1, 180000) as n
cross join lateral (select timestamptz $now$ - n * interval '5 minutes' as at) as at;
insert into llamacloud.classify_jobs
  (id, source, project_id, status, created_at, updated_at, first_seen_at, synced_at, deleted_at)
select
  'gone-' || n, 'default', (select min(project_id) from llamacloud_sync.source_projects where source = 'default'),
  'COMPLETED', at.at, at.at, at.at, at.at, at.at
from generate_series(1, 25000) as n
cross join lateral (select timestamptz $now$ - interval '100 days' - n * interval '13 minutes' as at) as at;
insert into llamacloud_sync.rechecks (source, job_id, noted_at, seen_at, due_at)
select
  'default', 'open-' || n, timestamptz $now$ - interval '50 days', timestamptz $now$ - interval '1 hour',
  case when n <= 120 then timestamptz $now$ else timestamptz $now$ + interval '40 days' + n * interval '1 second' end
from generate_series(1, 40000) as n;
insert into llamacloud_sync.rechecks (source, job_id, noted_at, due_at, missed_at, missed_again_at, gone_at)
select
  'default', 'gone-' || n, timestamptz $now$ - interval '50 days', timestamptz $now$ + interval '4 days',
  timestamptz $now$ - interval '5 days', timestamptz $now$ - interval '4 days', timestamptz $now$ - interval '3 days'
from generate_series(1, 25000) as n;
insert into llamacloud_sync.rechecks (source, job_id, noted_at, seen_at, due_at)
select 'busy', 'busy-' || n, timestamptz $now$, timestamptz $now$, timestamptz $now$ + interval '1 day'
from generate_series(1, 60000) as n;
insert into llamacloud_sync.credit_checks (source, job_id, due_at)
select 'busy', 'busy-' || n, timestamptz $now$ from generate_series(1, 60000) as n
union all
select
  'default', 'billed-' || n,
  case when n % 2 = 0 then 'infinity' else timestamptz $now$ + interval '40 days' + n * interval '1 second' end
from generate_series(1, 40000) as n;
insert into llamacloud.classify_job_changes (job_id, observed_at)
select 'busy-' || n, timestamptz $now$ from generate_series(1, 60000) as n;
insert into llamacloud_sync.runs (source, kind, started_at, finished_at, outcome)
select case when n % 4 = 0 then 'busy' else 'default' end, 'sync', at.at, at.at, 'succeeded'
from generate_series(1, 80000) as n
cross join lateral (select timestamptz $now$ - n * interval '1 minute' as at) as at;
insert into llamacloud_sync.rejects (source, reason, payload, fingerprint, first_seen_at, last_seen_at)
select case when n % 4 = 0 then 'default' else 'busy' end, 'no id', repeat('payload', 100), n, at.at, at.at
from generate_series(1, 20000) as n
cross join lateral (select timestamptz $now$ - n * interval '1 minute' as at) as at;
insert into llamacloud_sync.spans (source, lower, upper, fresh_at, read_at, items, due_at)
select 'busy', at.at - interval '5 minutes', at.at, at.at, at.at + interval '1 day', 20, timestamptz $now$ + interval '7 days'
from generate_series(1, 25000) as n
cross join lateral (select timestamptz $now$ - n * interval '5 minutes' as at) as at`

/** What is older than 500 days in as many spans as millions of jobs leave; the rest stays one span, as a quiet source has it. */
const CUT_SPANS = `
with old as (
  delete from llamacloud_sync.spans where source = 'default' and upper - lower > interval '600 days' returning *
), edge as (
  select timestamptz $now$ - interval '500 days' as at
)
insert into llamacloud_sync.spans (source, lower, upper, fresh_at, read_at, items, due_at)
select source, piece, piece + interval '6 hours', fresh_at - (upper - piece), read_at, 20, timestamptz $now$ + interval '7 days'
from old, edge cross join lateral generate_series(edge.at - interval '6 hours', lower, interval '-6 hours') as piece
union all
select source, edge.at, upper, fresh_at, read_at, items, timestamptz $now$ + interval '7 days' from old, edge`

async function grow({ database, now }: Harness): Promise<void> {
  const at = (sql: string) => sql.replaceAll('$now$', `'${text(now())}'`)
  await database.pool.query(at(CUT_SPANS))
  await database.pool.query(at(FILL))
  await database.pool.query('vacuum (analyze)')
}

/** Statements that read more than they may, each once, with what they read. */
function unbounded(explained: readonly Explained[]): string[] {
  const found = explained.flatMap(({ statement, scans }) =>
    scans
      .filter(({ table, kind, rows }) => GROWING.includes(table) && (kind === 'Seq Scan' || rows > MOST_READ))
      .map(
        ({ kind, table, rows }) =>
          `${kind} of ${table}, ${rows} rows: ${statement.replaceAll(/\s+/g, ' ').trim()}`,
      ),
  )
  return [...new Map(found.map((each) => [each.replace(/, \d+ rows/, ''), each])).values()]
}

/** What a distributed table cannot do (Citus): be locked, be joined with tables that it is not distributed with, tell of a row's versions. */
const DISTRIBUTED = ['classify_jobs', 'classify_job_changes']

/** Statements that a table distributed by id would refuse, or would move as a whole. Each once. */
function undistributable(explained: readonly Explained[], local: readonly string[]): string[] {
  const found = explained.flatMap(({ statement, scans }) => {
    const names = new Set(scans.map(({ table }) => table))
    if (!DISTRIBUTED.some((table) => names.has(table) || statement.includes(`llamacloud.${table}`))) return []
    const faults = [
      ...(/\bfor (no key )?(update|share)\b/.test(statement) ? ['locks rows'] : []),
      ...(/\b(xmin|xmax|ctid|tableoid)\b/.test(statement) ? ['asks for a system column'] : []),
      ...(/\bjoin llamacloud\.classify_job/.test(statement) ? ['joins other than by ids'] : []),
      ...local.filter((table) => names.has(table)).map((table) => `joins with ${table}`),
    ]
    return faults.map((fault) => `${fault}: ${statement.replaceAll(/\s+/g, ' ').trim()}`)
  })
  return [...new Set(found)]
}

async function tablesOfWorker({ pool }: TestDatabase): Promise<string[]> {
  const { rows } = await pool.query<{ name: string }>(
    "select tablename::text as name from pg_tables where schemaname = 'llamacloud_sync'",
  )
  return rows.map(({ name }) => name)
}

/** Everything that a worker, a person and a monitor do with a database. */
async function everything(harness: Harness, database: TestDatabase): Promise<readonly Explained[]> {
  const { api, world, now, advance } = harness
  const { pool, explained } = explainingPool(harness.source.pool)
  const source = harness.worker({ pool })
  const table = source.jobs.table
  const ids = (
    await database.pool.query<{ id: string }>(
      "select id from llamacloud.classify_jobs where source = 'default' and deleted_at is null limit 3",
    )
  ).rows
  // One id that the API cannot answer, and later one job alone.
  api.settings.intercept = ({ query }) =>
    query.getAll('job_ids').includes('open-7') ? { kind: 'status', status: 500 } : undefined
  await harness.sync(source).catch(() => {})
  const failing: string[] = []
  api.settings.intercept = ({ url, query }) => {
    if (query.has('expand') && failing.length === 0) failing.push(url.pathname)
    return failing.includes(url.pathname) ? { kind: 'status', status: 500 } : undefined
  }
  for (const { id } of ids) world.remove(id)
  generate(world, { seed: 2, jobs: 250, from: now() - HOUR, to: now() })
  advance(DAY + HOUR)
  await harness.sync(source)
  await backfillOnce(source, { lower: now() - 300 * DAY, upper: now() - 290 * DAY }, UNLIMITED)
  advance(2 * HOUR)
  await harness.sync(source)
  await source.lookUp?.(UNLIMITED.signal)
  await acceptDeletions(source, -1, UNLIMITED).catch(() => {})
  await reconcileOnce(source, UNLIMITED, { whole: true })
  await verify(source, UNLIMITED.signal, () => {})
  await loadStatus(pool)
  await loadSourceStates(pool, ['default'])
  await wasSyncedSince(pool, 'default', MINUTE)
  await checkStored(pool, 'default', table)
  return explained
}

/** A source that gets another name takes all of its jobs along: that is bounded by what they are. */
async function renaming(harness: Harness): Promise<readonly Explained[]> {
  const { pool, explained } = explainingPool(harness.source.pool)
  await reconcileOnce(harness.worker({ pool }, { name: 'renamed' }), UNLIMITED)
  return explained
}

/** What is done with the credits that take a request each. */
const OF_CREDITS = [
  /^select job_id as id from llamacloud_sync.credit_checks/,
  /^insert into llamacloud_sync.credit_checks/,
  /^update llamacloud_sync.credit_checks as known/,
  /^update llamacloud_sync.credit_checks\s+set failures/,
  /^delete from llamacloud_sync.credit_checks/,
]

test('I14: no statement reads a whole table, or the rows of a busy source for a quiet one, or could not be run on a distributed table', async () => {
  const harness = await createHarness({ lookups: ['projects', 'configurations', 'files'], credits: true })
  const { world, now, database, sync } = harness
  generate(world, { seed: 1, jobs: 300, from: now() - 80 * DAY, to: now() })
  await sync()
  await grow(harness)
  const explained = await everything(harness, database)
  expect(explained.length).toBeGreaterThan(500)
  expect(unbounded(explained)).toEqual([])
  const all = [...explained, ...(await renaming(harness))]
  expect(all.some(({ statement }) => /^update llamacloud.classify_jobs set source/.test(statement))).toBe(
    true,
  )
  const statements = all.map(({ statement }) => statement.trim())
  for (const pattern of OF_CREDITS)
    expect(
      statements.some((each) => pattern.test(each)),
      String(pattern),
    ).toBe(true)
  expect(undistributable(all, await tablesOfWorker(database))).toEqual([])
})

test('I14: a source that got its jobs since the last ANALYZE is asked by ids all the same', async () => {
  const { database, now } = await createHarness()
  const { pool, explained } = explainingPool(database.pool)
  const at = text(now())
  await database.pool.query(`
    alter table llamacloud_sync.rechecks set (autovacuum_enabled = off);
    analyze llamacloud_sync.rechecks;
    insert into llamacloud_sync.sources (name, base_url) values ('sudden', 'http://elsewhere.test');
    insert into llamacloud_sync.rechecks (source, job_id, noted_at, due_at)
    select 'sudden', n, '${at}', '${at}' from generate_series(1, 100000) as n`)
  const ids = Array.from({ length: 100 }, (_, index) => String(index * 7 + 1))
  await transaction(pool, async (client) => {
    await rememberOpen(client, 'sudden', ids, now())
    await noteMisses(client, 'sudden', { ids, counted: true }, { now: now(), apart: HOUR })
    await noteGone(client, 'sudden', ids, now())
    await forgetRechecks(client, 'sudden', ids)
  })
  expect(explained).toHaveLength(4)
  expect(unbounded(explained)).toEqual([])
})
