import type { ViewComments } from '../../store/columns.ts'

const SAME_AS_TABLE = {
  id: 'Id of the job, given by LlamaCloud.',
  source: 'The source that first delivered the job, as named by SYNC_SOURCE.',
  project_id: 'Project that the job belongs to.',
  result_type: 'Document type of the rule that matched. Null when none matched or there is no result.',
  result_confidence: 'Confidence of the result, 0 to 1.',
  result_reasoning: 'Why the document matched, or did not match, in words.',
  document_input_type: 'What file_input names: url, file_id or parse_job_id.',
  file_input: 'The classified document: a URL, the id of a file (dfl-…) or of a parse job (pjb-…).',
  configuration_id: 'Saved configuration that the job was created with, if any.',
  configuration_hash: 'The rules and options that the job ran with: see classify_configurations.',
  created_at: 'When the job was created, by the clock of LlamaCloud.',
  updated_at: 'When the job last changed, by the clock of LlamaCloud.',
}

const RESULT_LABEL = {
  result_label: 'The type, or the outcome where there is none, such as unmatched. Never null.',
}

const STATISTICS = {
  confidence_mean: 'Mean confidence, 0 to 1. Null when no job has one.',
  confidence_p10: 'Confidence that a tenth of the jobs stay below.',
  confidence_p50: 'Median confidence.',
  duration_p50_seconds: 'Median time from creation to the end, in seconds.',
  duration_p95_seconds: 'Time from creation to the end that 95 % of the jobs keep within, in seconds.',
}

export const classifyJobDetailsComments: ViewComments = {
  view: 'classify_job_details',
  comment:
    'One row a job, with its outcome, its duration and the options of its configuration. A job that is gone upstream ' +
    'stays, as what it was.',
  columns: {
    ...SAME_AS_TABLE,
    user_id: 'User who created the job.',
    status: 'PENDING, RUNNING, COMPLETED, FAILED or CANCELLED; the API may add others.',
    outcome:
      'matched or unmatched (completed with or without a type), failed, cancelled, open (anything else, also a status ' +
      'that is not known here). Of a job that is gone upstream: what it was when it was last seen.',
    error_message: 'Why the job failed.',
    created_day: 'Day of created_at in UTC. Null when created_at is.',
    duration_seconds:
      'Seconds from created_at to updated_at of a completed, failed or cancelled job. Null while it is open.',
    parse_job_id: 'Parse job that the document came from, if any.',
    transaction_id: 'Idempotency key that the job was created with, if any.',
    configuration_mode: 'Execution mode, such as FAST.',
    configuration_lang: 'Language that documents are read in, as an ISO 639-1 code.',
    configuration_max_pages: 'How many pages of a document are read at most. Null for all.',
    configuration_target_pages: 'Which pages of a document are read, such as 1,3,5-7. Null for all.',
    configuration_rule_count: 'How many rules the configuration has.',
    first_seen_at: 'When the job was first stored here.',
    synced_at: 'When the stored content last changed here.',
    deleted_at: 'When the job was found to be deleted upstream. Null while it exists there.',
    is_deleted: 'Whether the job was found to be deleted upstream.',
    ...RESULT_LABEL,
  },
}

export const classifyDailyComments: ViewComments = {
  view: 'classify_daily',
  comment:
    'Jobs by UTC day, project, outcome and type, also those that are gone upstream. Its figures are those ' +
    'of single days: for a period take classify_statistics, whose figures can be added up.',
  columns: {
    ...STATISTICS,
    day: 'Day of creation in UTC. Null for jobs without created_at.',
    project_id: 'Project that the jobs belong to.',
    outcome: 'matched, unmatched, failed, cancelled or open: see classify_job_details.',
    result_type: 'Document type that was found. Null unless the outcome is matched.',
    jobs: 'How many jobs.',
    duration_mean_seconds: 'Mean time from creation to the end, in seconds. Null for open jobs.',
    ...RESULT_LABEL,
  },
}

export const classifyTypeStatsComments: ViewComments = {
  view: 'classify_type_stats',
  comment:
    'Completed jobs by the type that was found, also those that are gone upstream; one row, with a null type, for ' +
    'those that matched no rule. Percentiles are within 5 %. For a period: classify_type_stats_between.',
  columns: {
    ...STATISTICS,
    result_type: 'Document type. Null: no rule matched.',
    jobs: 'How many completed jobs were given this type.',
    share: 'Their share of all completed jobs, 0 to 1.',
    low_confidence_jobs: 'How many of them have a confidence below 0.7.',
    confidence_p90: 'Confidence that nine tenths of the jobs stay below.',
    first_job_at: 'When the first of them was created.',
    last_job_at: 'When the last of them was created.',
    ...RESULT_LABEL,
  },
}

export const classifyRuleStatsComments: ViewComments = {
  view: 'classify_rule_stats',
  comment:
    'Every rule of every configuration with how often it matched in completed jobs, also those that are gone upstream: ' +
    '0 is the interesting number. Rules of one configuration that give the same type share their matches, since a result names ' +
    'the type and not the rule.',
  columns: {
    configuration_hash: 'The configuration that the rule is part of: see classify_configurations.',
    position: 'Place of the rule in its configuration, from 0.',
    type: 'Document type that is given when the rule matches.',
    description: 'What a document must be for the rule to match, in words.',
    completed_jobs: 'How many jobs ran to completion with this configuration.',
    matched_jobs: 'How many of them were given the type of this rule.',
    matched_share: 'matched_jobs / completed_jobs, 0 to 1. Null when nothing ran to completion.',
    confidence_mean: 'Mean confidence of the matches, 0 to 1. Null when there are none.',
    last_matched_job_at: 'When the last job that matched was created. Null when none did.',
  },
}

export const classifyFailuresComments: ViewComments = {
  view: 'classify_failures',
  comment:
    'Failed jobs by cause, also those that are gone upstream: error messages are taken for the same when they differ ' +
    'only in ids, hex and numbers. For a period: classify_daily_failures.',
  columns: {
    error:
      'Error message (its first 500 characters) with every word that holds a digit as #. Null when there is none.',
    jobs: 'How many jobs failed with it.',
    first_job_at: 'When the first of them was created.',
    last_job_at: 'When the last of them was created.',
    example_job_id: 'One of them: its error_message in classify_jobs is not masked.',
  },
}

export const classifyReviewQueueComments: ViewComments = {
  view: 'classify_review_queue',
  comment:
    'Completed jobs that a person should look at, newest first: those that matched no rule, and those ' +
    'with a confidence below 0.7. What is gone upstream is left out. For another limit ask classify_job_details.',
  columns: { ...SAME_AS_TABLE, reason: 'unmatched or low confidence.' },
}
