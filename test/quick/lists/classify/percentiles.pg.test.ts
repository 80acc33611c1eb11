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
