/** The queries of the report, on the views. `$1` and `$2` are the first and the last day, unless said. */
const minute = (column: string) => `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD HH24:MI')`

/** Text of strangers may be a megabyte long. */
const clipped = (column: string, length: number) =>
  `case when length(${column}) > ${length} then left(${column}, ${length - 1}) || '…' else ${column} end`

/** `created_day` has an index; the moments are those of the same days. */
const inDays = `created_day between $1::date and $2::date`
const inMoments = (column: string) =>
  `${column} >= $1::timestamp at time zone 'UTC' and ${column} < ($2::timestamp + interval '1 day') at time zone 'UTC'`

/** `$1` is the number of days. */
export const PERIOD = `
select
  to_char(day - ($1::int - 1), 'YYYY-MM-DD') as from,
  to_char(day, 'YYYY-MM-DD') as to,
  $1::int as days,
  to_char(day - (2 * $1::int - 1), 'YYYY-MM-DD') as "fromBefore",
  to_char(day - $1::int, 'YYYY-MM-DD') as "toBefore"
from (select (coalesce(max(watermark), now()) at time zone 'UTC')::date as day from llamacloud.sync_freshness) as newest
`

const OUTCOME_NAMES = ['matched', 'unmatched', 'failed', 'cancelled', 'open']
const OUTCOMES = OUTCOME_NAMES.map(
  (outcome) => `count(*) filter (where outcome = '${outcome}') as ${outcome}`,
).join(', ')
const P50 = `percentile_cont(0.5) within group (order by duration_seconds) filter (where outcome in ('matched', 'unmatched'))`
const P95 = P50.replace('0.5', '0.95')

export const TOTALS = `
select ${OUTCOMES}, ${P50} as p50
from llamacloud.classify_job_details
where ${inDays}
`

/** Days without a job are there as well. */
export const DAYS = `
with busy as (
  select created_day, ${OUTCOMES}, ${P50} as p50, ${P95} as p95
  from llamacloud.classify_job_details
  where ${inDays}
  group by created_day
)
select to_char(day, 'YYYY-MM-DD') as day, ${OUTCOME_NAMES.map((name) => `coalesce(${name}, 0) as ${name}`).join(', ')}, p50, p95
from generate_series($1::timestamp, $2::timestamp, interval '1 day') as day
left join busy on created_day = day::date
order by day
`

export const TYPES = `
select
  ${clipped('result_type', 64)} as type,
  count(*) as jobs,
  percentile_cont(0.1) within group (order by result_confidence) as "confidenceP10",
  percentile_cont(0.5) within group (order by result_confidence) as "confidenceP50",
  count(*) filter (where result_confidence < 0.7) as "lowConfidenceJobs"
from llamacloud.classify_job_details
where outcome in ('matched', 'unmatched') and ${inDays}
group by outcome, ${clipped('result_type', 64)}
order by outcome = 'unmatched', jobs desc, type
`

export const FAILURES = `
select ${clipped('error', 300)} as error, jobs, ${minute('last_job_at')} as "lastAt", ${clipped('example_job_id', 100)} as "exampleJobId"
from (
  select error, sum(jobs)::bigint as jobs, max(last_job_at) as last_job_at, max(example_job_id) as example_job_id
  from llamacloud.classify_daily_failures
  where day between $1::date and $2::date
  group by error
) as cause
order by jobs desc, error
limit 15
`

/** Rules of the configurations that jobs of these days ran with. */
const USED_RULES = `
select rule.configuration_hash, rule.position, rule.type, rule.description, used.completed_jobs, coalesce(hit.jobs, 0) as matched_jobs
from (
  select configuration_hash, sum(jobs)::bigint as completed_jobs
  from llamacloud.classify_statistics
  where day between $1::date and $2::date and outcome in ('matched', 'unmatched')
  group by configuration_hash
) as used
join llamacloud.classify_rules as rule using (configuration_hash)
left join (
  select configuration_hash, result_type, sum(jobs)::bigint as jobs
  from llamacloud.classify_statistics
  where day between $1::date and $2::date and outcome = 'matched'
  group by configuration_hash, result_type
) as hit on hit.configuration_hash = rule.configuration_hash and hit.result_type = rule.type
`

export const COUNTS = `
select
  (select count(*) from (${USED_RULES}) as used_rule where matched_jobs = 0) as "neverMatching",
  (select count(*) from llamacloud.classify_review_queue where ${inMoments('created_at')}) as "toReview"
`

export const RULES = `
select
  left(configuration_hash, 8) as configuration,
  ${clipped('type', 64)} as type,
  ${clipped('description', 90)} as description,
  completed_jobs as "completedJobs",
  matched_jobs as "matchedJobs"
from (${USED_RULES}) as used_rule
order by matched_jobs::float8 / completed_jobs, completed_jobs desc, configuration_hash, position
limit 10
`

export const REVIEW = `
select
  ${clipped('id', 100)} as id,
  ${minute('created_at')} as "createdAt",
  reason,
  ${clipped('result_type', 64)} as type,
  result_confidence as confidence,
  ${clipped('file_input', 120)} as file,
  ${clipped('result_reasoning', 240)} as reasoning
from llamacloud.classify_review_queue
where ${inMoments('created_at')}
order by created_at desc nulls last, classify_review_queue.id
limit 20
`

export const FRESHNESS = `
select
  source,
  ${minute('covered_from')} as "coveredFrom",
  ${minute('watermark')} as watermark,
  lag_seconds as lag,
  open_jobs as "openJobs",
  rejects,
  ${minute('last_success_at')} as "lastSuccessAt"
from llamacloud.sync_freshness
order by source
`
