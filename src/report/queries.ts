/** The queries of the report, on the views. `$1` and `$2` are the first and the last day, unless said. */
const minute = (column: string) => `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD HH24:MI')`

/** Text of strangers may be a megabyte long. */
const clipped = (column: string, length: number) =>
  `case when length(${column}) > ${length} then left(${column}, ${length - 1}) || '…' else ${column} end`

const inDays = 'day between $1::date and $2::date'
const inMoments = (column: string) =>
  `${column} >= $1::timestamp at time zone 'UTC' and ${column} < ($2::timestamp + interval '1 day') at time zone 'UTC'`

/** `$1` is the number of days. The last is the one before the newest watermark's of classify jobs, which is not over. */
export const PERIOD = `
select
  to_char(day - ($1::int - 1), 'YYYY-MM-DD') as from,
  to_char(day, 'YYYY-MM-DD') as to,
  $1::int as days,
  to_char(day - (2 * $1::int - 1), 'YYYY-MM-DD') as "fromBefore",
  to_char(day - $1::int, 'YYYY-MM-DD') as "toBefore"
from (select (coalesce(max(watermark), now()) at time zone 'UTC')::date - 1 as day
  from llamacloud.sync_freshness where list = 'classify') as newest
`

const OUTCOME_NAMES = ['matched', 'unmatched', 'failed', 'cancelled', 'open']
const OUTCOMES = OUTCOME_NAMES.map(
  (outcome) => `coalesce(sum(jobs) filter (where outcome = '${outcome}'), 0)::bigint as ${outcome}`,
).join(', ')

/** Buckets of a histogram, added up one by one: as fast as it gets in SQL. */
const BUCKETS = Array.from({ length: 162 }, (_, index) => `sum(duration_histogram[${index + 1}])`).join(', ')
const spreadOf = (key: string) => `
select ${key}, array[${BUCKETS}] as histogram
from llamacloud.classify_histograms
where ${inDays} and all_configurations and outcome in ('matched', 'unmatched')
group by ${key}
`
const percentile = (share: number) => `llamacloud.duration_percentile(histogram, ${share})`

export const TOTALS = `
select tally.*, ${percentile(0.5)} as p50
from (select ${OUTCOMES} from llamacloud.classify_statistics where ${inDays}) as tally
left join (${spreadOf('all_configurations')}) as spread on true
`

/** Days without a job are there as well. */
export const DAYS = `
with busy as (select day, ${OUTCOMES} from llamacloud.classify_statistics where ${inDays} group by day),
spread as (${spreadOf('day')})
select
  to_char(at, 'YYYY-MM-DD') as day,
  ${OUTCOME_NAMES.map((name) => `coalesce(${name}, 0) as ${name}`).join(', ')},
  ${percentile(0.5)} as p50,
  ${percentile(0.95)} as p95
from generate_series($1::timestamp, $2::timestamp, interval '1 day') as at
left join busy on busy.day = at::date
left join spread on spread.day = at::date
order by at
`

export const TYPES = `
select
  ${clipped('result_type', 64)} as type,
  jobs,
  confidence_p10 as "confidenceP10",
  confidence_p50 as "confidenceP50",
  low_confidence_jobs as "lowConfidenceJobs"
from llamacloud.classify_type_stats_between($1::date, $2::date)
order by result_type is null, jobs desc, type
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

/**
 * Rules of the configurations that jobs of these days ran with. Of few jobs little is known: where none of n matched, the
 * share is below 3 / n (at 95 %). So a rule ranks by its jobs and three more, and one that was tried three times does not lead.
 */
export const RULES = `
with counted as materialized (
  select configuration_hash, configuration_id, result_type, sum(jobs)::bigint as jobs
  from llamacloud.classify_statistics
  where ${inDays} and outcome in ('matched', 'unmatched')
  group by configuration_hash, configuration_id, result_type
),
tally as (
  select configuration_hash, result_type, sum(jobs)::bigint as jobs from counted group by configuration_hash, result_type
),
used as (
  select configuration_hash, sum(jobs)::bigint as jobs, string_agg(distinct ${clipped('name', 40)}, ', ') as names
  from counted left join llamacloud.saved_configurations on id = configuration_id
  group by configuration_hash
)
select
  ${clipped('used.names', 64)} as names,
  (select string_agg(${clipped('first.type', 24)}, ', ' order by first.position)
    from llamacloud.classify_rules as first where first.configuration_hash = rule.configuration_hash and first.position < 2) as "firstTypes",
  (select count(*) from llamacloud.classify_rules as other where other.configuration_hash = rule.configuration_hash) as rules,
  left(rule.configuration_hash, 8) as configuration,
  ${clipped('rule.type', 64)} as type,
  ${clipped('rule.description', 90)} as description,
  used.jobs as "completedJobs",
  coalesce(hit.jobs, 0) as "matchedJobs",
  count(*) filter (where hit.jobs is null) over () as "neverMatching"
from used
join llamacloud.classify_rules as rule using (configuration_hash)
left join tally as hit on hit.configuration_hash = rule.configuration_hash and hit.result_type = rule.type
order by (coalesce(hit.jobs, 0) + 3)::float8 / used.jobs, rule.configuration_hash, rule.position
limit 10
`

/** As many as the review queue has: from the sums, in which jobs count that are gone. Those have an index by the source that they name. */
export const TO_REVIEW = `
with by_source as materialized (
  select source, sum(case outcome when 'unmatched' then jobs else low_confidence_jobs end) as jobs
  from llamacloud.classify_statistics
  where ${inDays} and outcome in ('matched', 'unmatched')
  group by source
),
counted as (select coalesce(sum(jobs), 0)::bigint as jobs from by_source),
gone as (
  select count(*) as jobs
  from by_source join llamacloud.classify_jobs using (source), llamacloud.sync_settings
  where deleted_at is not null and upper(status collate "C") = 'COMPLETED' and (result_type is null or result_confidence < review_below)
    and ${inMoments('created_at')}
)
select counted.jobs - gone.jobs as jobs, review_below as below from counted, gone, llamacloud.sync_settings
`

export const REVIEW = `
select
  ${clipped('queue.id', 100)} as id,
  ${minute('created_at')} as "createdAt",
  reason,
  ${clipped('result_type', 64)} as type,
  result_confidence as confidence,
  coalesce(${clipped('file.name', 120)}, ${clipped('file_input', 120)}) as file,
  ${clipped('result_reasoning', 240)} as reasoning
from llamacloud.classify_review_queue as queue
left join llamacloud.files as file on file.id = file_input
where ${inMoments('created_at')}
order by created_at desc nulls last, queue.id
limit 20
`

export const FRESHNESS = `
select
  source,
  list,
  ${minute('covered_from')} as "coveredFrom",
  ${minute('watermark')} as watermark,
  lag_seconds as lag,
  open_jobs as "openJobs",
  rejects,
  ${minute('last_success_at')} as "lastSuccessAt"
from llamacloud.sync_freshness
order by source
`
