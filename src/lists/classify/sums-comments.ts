import type { ViewComments } from '../../store/columns.ts'
import { dirtyDaysComments } from '../costs.ts'

const KEYS = {
  day: 'Day of creation, in UTC. Null for jobs without created_at.',
  source: 'Source that first delivered the jobs (SYNC_SOURCE).',
  project_id: 'Project of the jobs.',
  configuration_id: 'Saved configuration of the jobs, if any.',
  configuration_hash: 'Hash of the rules and options of the jobs: see classify_configurations.',
}

const OUTCOME = {
  outcome: 'matched, unmatched, failed, cancelled or open: see classify_job_details.',
  result_type:
    'Document type of the result. Filter by outcome too: the API may name one for a job that did not match.',
}

const LABEL = {
  result_label:
    'Label for charts: the type of a matched job, or else the outcome, such as unmatched. Never null. A type may itself be ' +
    'called unmatched: the result_type of jobs that matched no rule is null.',
}

const TIMES = {
  first_job_at: 'When the first of these jobs was created.',
  last_job_at: 'When the last of these jobs was created.',
}

const SUMS = {
  ...KEYS,
  ...OUTCOME,
  jobs: 'Number of jobs.',
  low_confidence_jobs: 'Number of jobs with a confidence below sync_settings.review_below.',
  confidence_jobs: 'Number of jobs with a confidence.',
  confidence_sum: 'Sum of confidence. Divide by confidence_jobs for the mean.',
  duration_jobs: 'Number of finished jobs whose duration is known: with created_at and updated_at.',
  duration_sum: 'Sum of the seconds from creation to the end. Divide by duration_jobs for the mean.',
  ...TIMES,
  credits: 'Credits billed for the jobs so far, parsing included. Null while none is known.',
  parse_credits: 'Of these, credits for parsing.',
  unbilled_jobs: 'Completed jobs whose credits are not known yet.',
}

const SPREADS = {
  ...KEYS,
  all_configurations:
    'Whether the row covers all configurations. Use either these rows or the others, not both.',
  ...OUTCOME,
  confidence_histogram:
    'Histogram of confidence: buckets of 0.05, the last for 1. Sum it element by element; input for confidence_percentile.',
  duration_histogram:
    'Histogram of durations: buckets of a tenth of an octave, the first below 1 second, the last from 18.2 hours. Sum it element by element; input for duration_percentile.',
}

const EXACT = {
  day: KEYS.day,
  project_id: KEYS.project_id,
  ...OUTCOME,
  jobs: 'Number of jobs.',
  confidence_mean: 'Mean confidence, 0 to 1. Null if no job has one.',
  confidence_p10: '10th percentile of confidence.',
  confidence_p50: 'Median confidence.',
  duration_mean_seconds: 'Mean time from creation to the end, in seconds. Null for open jobs.',
  duration_p50_seconds: 'Median time from creation to the end, in seconds.',
  duration_p95_seconds: '95th percentile of the time from creation to the end, in seconds.',
}

const ERRORS = {
  ...KEYS,
  error:
    'First 500 characters of the error message, with every word that contains a digit replaced by #. Null if there is no message.',
  jobs: 'Number of jobs that failed with it.',
  ...TIMES,
  example_job_id: 'One of these jobs. Its error_message in classify_jobs is not masked.',
}

export const classifyStatisticsComments: ViewComments = {
  view: 'classify_statistics',
  comment:
    'Jobs by UTC day, source, project, configuration, outcome and type. Its columns can be summed, for statistics over any period. ' +
    'Counts are always exact; a year of 10,000,000 jobs takes a fraction of a second.',
  columns: { ...SUMS, ...LABEL },
}

export const classifyDailyFailuresComments: ViewComments = {
  view: 'classify_daily_failures',
  comment:
    'Failed jobs by UTC day, source, project, configuration and cause. Like classify_failures, for any period.',
  columns: ERRORS,
}

const inside = { schema: 'llamacloud_sync' }
const table = { ...inside, kind: 'TABLE' } as const

export const classifySumsComments: ViewComments = {
  ...inside,
  view: 'classify_sums',
  comment: 'The rows of classify_statistics, computed from the jobs. Query one day at a time.',
  columns: SUMS,
}

export const classifyExactComments: ViewComments = {
  ...inside,
  view: 'classify_exact',
  comment: 'The rows of classify_daily, computed from the jobs. Query one day at a time.',
  columns: EXACT,
}

export const classifyErrorsComments: ViewComments = {
  ...inside,
  view: 'classify_errors',
  comment: 'The rows of classify_daily_failures, computed from the jobs. Query one day at a time.',
  columns: ERRORS,
}

export const classifySettledSumsComments: ViewComments = {
  ...table,
  view: 'classify_settled_sums',
  comment: 'Stored rows of classify_sums, for days that no longer change.',
  columns: SUMS,
}
export const classifySettledDaysComments: ViewComments = {
  ...table,
  view: 'classify_settled_days',
  comment: 'Stored rows of classify_exact, for days that no longer change.',
  columns: EXACT,
}

export const classifySettledErrorsComments: ViewComments = {
  ...table,
  view: 'classify_settled_errors',
  comment: 'Stored rows of classify_errors, for days that no longer change.',
  columns: ERRORS,
}

export const classifyDirtyDaysComments = dirtyDaysComments('classify')

export const classifyHistogramsComments: ViewComments = {
  view: 'classify_histograms',
  comment:
    'Histograms of confidence and duration. The counts can be summed; classify_type_stats_between computes percentiles from them.',
  columns: SPREADS,
}

export const classifySpreadsComments: ViewComments = {
  ...inside,
  view: 'classify_spreads',
  comment: 'The rows of classify_histograms, computed from the jobs. Query one day at a time.',
  columns: SPREADS,
}

export const classifySettledSpreadsComments: ViewComments = {
  ...table,
  view: 'classify_settled_spreads',
  comment: 'Stored rows of classify_spreads, for days that no longer change.',
  columns: SPREADS,
}

export const classifyPlacesComments: ViewComments = {
  ...inside,
  view: 'classify_places',
  comment: 'Number of jobs in each bucket of the histograms. Query one day at a time.',
  columns: {
    ...KEYS,
    ...OUTCOME,
    confidence_place: 'Bucket by confidence, from 1. Null for jobs without one.',
    duration_place: 'Bucket by duration, from 1. Null for open jobs.',
    jobs: 'Number of jobs in these buckets.',
  },
}
