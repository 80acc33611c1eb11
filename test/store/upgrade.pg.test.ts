import pg from 'pg'
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { systemClock } from '../../src/clock.ts'
import { CLASSIFY_SUMS } from '../../src/lists/classify/sums.ts'
import { costSums } from '../../src/lists/cost-sums.ts'
import { knownMigrations, migrate } from '../../src/store/migrate.ts'
import { openPool, transaction } from '../../src/store/pool.ts'
import { loadProjects } from '../../src/store/projects.ts'
import { respectInterval } from '../../src/store/put-spans.ts'
import { newestSpans, oldestSpans } from '../../src/store/spans.ts'
import { sumUpDay } from '../../src/store/sums.ts'
import { DAY } from '../../src/values/instant.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { isWaitingForLock, migrateUpTo } from '../support/migrated-database.ts'

/** The last migration before the timeline. */
const BEFORE_SPANS = '0006_comment_of_seen_at'
const AT = "timestamptz '2026-03-02 08:00Z'"

let database: TestDatabase
beforeEach(async () => {
  database = await createTestDatabase()
  onTestFinished(() => database.drop())
})

const query = async <T extends object>(sql: string) => (await database.pool.query<T>(sql)).rows

/** A source that has read a quarter of a year, last reconciled five days before the upgrade; two projects, one of them quiet. */
async function fillAsBefore(): Promise<void> {
  await migrateUpTo(database, BEFORE_SPANS)
  await database.pool.query(`
    insert into llamacloud_sync.sources (name, base_url, covered_from, watermark, last_reconcile_at, last_success_at)
    values ('default', 'http://api.test', ${AT} - interval '90 days', ${AT}, ${AT} - interval '10 days', ${AT}),
      ('young', 'http://other.test', ${AT} - interval '90 days', ${AT}, null, ${AT});
    insert into llamacloud_sync.runs (source, kind, started_at, outcome) values ('young', 'sync', ${AT} - interval '60 days', 'succeeded');
    insert into llamacloud.classify_jobs (id, source, project_id, status, created_at, first_seen_at, synced_at)
    select 'busy-' || n, 'default', 'busy', 'COMPLETED', ${AT} - n * interval '1 minute', ${AT}, ${AT} from generate_series(1, 1500) as n
    union all select 'quiet-' || n, 'default', 'quiet', 'RUNNING', ${AT} - interval '50 days' - n * interval '1 day', ${AT}, ${AT} from generate_series(1, 3) as n
    union all select 'none', 'young', '', 'COMPLETED', ${AT} - interval '70 days', ${AT}, ${AT};
    insert into llamacloud_sync.open_jobs (source, job_id, next_check_at, seen_at)
    values ('default', 'quiet-1', ${AT}, ${AT}), ('default', 'busy-1', ${AT}, null)`)
}

