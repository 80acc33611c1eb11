import type { PoolClient } from 'pg'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { systemClock } from '../../../../src/clock.ts'
import { CLASSIFY_SUMS } from '../../../../src/lists/classify/sums.ts'
import { transaction } from '../../../../src/store/pool.ts'
import { setReviewBelow } from '../../../../src/store/review-below.ts'
import { markUnsummed, sumUpDay, sumUpDays } from '../../../../src/store/sums.ts'
import type { TestDatabase } from '../../../support/database.ts'
import {
  createMigratedDatabase,
  isWaitingForLock,
  UNUSUAL_SETTINGS,
} from '../../../support/migrated-database.ts'
import { sampled } from '../../../support/size.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await createMigratedDatabase(UNUSUAL_SETTINGS)
})
afterAll(() => database.drop())

const DAYS = ['2026-03-01', '2026-03-02', '2026-03-03']

/** Jobs of every kind over three days, and some without a time. Their sums are exact, in whatever order they are added. */
const FILL = `
insert into llamacloud.classify_jobs (id, source, project_id, configuration_id, configuration_hash, status, result_type,
  result_confidence, error_message, credits, parse_credits, created_at, updated_at, first_seen_at, synced_at)
select 'j' || n, 's' || n % 2, 'p' || n % 3, 'c' || n % 2, null, status,
  case when status = 'COMPLETED' and n % 5 > 0 then 'type ' || n % 4 end,
  case when status = 'COMPLETED' then (n % 129) / 128.0 end,
  case when status = 'FAILED' then 'page ' || n || ' of ' || n % 3 end,
  case when n % 3 > 0 then n / 4.0 end, case when n % 3 > 0 then n / 8.0 end,
  created_at, created_at + n * interval '1.25 seconds', now(), now()
from generate_series(1, 2000) as n
cross join lateral (select
  (array['COMPLETED', 'COMPLETED', 'COMPLETED', 'FAILED', 'CANCELLED', 'RUNNING'])[1 + n % 6] as status,
  case when n % 50 > 0 then timestamptz '2026-03-01Z' + n * interval '2 minutes' end as created_at) as drawn`

const sumUp = async (days: readonly string[]) => {
  for (const day of days) await transaction(database.pool, (client) => sumUpDay(client, CLASSIFY_SUMS, day))
}

const dirtyDays = async () => {
  const { rows } = await database.pool.query<{ day: string }>(
    `select distinct to_char(day, 'YYYY-MM-DD') as day from llamacloud_sync.classify_dirty_days order by 1`,
  )
  return rows.map(({ day }) => day)
}

const LABEL = `case when outcome = 'matched' then result_type else outcome end`

const STATISTICS = `(
  select day, source, project_id, configuration_id, configuration_hash, outcome, result_type, jobs, low_confidence_jobs,
    confidence_jobs, confidence_sum, duration_jobs, duration_sum, first_job_at, last_job_at, ${LABEL}, credits, parse_credits,
    unbilled_jobs
  from llamacloud_sync.classify_sums)`

const COSTS = `(
  select (created_at at time zone 'UTC')::date, 'classify', project_id, null, configuration_id, null, count(*), sum(credits),
    sum(parse_credits), count(*) filter (where status = 'COMPLETED' and credits is null)
  from llamacloud.classify_jobs
  group by 1, 3, 5)`

/** What the statistics say, by the views, and by the jobs themselves. */
async function differences(): Promise<number> {
  const pairs = [
    ['llamacloud.classify_daily', `(select *, ${LABEL} from llamacloud_sync.classify_exact)`],
    ['llamacloud.classify_statistics', STATISTICS],
    ['llamacloud.job_costs', COSTS],
    ['llamacloud.classify_histograms', 'llamacloud_sync.classify_spreads'],
    ['llamacloud.classify_daily_failures', 'llamacloud_sync.classify_errors'],
  ]
  const counts = pairs.map(async ([view, truth]) => {
    const { rows } = await database.pool.query(
      `select (select count(*) from (select * from ${view} as v except all select * from ${truth} as t) as surplus)
        + (select count(*) from (select * from ${truth} as t except all select * from ${view} as v) as missing) as differences`,
    )
    return rows[0].differences as number
  })
  return (await Promise.all(counts)).reduce((sum, count) => sum + count, 0)
}

