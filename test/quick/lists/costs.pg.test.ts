import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { costSums } from '../../../src/lists/cost-sums.ts'
import { transaction } from '../../../src/store/pool.ts'
import { sumUpDay } from '../../../src/store/sums.ts'
import type { TestDatabase } from '../../support/database.ts'
import { explainingPool } from '../../support/explained.ts'
import { createMigratedDatabase } from '../../support/migrated-database.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await createMigratedDatabase()
})
afterAll(() => database.drop())

const JOBS = `
insert into llamacloud.parse_jobs (id, source, status, credits, created_at, first_seen_at, synced_at)
values ('pjb-1', 'one', 'COMPLETED', 9, '2026-03-01T10:00:00Z', now(), now());
insert into llamacloud.classify_jobs
  (id, source, status, result_type, document_input_type, file_input, parse_job_id, credits, parse_credits, created_at, first_seen_at, synced_at)
values
  ('own', 'one', 'COMPLETED', 'invoice', 'file_id', 'dfl-1', 'pjb-2', 5, 3, '2026-03-01T10:00:00Z', now(), now()),
  ('given', 'one', 'COMPLETED', 'invoice', 'parse_job_id', 'pjb-1', null, 2, 0, '2026-03-01T11:00:00Z', now(), now()),
  ('unbilled', 'one', 'COMPLETED', 'invoice', 'file_id', 'dfl-2', null, null, null, '2026-03-01T12:00:00Z', now(), now()),
  ('unmatched', 'one', 'COMPLETED', null, 'file_id', 'dfl-3', null, 1, 1, '2026-03-01T12:00:00Z', now(), now()),
  ('failed', 'one', 'FAILED', null, 'file_id', 'dfl-4', null, null, null, '2026-03-01T23:59:59Z', now(), now()),
  ('later', 'one', 'COMPLETED', 'invoice', 'file_id', 'dfl-5', null, null, null, '2026-03-02T00:00:00Z', now(), now())`

test('a type costs what its jobs were billed, and the parse jobs that were given; what is not billed yet is told', async () => {
  await database.pool.query(JOBS)
  const { rows } = await database.pool.query(
    `select day::text, result_label as type, jobs::int, billed_jobs::int as billed, unbilled_jobs::int as unbilled,
      credits, parse_credits as parse, total_credits as total, credits_per_job as each
    from llamacloud.classify_type_costs order by day, type`,
  )
  const none = { credits: null, parse: null, total: null, each: null }
  expect(rows).toEqual([
    { day: '2026-03-01', type: 'failed', jobs: 1, billed: 0, unbilled: 0, ...none },
    {
      day: '2026-03-01',
      type: 'invoice',
      jobs: 3,
      billed: 2,
      unbilled: 1,
      credits: 7,
      parse: 12,
      total: 16,
      each: 8,
    },
    {
      day: '2026-03-01',
      type: 'unmatched',
      jobs: 1,
      billed: 1,
      unbilled: 0,
      credits: 1,
      parse: 1,
      total: 1,
      each: 1,
    },
    { day: '2026-03-02', type: 'invoice', jobs: 1, billed: 0, unbilled: 1, ...none },
  ])
})

test('where the API does not say what parsing cost, the parse job that is shown is in the total', async () => {
  await database.pool.query(`
    insert into llamacloud.classify_jobs
      (id, source, status, result_type, document_input_type, file_input, credits, parse_credits, created_at, first_seen_at, synced_at)
    values
      ('not said', 'one', 'COMPLETED', 'contract', 'parse_job_id', 'pjb-1', 2, null, '2026-03-04T10:00:00Z', now(), now()),
      ('nothing to say', 'one', 'COMPLETED', 'contract', 'file_id', 'dfl-6', 1, null, '2026-03-04T10:00:00Z', now(), now())`)
  const { rows } = await database.pool.query(
    `select credits, parse_credits as parse, total_credits as total, credits_per_job as each
    from llamacloud.classify_type_costs where result_type = 'contract'`,
  )
  expect(rows).toEqual([{ credits: 3, parse: 9, total: 12, each: 6 }])
})