describe('an upgrade from before the timeline', () => {
  test('every project that was delivered is known, not only those of late', async () => {
    await fillAsBefore()
    await migrate(database.pool)
    const known = await loadProjects(database.pool, 'default')
    expect([...known.keys()].toSorted()).toEqual(['busy', 'quiet'])
    expect(known.get('quiet')!.toSorted()).toEqual(['quiet-1', 'quiet-2', 'quiet-3'])
    expect(known.get('busy')).toHaveLength(50)
    expect([...(await loadProjects(database.pool, 'young')).entries()]).toEqual([['', ['none']]])
  })

  test('I8: what a reconcile read when it was a day old keeps its week; what was read young is read once more; the last week at once', async () => {
    await fillAsBefore()
    await migrate(database.pool)
    const spans = (source: string) =>
      query(`select
        round(extract(epoch from ${AT} - lower) / 3600) as from, round(extract(epoch from ${AT} - upper) / 3600) as to,
        round(extract(epoch from ${AT} - read_at) / 3600) as read,
        read_at - fresh_at >= interval '1 day' as settled, due_at <= now() as due
        from llamacloud_sync.spans where source = '${source}' order by lower`)
    expect(await spans('default')).toEqual([
      { from: '2160', to: '264', read: '240', settled: true, due: true },
      { from: '264', to: '169', read: '240', settled: false, due: true },
      { from: '169', to: '1', read: null, settled: null, due: true },
    ])
    expect(await spans('young')).toEqual([
      { from: '2160', to: '169', read: '1440', settled: false, due: true },
      { from: '169', to: '1', read: null, settled: null, due: true },
    ])
    expect(
      await query('select job_id, seen_at is not null as open from llamacloud_sync.rechecks order by 1'),
    ).toEqual([
      { job_id: 'busy-1', open: false },
      { job_id: 'quiet-1', open: true },
    ])
  })

  test('where nothing is read again, only what was read young is read once more; the settled rest is still probed', async () => {
    await fillAsBefore()
    await migrate(database.pool)
    await transaction(database.pool, (client) =>
      respectInterval(client, 'default', { every: null, olderThan: DAY }),
    )
    const spans = await newestSpans(database.pool, 'default', 9)
    expect(spans.map(({ dueAt }) => dueAt !== null)).toEqual([true, true, false])
    const [oldest] = await oldestSpans(database.pool, 'default', 1)
    expect(oldest).toEqual(spans.at(-1))
  })

  test('I14: readers of every table and view go on while it waits, and it says for whom', async () => {
    await fillAsBefore()
    const said: string[] = []
    const names = await query<{ name: string }>(
      `select relname::text as name from pg_class where relnamespace = 'llamacloud'::regnamespace and relkind in ('r', 'v')`,
    )
    const reading = openPool(database.url, { max: 1, applicationName: 'metabase' })
    // As short a time-out of the client as there can be: the upgrade waits on connections of its own.
    const short = openPool(database.url, { max: 2, applicationName: 'short', queryTimeout: 400 })
    const migrated = await transaction(reading, async (client) => {
      await client.query('select from llamacloud.sync_freshness, llamacloud.classify_jobs limit 1')
      const upgrade = migrate(short, { onWait: (message) => said.push(message) })
      await expect.poll(() => isWaitingForLock(database)).toBe(true)
      for (const { name } of names) await database.pool.query(`select from llamacloud.${name}`)
      await expect.poll(() => said.length).toBeGreaterThan(0)
      return { upgrade }
    })
    await migrated.upgrade
    await Promise.all([reading.end(), short.end()])
    expect(said[0]).toMatch(
      /^The migration 0007_timeline waits for pid \d+ \(application metabase, user \w+, client .*, idle in transaction since .*, last statement began .*\)/,
    )
  })

  test('between two long waits it looks in many times a second: who reads may pause for a moment only', async () => {
    await fillAsBefore()
    const reading = openPool(database.url, { max: 1, applicationName: 'metabase' })
    const reader = await reading.connect()
    await reader.query('begin; select from llamacloud.sync_freshness')
    const pauses: number[] = []
    const sleep = async (ms: number, signal?: AbortSignal) => {
      if (pauses.length === 15) return systemClock.sleep(ms, signal)
      if (pauses.push(ms) === 15) await reader.query('commit')
    }
    await migrate(database.pool, { clock: { ...systemClock, sleep } })
    reader.release()
    await reading.end()
    expect(pauses).toHaveLength(15)
    expect(pauses.reduce((sum, ms) => sum + ms)).toBeLessThan(1_200)
  })

  test('it names who is in the way now, not who was when it began to wait, and not itself', async () => {
    await fillAsBefore()
    const said: string[] = []
    // The time to say it again comes when the last was read.
    let [ms, read] = [0, 0]
    const clock = { ...systemClock, monotonic: () => ms }
    const last = () => {
      if (said.length > read) [ms, read] = [ms + 10_001, said.length]
      return said.at(-1)
    }
    const tools = ['metabase', 'superset'].map((applicationName) =>
      openPool(database.url, { max: 1, applicationName }),
    )
    const [metabase, superset] = await Promise.all(tools.map((tool) => tool.connect()))
    const ask = 'begin; select from llamacloud.sync_freshness'
    await metabase!.query(ask)
    const upgrade = migrate(database.pool, { clock, onWait: (message) => said.push(message) })
    await expect.poll(last).toBeDefined()
    await superset!.query(ask)
    await metabase!.query('commit')
    await expect.poll(last).toMatch(/waits for pid \d+ \(application superset, [^;]*$/)
    await superset!.query('commit')
    await upgrade
    for (const client of [metabase!, superset!]) client.release()
    await Promise.all(tools.map((tool) => tool.end()))
    expect(said.filter((message) => message.includes('llamacloud-sync migrate'))).toEqual([])
  })

  describe('a prepared transaction, which no session has', () => {
    const isNamed = "waiting for the prepared transaction 'nightly ''load'' of \\w+'"

    /** Returns what ends it. */
    async function prepare(statement: string) {
      const id = `nightly 'load' of ${new URL(database.url).pathname.slice(1)}`
      const client = await database.pool.connect()
      await client.query(`begin; ${statement}; prepare transaction ${pg.escapeLiteral(id)}`)
      client.release()
      const end = () => query(`rollback prepared ${pg.escapeLiteral(id)}`)
      // Else nobody could drop the database.
      onTestFinished(async () => void (await end().catch(() => {})))
      return end
    }

    test('is named, and the cure of a migration that gave up works', async () => {
      await fillAsBefore()
      await prepare('update llamacloud_sync.sources set name = name')
      const said: string[] = []
      let ms = 0
      const clock = { ...systemClock, monotonic: () => ms }
      const onWait = (message: string) => {
        said.push(message)
        ms += 300_001
      }
      const failed = await migrate(database.pool, { clock, onWait }).catch((error) => error)
      expect(failed).toMatchObject({
        message: expect.stringMatching(/^The migration \S+ waited 5 minutes for the prepared transaction/),
        cure: expect.stringMatching(/^Wait until it ends, or end it with `rollback prepared .*`, and start/),
      })
      expect(said[0]).toMatch(
        /waits for the prepared transaction 'nightly ''load'' of .* \(user \w+, prepared 2/,
      )
      await query(/`(.*)`/.exec(failed.cure)![1]!)
      expect(await migrate(database.pool)).not.toEqual([])
    })

    test('is named where an index waits for it', async () => {
      await fillAsBefore()
      const end = await prepare(`update llamacloud.classify_jobs set status = status where id = 'busy-1'`)
      const said: string[] = []
      const sleep = (ms: number, signal?: AbortSignal) => systemClock.sleep(Math.min(ms, 10), signal)
      const onWait = (message: string) => said.push(message)
      const upgrade = migrate(database.pool, { clock: { ...systemClock, sleep }, onWait })
      const isSaid = new RegExp(`^The index \\w+ is being built: .*, ${isNamed}`)
      await expect.poll(() => said.some((message) => isSaid.test(message))).toBe(true)
      await end()
      expect(await upgrade).not.toEqual([])
    })
  })

  test('one that was cut off goes on where it was: an index that is not whole is built anew', async () => {
    await fillAsBefore()
    const known = await knownMigrations()
    // In the way of the last but one statement, so that all before it is undone.
    await database.pool.query('create table llamacloud_sync.spans ()')
    await expect(migrate(database.pool)).rejects.toMatchObject({
      code: '42P07',
      message: expect.stringMatching(/^the migration 0007_timeline failed: relation "spans" already exists/),
      cure: expect.stringMatching(/rename or drop it, and start again/),
    })
    await database.pool.query('drop table llamacloud_sync.spans')
    // As a build that was killed leaves it.
    await database.pool.query(`
      create index classify_jobs_failed_of_all on llamacloud.classify_jobs (created_at) where status = 'FAILED';
      update pg_index set indisvalid = false where indexrelid = 'llamacloud.classify_jobs_failed_of_all'::regclass`)
    expect(await migrate(database.pool)).toEqual(known.slice(known.indexOf('0007_timeline')))
    const invalid = await query('select indexrelid::regclass from pg_index where not indisvalid')
    expect(invalid).toEqual([])
  })

  test('an index that the server goes on building for a process that was killed is waited for, and kept', async () => {
    await fillAsBefore()
    const oid = async () =>
      (
        await query<{ oid: number }>(`select 'llamacloud.classify_job_changes_observed_at'::regclass::oid`)
      )[0]!
    const [writer, killed] = [1, 2].map((max) => openPool(database.url, { max, applicationName: 'test' }))
    const held = await transaction(writer!, async (client) => {
      // Whoever writes is waited for, so it is not done before this ends.
      await client.query('lock table llamacloud.classify_job_changes in row exclusive mode')
      const building = killed!.query(
        'create index concurrently classify_job_changes_observed_at on llamacloud.classify_job_changes (observed_at)',
      )
      await expect.poll(() => isWaitingForLock(database)).toBe(true)
      const said: string[] = []
      const sleep = (ms: number, signal?: AbortSignal) => systemClock.sleep(Math.min(ms, 10), signal)
      const onWait = (message: string) => said.push(message)
      const upgrade = migrate(database.pool, { clock: { ...systemClock, sleep }, onWait })
      const isSaid = /^The index classify_job_changes_observed_at is being built: .*, waiting for pid \d+/
      await expect.poll(() => said.some((message) => isSaid.test(message))).toBe(true)
      return { oid: await oid(), building, upgrade }
    })
    await Promise.all([held.building, held.upgrade])
    expect(await oid()).toEqual(held.oid)
    await Promise.all([writer!.end(), killed!.end()])
  })

  test('a table of a publication, and one that somebody altered', async () => {
    await migrateUpTo(database, '0004_open_jobs_seen_at')
    await database.pool.query(
      'create publication of_ours for table llamacloud_sync.walked_jobs, llamacloud.classify_jobs',
    )
    await database.pool.query('alter table llamacloud_sync.windows rename to mine')
    await expect(migrate(database.pool)).rejects.toMatchObject({
      message: expect.stringMatching(
        /^the migration 0007_timeline failed: relation "llamacloud_sync.windows" does not exist/,
      ),
      cure: expect.stringMatching(/Rename back/),
    })
    await database.pool.query('alter table llamacloud_sync.mine rename to windows')
    expect((await migrate(database.pool))[0]).toBe('0007_timeline')
  })
})

test('A9: jobs in a status of lower case, summed up as open by an earlier version, count as what they are', async () => {
  await migrateUpTo(database, '0035_refused_jobs')
  for (const list of ['classify', 'parse', 'extract']) {
    await database.pool.query(`
      insert into llamacloud.${list}_jobs (id, source, status, created_at, updated_at, first_seen_at, synced_at)
      values ('lower', 's', 'completed', ${AT}, ${AT}, ${AT}, ${AT}),
        ('other day', 's', 'COMPLETED', ${AT} + interval '1 day', ${AT} + interval '1 day', ${AT}, ${AT})`)
    const sums = list === 'classify' ? CLASSIFY_SUMS : costSums(list)
    for (const day of ['2026-03-02', '2026-03-03'])
      await transaction(database.pool, (client) => sumUpDay(client, sums, day))
  }
  await migrate(database.pool)
  expect(await query('select day::text, outcome from llamacloud.classify_statistics order by day')).toEqual([
    { day: '2026-03-02', outcome: 'unmatched' },
    { day: '2026-03-03', outcome: 'unmatched' },
  ])
  const unbilled = await query<{ unbilled: number }>(
    'select unbilled_jobs::int as unbilled from llamacloud.job_costs',
  )
  expect(unbilled).toEqual(Array.from({ length: 6 }, () => ({ unbilled: 1 })))
  // Of classify jobs, days on which every job had ended need not be summed up again.
  expect(await query('select day::text from llamacloud_sync.classify_dirty_days')).toEqual([
    { day: '2026-03-02' },
  ])
})
