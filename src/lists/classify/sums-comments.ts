import type { ViewComments } from '../../store/columns.ts'

const KEYS = {
  day: 'Day of creation in UTC. Null for jobs without created_at.',
  source: 'The source that first delivered the jobs, as named by SYNC_SOURCE.',
  project_id: 'Project that the jobs belong to.',
  configuration_id: 'Saved configuration that the jobs were created with, if any.',
  configuration_hash: 'The rules and options that the jobs ran with: see classify_configurations.',
}

const OUTCOME = {
  outcome: 'matched, unmatched, failed, cancelled or open: see classify_job_details.',
  result_type: 'Document type that was found. Null unless the outcome is matched.',
}

const LABEL = {
  result_label: 'The type, or the outcome where there is none, such as unmatched. Never null.',
}

const TIMES = {
  first_job_at: 'When the first of them was created.',
  last_job_at: 'When the last of them was created.',
}

const SUMS = {
  ...KEYS,
  ...OUTCOME,
  jobs: 'How many jobs.',
  low_confidence_jobs: 'How many of them have a confidence below 0.7.',
  confidence_jobs: 'How many of them have a confidence.',
  confidence_sum: 'Sum of their confidences: divided by confidence_jobs it is the mean.',
  duration_jobs: 'How many of them are finished.',
  duration_sum: 'Sum of the seconds from creation to the end: divided by duration_jobs it is the mean.',
  ...TIMES,
}

const SPREADS = {
  ...KEYS,
  all_configurations: 'Whether it is of all configurations together: take either these rows or the others.',
  ...OUTCOME,
  confidence_histogram:
    'How many jobs by confidence, 0.05 a place, and 1 at the last: to be added up place by place, for confidence_percentile.',
  duration_histogram:
    'How many jobs by duration, a tenth of an octave a place: to be added up place by place, for duration_percentile.',
}

const EXACT = {
  day: KEYS.day,
  project_id: KEYS.project_id,
  ...OUTCOME,
  jobs: 'How many jobs.',
  confidence_mean: 'Mean confidence, 0 to 1. Null when no job has one.',
  confidence_p10: 'Confidence that a tenth of the jobs stay below.',
  confidence_p50: 'Median confidence.',
  duration_mean_seconds: 'Mean time from creation to the end, in seconds. Null for open jobs.',
  duration_p50_seconds: 'Median time from creation to the end, in seconds.',
  duration_p95_seconds: 'Time from creation to the end that 95 % of the jobs keep within, in seconds.',
}

const ERRORS = {
  ...KEYS,
  error:
    'Error message (its first 500 characters) with every word that holds a digit as #. Null when there is none.',
  jobs: 'How many jobs failed with it.',
  ...TIMES,
  example_job_id: 'One of them: its error_message in classify_jobs is not masked.',
}

export const classifyStatisticsComments: ViewComments = {
  view: 'classify_statistics',
  comment:
    'Jobs by UTC day, source, project, configuration, outcome and type, in figures that can be added up: for any statistic of any period. ' +
    'Counts are exact at any moment; a year of 10,000,000 jobs takes a fraction of a second.',
  columns: { ...SUMS, ...LABEL },
}

export const classifyDailyFailuresComments: ViewComments = {
  view: 'classify_daily_failures',
  comment:
    'Failed jobs by UTC day, source, project, configuration and cause: classify_failures for any period.',
  columns: ERRORS,
}

const inside = { schema: 'llamacloud_sync' }
const table = { ...inside, kind: 'TABLE' } as const

export const classifySumsComments: ViewComments = {
  ...inside,
  view: 'classify_sums',
  comment: 'The rows of classify_statistics as the jobs tell them. Ask for one day.',
  columns: SUMS,
}

export const classifyExactComments: ViewComments = {
  ...inside,
  view: 'classify_exact',
  comment: 'The rows of classify_daily as the jobs tell them. Ask for one day.',
  columns: EXACT,
}

export const classifyErrorsComments: ViewComments = {
  ...inside,
  view: 'classify_errors',
  comment: 'The rows of classify_daily_failures as the jobs tell them. Ask for one day.',
  columns: ERRORS,
}

export const classifySettledSumsComments: ViewComments = {
  ...table,
  view: 'classify_settled_sums',
  comment: 'classify_sums of the days that have come to rest.',
  columns: SUMS,
}
export const classifySettledDaysComments: ViewComments = {
  ...table,
  view: 'classify_settled_days',
  comment: 'classify_exact of the days that have come to rest.',
  columns: EXACT,
}

export const classifySettledErrorsComments: ViewComments = {
  ...table,
  view: 'classify_settled_errors',
  comment: 'classify_errors of the days that have come to rest.',
  columns: ERRORS,
}

export const classifyDirtyDaysComments: ViewComments = {
  ...table,
  view: 'classify_dirty_days',
  comment:
    'Days whose jobs were written since they were summed up, one row a statement. The views read their jobs instead.',
  columns: { day: 'The day, in UTC.', marked_at: 'When, by the clock of this database.' },
}

export const classifyHistogramsComments: ViewComments = {
  view: 'classify_histograms',
  comment:
    'How confidences and durations are spread, in counts that can be added up: classify_type_stats_between makes percentiles of them.',
  columns: SPREADS,
}

export const classifySpreadsComments: ViewComments = {
  ...inside,
  view: 'classify_spreads',
  comment: 'The rows of classify_histograms as the jobs tell them. Ask for one day.',
  columns: SPREADS,
}

export const classifySettledSpreadsComments: ViewComments = {
  ...table,
  view: 'classify_settled_spreads',
  comment: 'classify_spreads of the days that have come to rest.',
  columns: SPREADS,
}

export const classifyPlacesComments: ViewComments = {
  ...inside,
  view: 'classify_places',
  comment: 'How many jobs stand where in the histograms. Ask for one day.',
  columns: {
    ...KEYS,
    ...OUTCOME,
    confidence_place: 'Place by confidence, from 1. Null for jobs without one.',
    duration_place: 'Place by duration, from 1. Null for open jobs.',
    jobs: 'How many jobs stand there.',
  },
}
