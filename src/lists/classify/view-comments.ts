import type { ViewComments } from '../../store/columns.ts'
import { JOB_NAMES, PARSE_TIER } from '../lookups/view-comments.ts'

const SAME_AS_TABLE = {
  id: 'Id of the job, given by LlamaCloud.',
  source: 'Source that first delivered the job (SYNC_SOURCE).',
  project_id: 'Project that the job belongs to.',
  result_type: 'Document type of the rule that matched. Null when none matched or there is no result.',
  result_confidence: 'Confidence of the result, 0 to 1.',
  result_reasoning: 'Explanation of why the document matched, or did not.',
  document_input_type: 'Kind of file_input: url, file_id or parse_job_id.',
  file_input: 'Document that was classified: a URL, the id of a file (dfl-…) or of a parse job (pjb-…).',
  configuration_id: 'Saved configuration of the job, if any.',
  configuration_hash: 'Hash of the rules and options of the job: see classify_configurations.',
  created_at: 'When the job was created, by the clock of LlamaCloud.',
  updated_at: 'When the job last changed, by the clock of LlamaCloud.',
}

const RESULT_LABEL = {
  result_label:
    'Label for charts: the type of a matched job, or else the outcome, such as unmatched. Never null. A type may itself be ' +
    'called unmatched: the result_type of jobs that matched no rule is null.',
}

const STATISTICS = {
  confidence_mean: 'Mean confidence, 0 to 1. Null if no job has one.',
  confidence_p10: '10th percentile of confidence.',
  confidence_p50: 'Median confidence.',
  duration_p50_seconds: 'Median time from creation to the end, in seconds.',
  duration_p95_seconds: '95th percentile of the time from creation to the end, in seconds.',
}

export const classifyJobDetailsComments: ViewComments = {
  view: 'classify_job_details',
  comment:
    'One row per job, with its outcome, duration and configuration. Jobs deleted upstream are included, with their ' +
    'last known outcome.',
  columns: {
    ...SAME_AS_TABLE,
    user_id: 'User who created the job.',
    status: 'PENDING, RUNNING, COMPLETED, FAILED or CANCELLED; the API may add others.',
    outcome:
      'matched or unmatched (completed with or without a type), failed, cancelled, or open (any other status). For a job ' +
      'deleted upstream: its outcome when it was last seen.',
    error_message: 'Why the job failed.',
    created_day: 'Day of created_at, in UTC. Null if created_at is null.',
    duration_seconds:
      'Seconds from created_at to updated_at of a completed, failed or cancelled job. Null while it is open.',
    parse_job_id: 'Parse job that produced the document, if any.',
    transaction_id: 'Idempotency key of the job, if any.',
    configuration_mode: 'Execution mode, such as FAST.',
    configuration_lang: 'Language of the documents, as an ISO 639-1 code.',
    configuration_max_pages: 'Maximum number of pages read per document. Null means all.',
    configuration_target_pages: 'Pages read per document, such as 1,3,5-7. Null means all.',
    configuration_rule_count: 'Number of rules in the configuration.',
    first_seen_at: 'When the job was first stored in this database.',
    synced_at: 'When the stored row last changed in this database.',
    deleted_at: 'When the job was found to be deleted upstream. Null if it was not.',
    is_deleted: 'Whether the job was found to be deleted upstream.',
    ...RESULT_LABEL,
    ...JOB_NAMES,
    ...PARSE_TIER,
    credits: 'Credits billed for the job, parsing included. Null until they are known.',
    parse_credits:
      'Credits billed for parsing the document: of these, or of the parse job that was given. Null where they are not known.',
  },
}

export const classifyDailyComments: ViewComments = {
  view: 'classify_daily',
  comment:
    'Jobs by UTC day, project, outcome and type, including jobs deleted upstream. Means and percentiles are per day; for ' +
    'longer periods use classify_statistics, whose columns can be summed.',
  columns: {
    ...STATISTICS,
    day: 'Day of creation, in UTC. Null for jobs without created_at.',
    project_id: 'Project of the jobs.',
    outcome: 'matched, unmatched, failed, cancelled or open: see classify_job_details.',
    result_type:
      'Document type of the result. Filter by outcome too: the API may name one for a job that did not match.',
    jobs: 'Number of jobs.',
    duration_mean_seconds: 'Mean time from creation to the end, in seconds. Null for open jobs.',
    ...RESULT_LABEL,
  },
}

export const classifyTypeStatsComments: ViewComments = {
  view: 'classify_type_stats',
  comment:
    'Completed jobs by document type, including jobs deleted upstream. The row with a null type counts jobs that ' +
    'matched no rule. Percentiles are accurate to 0.05 of confidence, and to 7.2% of durations from 1 second to 18.2 hours: ' +
    '65,536 means so long or longer, and a percentile between such a job and a shorter one is told too low. For a period use classify_type_stats_between.',
  columns: {
    ...STATISTICS,
    result_type: 'Document type. Null if no rule matched.',
    jobs: 'Number of completed jobs of this type.',
    share: 'Share of all completed jobs, 0 to 1.',
    low_confidence_jobs: 'Number of jobs with a confidence below sync_settings.review_below.',
    confidence_p90: '90th percentile of confidence.',
    first_job_at: 'When the first of these jobs was created.',
    last_job_at: 'When the last of these jobs was created.',
    ...RESULT_LABEL,
  },
}

export const classifyRuleStatsComments: ViewComments = {
  view: 'classify_rule_stats',
  comment:
    'How often each rule of each configuration matched in completed jobs, including jobs deleted upstream. Look for 0. ' +
    'Rules of one configuration with the same type share their matches, because a result names the type, not the ' +
    'rule.',
  columns: {
    configuration_hash: 'Configuration that the rule belongs to: see classify_configurations.',
    position: 'Position of the rule in its configuration, from 0.',
    type: 'Document type that the rule assigns.',
    description: 'Description of the documents that the rule matches.',
    completed_jobs: 'Number of completed jobs with this configuration.',
    matched_jobs: 'Number of these jobs with the type of this rule.',
    matched_share: 'matched_jobs / completed_jobs, 0 to 1. Null if no job completed.',
    confidence_mean: 'Mean confidence of the matches, 0 to 1. Null if there are none.',
    last_matched_job_at: 'When the last matching job was created. Null if none matched.',
  },
}

export const classifyFailuresComments: ViewComments = {
  view: 'classify_failures',
  comment:
    'Failed jobs by cause, including jobs deleted upstream. Error messages that differ only in ids and numbers count ' +
    'as one cause. For a period use classify_daily_failures.',
  columns: {
    error:
      'First 500 characters of the error message, with every word that contains a digit replaced by #. Null if there is no message.',
    jobs: 'Number of jobs that failed with it.',
    first_job_at: 'When the first of these jobs was created.',
    last_job_at: 'When the last of these jobs was created.',
    example_job_id: 'One of these jobs. Its error_message in classify_jobs is not masked.',
  },
}

export const classifyReviewQueueComments: ViewComments = {
  view: 'classify_review_queue',
  comment:
    'Completed jobs that a person should review, newest first: jobs that matched no rule or have a confidence below ' +
    'sync_settings.review_below (SYNC_REVIEW_BELOW). Jobs deleted upstream are left out.',
  columns: { ...SAME_AS_TABLE, reason: 'Why it needs review: unmatched or low confidence.' },
}
