import type pg from 'pg'
import type { List } from '../../src/lists/list.ts'

type Pair = readonly [view: string, truth: string, columns: string]

/** What the views answer, and what makes it from the jobs. Sums of fractions depend on their order, and are left out. */
const CLASSIFY: readonly Pair[] = [
  [
    'llamacloud.classify_daily',
    'llamacloud_sync.classify_exact',
    'day, project_id, outcome, result_type, jobs, confidence_p50, duration_p95_seconds',
  ],
  [
    'llamacloud.classify_statistics',
    'llamacloud_sync.classify_sums',
    `day, source, project_id, configuration_id, configuration_hash, outcome, result_type, jobs, low_confidence_jobs,
    confidence_jobs, duration_jobs, first_job_at, last_job_at, unbilled_jobs`,
  ],
  ['llamacloud.classify_histograms', 'llamacloud_sync.classify_spreads', '*'],
  ['llamacloud.classify_daily_failures', 'llamacloud_sync.classify_errors', '*'],
]

const costsOf = (list: string): readonly Pair[] => [
  [
    `(select * from llamacloud.job_costs where list = '${list}') as shown`,
    `llamacloud_sync.${list}_costs`,
    'day, project_id, configuration_id, jobs, credits, parse_credits, unbilled_jobs',
  ],
]

/** The statistics are those of the jobs, whichever days were summed up. */
export async function wrongStatistics(observer: pg.Pool, { name }: List): Promise<string[]> {
  const lines: string[] = []
  for (const [view, truth, columns] of name === 'classify' ? CLASSIFY : costsOf(name)) {
    const [seen, jobs] = [`select ${columns} from ${view}`, `select ${columns} from ${truth}`]
    const { rows } = await observer.query<{ wrong: number }>(
      `select count(*)::int as wrong
      from ((${seen} except all ${jobs}) union all (${jobs} except all ${seen})) as difference`,
    )
    if (rows[0]?.wrong) lines.push(`I8: ${rows[0].wrong} rows of ${view} are not those of the jobs`)
  }
  return lines
}