beforeEach(async () => {
  await database.pool.query(
    'truncate llamacloud.classify_jobs, llamacloud.classify_job_changes, llamacloud_sync.classify_dirty_days',
  )
  await database.pool.query(FILL)
})

test('the statistics are the same before and after their days are summed up', async () => {
  expect(await dirtyDays()).toEqual(DAYS)
  expect(await differences()).toBe(0)
  await sumUp(['2026-03-01'])
  expect(await dirtyDays()).toEqual(['2026-03-02', '2026-03-03'])
  expect(await differences()).toBe(0)
  await sumUp(DAYS)
  expect(await dirtyDays()).toEqual([])
  expect(await differences()).toBe(0)
})

test.each([
  ['a status', `update llamacloud.classify_jobs set status = 'FAILED' where id = 'j12'`],
  ['a time', `update llamacloud.classify_jobs set created_at = '2026-03-02Z' where id = 'j12'`],
  ['a day that is new', `update llamacloud.classify_jobs set created_at = '2027-03-02Z' where id = 'j12'`],
  ['a time that is lost', `update llamacloud.classify_jobs set created_at = null where id = 'j12'`],
  ['a removal', `delete from llamacloud.classify_jobs where id in ('j12', 'j1200')`],
  ['all removed', `truncate llamacloud.classify_jobs, llamacloud.classify_job_changes`],
  [
    'an upsert',
    `insert into llamacloud.classify_jobs (id, source, first_seen_at, synced_at) values ('j12', 's', now(), now())
    on conflict (id) do update set status = 'CANCELLED'`,
  ],
])('whatever is written to a day that was summed up shows at once: %s', async (_, statement) => {
  await sumUp(DAYS)
  await database.pool.query(statement)
  expect(await differences()).toBe(0)
  await sumUp([...DAYS, '2027-03-02'])
  expect(await differences()).toBe(0)
})

/** Sums up the first day, and lets something else happen before one of its statements. */
async function sumUpAround(place: number, meanwhile: () => Promise<unknown>): Promise<void> {
  await transaction(database.pool, async (client) => {
    let statements = 0
    const query = client.query.bind(client) as (...values: unknown[]) => Promise<unknown>
    const spied = async (...values: unknown[]) => {
      statements += 1
      if (statements === place) await meanwhile()
      return query(...values)
    }
    const paused = Object.assign(Object.create(client), { query: spied }) as PoolClient
    await sumUpDay(paused, CLASSIFY_SUMS, '2026-03-01')
  })
}

test('what is committed while its day is being summed up is not lost', async () => {
  const begun = await database.pool.connect()
  await begun.query('begin')
  await begun.query(`update llamacloud.classify_jobs set result_type = 'late' where id = 'j12'`)
  // Commits between the removal of the marks and the sums.
  await sumUpAround(3, () => begun.query('commit')).finally(() => begun.release())
  expect(await dirtyDays()).toEqual(DAYS)
  expect(await differences()).toBe(0)
})

/** The lock, the marks, and two for each of the tables. */
const STATEMENTS = Array.from({ length: 2 + 2 * CLASSIFY_SUMS.settled.length }, (_, index) => index + 1)

describe.each(['goes on', 'dies'])('I6: a worker is paused while it sums up, and %s', (end) => {
  test.each(sampled(`paused, then ${end}`, STATEMENTS, 2))(
    'before statement %i: whoever took over has committed and summed up, and the sums are right',
    async (place) => {
      await sumUp([DAYS[0]!])
      await database.pool.query(`update llamacloud.classify_jobs set status = 'CANCELLED' where id = 'j6'`)
      const takeOver = async () => {
        await database.pool.query(`update llamacloud.classify_jobs set result_type = 'late' where id = 'j12'`)
        await sumUp(DAYS)
        expect(await differences()).toBe(0)
        if (end === 'dies') throw new Error('died')
      }
      const paused = sumUpAround(place, takeOver)
      await (end === 'dies' ? expect(paused).rejects.toThrow('died') : paused)
      expect(await differences()).toBe(0)
      await sumUp(DAYS)
      expect(await dirtyDays()).toEqual([])
      expect(await differences()).toBe(0)
    },
  )
})

