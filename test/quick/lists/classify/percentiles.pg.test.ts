import { afterAll, beforeAll, expect, test } from 'vitest'
import type { TestDatabase } from '../../../support/database.ts'
import { createDemoDatabase } from '../../docs/demo-database.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await createDemoDatabase()
})
afterAll(() => database.drop())

/** By the jobs themselves. */
const EXACT = `
select result_type, count(*) as jobs, percentile_cont(0.5) within group (order by result_confidence) as confidence,
  percentile_cont(0.5) within group (order by duration_seconds) as p50,
  percentile_cont(0.95) within group (order by duration_seconds) as p95
from llamacloud.classify_job_details where status = 'COMPLETED' and created_day >= $1 group by result_type order by result_type`

const FROM_BUCKETS = `
select result_type, jobs, confidence_p50 as confidence, duration_p50_seconds as p50, duration_p95_seconds as p95
from llamacloud.classify_type_stats_between(from_day => $1) order by result_type`

test('the percentiles of a period are within 5 % of those of its jobs', async () => {
  for (const from of ['-infinity', '2026-10-01']) {
    const [exact, ours] = await Promise.all(
      [EXACT, FROM_BUCKETS].map((sql) => database.pool.query(sql, [from])),
    )
    expect(ours!.rows).toHaveLength(exact!.rows.length)
    for (const [index, row] of exact!.rows.entries())
      for (const [name, value] of Object.entries(row)) {
        const other = ours!.rows[index][name]
        if (typeof value === 'number' && name !== 'jobs')
          expect(Math.abs(other / value - 1), `${name} of ${row.result_type}`).toBeLessThan(0.05)
        else expect(other).toEqual(value)
      }
  }
})

test('beyond the ends of the histogram nothing is made up: so long or longer, and a share that is not known', async () => {
  await database.pool.query(`
    insert into llamacloud.classify_jobs (id, source, status, result_type, created_at, updated_at, first_seen_at, synced_at)
    select 'slow ' || n, 'slow', 'COMPLETED', 'slow', at, at + took * interval '1 second', at, at
    from unnest(array[-5, 0, 100, 100, 259200, 31536000]) with ordinality as each (took, n),
      lateral (select timestamptz '2027-03-01Z' + n * interval '1 second' as at) as begun`)
  const { rows: types } = await database.pool.query(
    `select duration_p50_seconds as p50, duration_p95_seconds as p95 from llamacloud.classify_type_stats where result_type = 'slow'`,
  )
  expect(types).toEqual([{ p50: expect.closeTo(100, -1), p95: 65_536 }])
  const { rows: shares } = await database.pool.query(
    `select within, llamacloud.duration_share(duration_histogram, within) as share from llamacloud.classify_sla,
      unnest(array[-1, 0, 1, 3600, 65536, 65537, 86400, 'infinity']::float8[]) as within
    where source = 'slow' order by within`,
  )
  const jobs = shares.map(({ share }) => (share === null ? null : Math.round(share * 6)))
  expect(jobs).toEqual([0, 0, 2, 4, 4, null, null, null])
  const { rows: others } = await database.pool.query(
    `select min(llamacloud.duration_share(duration_histogram, 1e9)) as share from llamacloud.classify_sla
    where source <> 'slow' and duration_histogram[162] = 0`,
  )
  expect(others).toEqual([{ share: 1 }])
})

test.each([
  ['at the lower end of a bucket', 59.75, 0.9],
  ['at the upper end of one', 63.95, 0.9499],
  ['at a limit of classify_sla', 300, 0.5],
  ['just above one', 300.001, 0.05],
])(
  'figures from a histogram are off by one bucket at most, with all jobs %s',
  async (_name, seconds, confidence) => {
    await database.pool.query(`delete from llamacloud.classify_jobs where source = 'same'`)
    await database.pool.query(
      `insert into llamacloud.classify_jobs (id, source, status, result_type, result_confidence, created_at, updated_at, first_seen_at, synced_at)
    select 'same ' || n, 'same', 'COMPLETED', 'same', $2, at, at + $1::float8 * interval '1 second', at, at
    from generate_series(1, 100) as n, (values (timestamptz '2027-05-01Z')) as begun (at)`,
      [seconds, confidence],
    )
    const { rows } = await database.pool.query<{ p50: number; p95: number; confident: number[] }>(
      `select duration_p50_seconds as p50, duration_p95_seconds as p95, array[confidence_p10, confidence_p50, confidence_p90] as confident
    from llamacloud.classify_type_stats_between(of_source => 'same')`,
    )
    const { p50, p95, confident } = rows[0]!
    for (const percentile of [p50, p95]) expect(Math.abs(percentile / seconds - 1)).toBeLessThan(0.072)
    for (const percentile of confident) expect(Math.abs(percentile - confidence)).toBeLessThan(0.05)
    // What took 7.2 % less than a limit is in time, and what took 7.2 % more is not.
    const { rows: shares } = await database.pool.query<{ longer: number; shorter: number }>(
      `select llamacloud.duration_share(duration_histogram, $1::float8 * 1.072) as longer, llamacloud.duration_share(duration_histogram, $1::float8 / 1.072) as shorter
    from llamacloud.classify_sla where source = 'same'`,
      [seconds],
    )
    expect(shares).toEqual([{ longer: 1, shorter: 0 }])
  },
)