const MANY = ['classify', 'parse', 'extract'].map(
  (list) => `
  insert into llamacloud.${list}_jobs (id, source, status, credits, created_at, first_seen_at, synced_at)
  select '${list}-' || n, 'one', 'COMPLETED', 1, at.at, at.at, at.at
  from generate_series(1, 30000) as n
  cross join lateral (select timestamptz '2026-02-01T00:00:00Z' - n * interval '10 minutes' as at) as at
  on conflict do nothing`,
)

test.each(['job_costs', 'classify_type_costs'])(
  'I14: some days of %s are found by an index',
  async (view) => {
    for (const statement of MANY) await database.pool.query(statement)
    await database.pool.query('analyze')
    const explaining = explainingPool(database.pool)
    await explaining.pool.query(
      `select sum(jobs) from llamacloud.${view} where day between date '2026-01-10' and date '2026-01-12'`,
    )
    const read = explaining.explained
      .flatMap(({ scans }) => scans)
      .filter(({ table }) => table.endsWith('_jobs'))
    expect(read.length).toBeGreaterThan(0)
    for (const { kind, rows } of read) {
      expect(kind).not.toBe('Seq Scan')
      expect(rows).toBeLessThan(1_000)
    }
  },
)

describe.each(['parse', 'extract'])('the costs of %s jobs are summed up by day', (list) => {
  const jobs = `llamacloud.${list}_jobs`
  const shownOrTrue = async () => {
    const columns = 'day::text, project_id, configuration_id, jobs, credits, parse_credits, unbilled_jobs'
    const [shown, truth] = await Promise.all([
      database.pool.query(`select ${columns} from llamacloud.job_costs where list = '${list}' order by 1, 2`),
      database.pool.query(`select ${columns} from llamacloud_sync.${list}_costs order by 1, 2`),
    ])
    return { shown: shown.rows, truth: truth.rows }
  }
  const isRight = async () => {
    const { shown, truth } = await shownOrTrue()
    expect(shown).toEqual(truth)
    return truth.length
  }
  const sumUp = async () => {
    const marks = `select distinct day::text from llamacloud_sync.${list}_dirty_days`
    const { rows } = await database.pool.query<{ day: string }>(marks)
    for (const { day } of rows)
      await transaction(database.pool, (client) => sumUpDay(client, costSums(list), day))
  }

  test('whatever is written, before and after, they are those of the jobs', async () => {
    await database.pool.query(`truncate ${jobs} cascade`)
    expect(await isRight()).toBe(0)
    await database.pool.query(
      `insert into ${jobs} (id, source, project_id, status, credits, created_at, first_seen_at, synced_at)
      select 'j' || n, 'one', 'p' || n % 2, (array['COMPLETED', 'FAILED', 'RUNNING'])[1 + n % 3], nullif(n % 4, 0) * 0.5,
        case when n % 20 > 0 then timestamptz '2026-03-01Z' + n * interval '3 hours' end, now(), now()
      from generate_series(1, 60) as n`,
    )
    expect(await isRight()).toBeGreaterThan(15)
    await sumUp()
    await isRight()
    for (const change of [
      `update ${jobs} set credits = 7, status = 'COMPLETED' where id in ('j1', 'j20', 'j59')`,
      `update ${jobs} set created_at = created_at + interval '1 day' where id = 'j30'`,
      `delete from ${jobs} where id in ('j2', 'j40')`,
    ]) {
      await database.pool.query(change)
      await isRight()
      await sumUp()
      await isRight()
    }
    await database.pool.query(`truncate ${jobs} cascade`)
    expect(await isRight()).toBe(0)
  })

  test('I14: days that are summed up read no job', async () => {
    await database.pool.query(MANY.join(';'))
    await sumUp()
    await database.pool.query('analyze')
    const explaining = explainingPool(database.pool)
    await explaining.pool.query(
      `select sum(jobs) from llamacloud.job_costs where list = '${list}' and day >= date '2025-08-01'`,
    )
    const read = explaining.explained.flatMap(({ scans }) => scans)
    const rows = read.filter(({ table }) => table.endsWith(`${list}_jobs`)).map((scan) => scan.rows)
    expect(Math.max(0, ...rows)).toBe(0)
  })
})