describe('another review threshold', () => {
  const setBelow = (below: number) => setReviewBelow(database.pool, below)
  /** The default alone is not noted: nobody set it. */
  const begin = async () => {
    await setBelow(0.5)
    await setBelow(0.7)
  }

  test('shows at once, also in days that were summed up; the same one marks none', async () => {
    await begin()
    await sumUp(DAYS)
    expect(await setBelow(0.7)).toBeUndefined()
    expect(await dirtyDays()).toEqual([])
    expect(await setBelow(0.3)).toBe(0.7)
    expect(await dirtyDays()).toEqual(DAYS)
    expect(await differences()).toBe(0)
    await sumUp(DAYS)
    expect(await dirtyDays()).toEqual([])
    expect(await differences()).toBe(0)
  })

  test.each(sampled('another threshold', STATEMENTS, 2))(
    'while a day is summed up, before statement %i: the sums are right',
    async (place) => {
      await begin()
      const changes: Promise<unknown>[] = []
      await sumUpAround(place, async () => {
        let isDone = false
        changes.push(setBelow(0.3).finally(() => (isDone = true)))
        await expect.poll(async () => isDone || (await isWaitingForLock(database))).toBe(true)
      })
      expect(await Promise.all(changes)).toEqual([0.7])
      expect(await differences()).toBe(0)
      await sumUp(DAYS)
      expect(await differences()).toBe(0)
    },
  )
})

test('I12: a job of no day, which somebody made, keeps no other day from being summed up', async () => {
  await database.pool.query(
    `insert into llamacloud.classify_jobs (id, source, created_at, first_seen_at, synced_at) values ('never', 's', 'infinity', now(), now()),
      ('long ago', 's', '0044-03-15 BC', now(), now())`,
  )
  await database.pool.query(`update llamacloud_sync.classify_dirty_days set marked_at = '2026-01-01Z'`)
  await sumUpDays(database.pool, CLASSIFY_SUMS, systemClock)
  expect(await dirtyDays()).toHaveLength(1)
  const jobs = 'select sum(jobs)::int as jobs from llamacloud.classify_statistics'
  expect((await database.pool.query(jobs)).rows).toEqual([{ jobs: 2_002 }])
})

/** Whatever answers by how jobs ended, or how long they took. */
const BY_END = [
  'classify_job_details',
  'classify_daily',
  'classify_statistics',
  'classify_histograms',
  'classify_daily_failures',
  'classify_type_stats',
  'classify_sla',
  'classify_weekly',
  'classify_type_costs',
  'classify_review_queue',
  'job_costs',
]

async function answersByEnd(): Promise<unknown[]> {
  const answers = BY_END.map((view) =>
    database.pool.query<{ row: object }>(
      `select to_jsonb(each) - array['status', 'updated_at'] as row from llamacloud.${view} as each order by to_jsonb(each)::text`,
    ),
  )
  return (await Promise.all(answers)).map(({ rows }) => rows)
}

test('A9: a job has ended in a status of any case, for all views', async () => {
  const before = await answersByEnd()
  await database.pool.query('update llamacloud.classify_jobs set status = initcap(status) where id like $1', [
    '%1',
  ])
  await database.pool.query(
    'update llamacloud.classify_jobs set status = lower(status) where id not like $1',
    ['%1'],
  )
  expect(await answersByEnd()).toEqual(before)
  await sumUp(DAYS)
  expect(await answersByEnd()).toEqual(before)
})

test.each([
  ['infinity', 'infinity'],
  ['-infinity', '-infinity'],
  ['2026-03-01Z', 'infinity'],
  ['infinity', '2026-03-01Z'],
])(
  'I12: a job from %s to %s, which somebody made, has no duration and keeps no view from answering',
  async (from, to) => {
    const durations = `select sum(duration_sum) as sum, sum(duration_jobs)::int as jobs from llamacloud.classify_statistics`
    const before = (await database.pool.query(durations)).rows
    await database.pool.query(
      `insert into llamacloud.classify_jobs (id, source, status, created_at, updated_at, first_seen_at, synced_at)
    values ('never', 's', 'COMPLETED', $1, $2, now(), now())`,
      [from, to],
    )
    await answersByEnd()
    expect((await database.pool.query(durations)).rows).toEqual(before)
  },
)

