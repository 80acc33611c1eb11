export interface Question {
  readonly question: string
  readonly sql: string
}

/** What people ask first. The README shows the same questions with the answers that the demo prints. */
export const QUESTIONS: readonly Question[] = [
  {
    question: 'How many jobs are there of each status and type?',
    sql: `select status, result_type, count(*) as jobs
from llamacloud.classify_jobs
group by status, result_type
order by jobs desc, status, result_type`,
  },
  {
    question: 'What share of the completed jobs matched no rule, week by week?',
    sql: `select
  date_trunc('week', created_at at time zone 'UTC')::date::text as week,
  count(*) as completed,
  round(100.0 * count(*) filter (where result_type is null) / count(*), 1) as unmatched_percent
from llamacloud.classify_jobs
where status = 'COMPLETED'
group by week
order by week`,
  },
  {
    question: 'How long does a job take, from creation to its last change, in seconds?',
    sql: `select
  status,
  count(*) as jobs,
  round(percentile_cont(0.5) within group (order by extract(epoch from updated_at - created_at))::numeric, 1) as p50,
  round(percentile_cont(0.95) within group (order by extract(epoch from updated_at - created_at))::numeric, 1) as p95
from llamacloud.classify_jobs
where status in ('COMPLETED', 'FAILED')
group by status
order by status`,
  },
  {
    question: 'Which rules match least often?',
    sql: `select rule.type as rule, count(distinct rule.configuration_hash) as configurations, count(distinct job.id) as matched
from llamacloud.classify_rules as rule
left join llamacloud.classify_jobs as job
  on job.configuration_hash = rule.configuration_hash and job.result_type = rule.type
group by rule.type
order by matched, rule
limit 5`,
  },
  {
    question: 'Why do jobs fail? (numbers in the messages are masked)',
    sql: `select regexp_replace(error_message, '[0-9a-f]*[0-9][0-9a-f-]*', '#', 'g') as error, count(*) as jobs
from llamacloud.classify_jobs
where status = 'FAILED'
group by error
order by jobs desc, error
limit 5`,
  },
  {
    question: 'What did it cost to parse the documents, by type?',
    sql: `select job.result_label, count(*) as jobs, sum(parse.credits) as credits
from llamacloud.classify_job_details as job
join llamacloud.parse_jobs as parse on parse.id = job.parse_job_id
group by job.result_label
order by credits desc nulls last, job.result_label
limit 5`,
  },
]