test('two workers that sum up one day do it once', async () => {
  await Promise.all([sumUp(DAYS), sumUp(DAYS), sumUp(DAYS)])
  await sumUp(DAYS)
  expect(await differences()).toBe(0)
})

const SUMS = CLASSIFY_SUMS.settled.map(([table]) => `llamacloud_sync.${table}`)

test.each([
  ...sampled(
    'removed sums',
    SUMS.flatMap((table) => [`truncate ${table}`, `delete from ${table} where day = '2026-03-02'`]),
    3,
  ),
  `truncate ${SUMS.join(', ')}`,
])('sums that somebody removed are found, and made again: %s', async (statement) => {
  const mark = () => markUnsummed(database.pool, CLASSIFY_SUMS, 'llamacloud.classify_jobs')
  await sumUp([DAYS[0]!])
  expect(await mark()).toBe(0)
  await sumUp(DAYS)
  expect(await mark()).toBe(0)
  await database.pool.query(statement)
  expect(await differences()).not.toBe(0)
  expect(await mark()).toBe(statement.startsWith('truncate') ? DAYS.length : 1)
  expect(await differences()).toBe(0)
  await sumUp(DAYS)
  expect([await mark(), await differences()]).toEqual([0, 0])
})

test.each([
  'classify_daily',
  'classify_statistics',
  'classify_histograms',
  'classify_daily_failures',
  'job_costs',
])('of %s for one day only its jobs are read, however many days are to be summed up', async (view) => {
  const { rows } = await database.pool.query(
    `explain (analyze, format json) select * from llamacloud.${view} where day >= date '2026-03-03'`,
  )
  const loops: number[] = []
  JSON.stringify(rows, (_, node) => {
    if (node?.['Relation Name'] === 'classify_jobs') loops.push(node['Actual Loops'])
    return node
  })
  expect(await dirtyDays()).toEqual(DAYS)
  expect(Math.max(...loops)).toBe(1)
})

test('of a day that is to be summed up only the half of classify_histograms is made that is asked for', async () => {
  const { rows } = await database.pool.query(
    `explain (analyze, format json) select * from llamacloud.classify_histograms where all_configurations and day >= '2026-03-03'`,
  )
  let scans = 0
  JSON.stringify(rows, (_, node) => {
    if (node?.['Relation Name'] === 'classify_jobs' && node['Actual Rows'] > 0) scans += 1
    return node
  })
  expect(scans).toBe(1)
})

test('of days that are summed up no job is read', async () => {
  await database.pool.query('delete from llamacloud.classify_jobs where created_at is null')
  await sumUp(DAYS)
  const VIEWS = [
    'classify_daily',
    'classify_type_stats',
    'classify_failures',
    'classify_statistics',
    'classify_daily_failures',
    'job_costs',
  ]
  const answers = () =>
    Promise.all(
      VIEWS.map((view) =>
        database.pool.query(`select each::text from llamacloud.${view} as each order by 1`),
      ),
    )
  const before = (await answers()).map(({ rows }) => rows)
  await transaction(database.pool, async (client) => {
    // Behind the triggers' back.
    await client.query('set local session_replication_role = replica')
    await client.query('delete from llamacloud.classify_jobs')
  })
  expect((await answers()).map(({ rows }) => rows)).toEqual(before)
})

test('the statistics of a period are those of a source, a project and a configuration, if asked', async () => {
  const sum = async (more: string) => {
    const { rows } = await database.pool.query(
      `select sum(jobs)::int as jobs from llamacloud.classify_type_stats_between(${more})`,
    )
    return rows[0].jobs as number | null
  }
  const all = await sum('')
  expect((await sum(`of_source => 's0'`))! + (await sum(`of_source => 's1'`))!).toBe(all)
  const projects = await Promise.all(
    ['p0', 'p1', 'p2'].map((project) => sum(`of_project_id => '${project}'`)),
  )
  expect(projects.reduce<number>((total, count) => total + count!, 0)).toBe(all)
  expect(await sum(`of_configuration_id => 'unknown'`)).toBeNull()
})
