import type { ViewComments } from '../../store/columns.ts'

const OF = {
  source: 'Source that first delivered the jobs (SYNC_SOURCE).',
  project_id: 'Project of the jobs.',
}

export const classifySlaComments: ViewComments = {
  view: 'classify_sla',
  comment:
    'How many jobs finished in time, by UTC day of creation, source and project. The shares come from a histogram, which counts ' +
    'only a part of the jobs whose duration is within 7.2% of a limit. If there are many, for example because of a time-out of that ' +
    'length, count in classify_job_details.',
  columns: {
    day: 'Day of creation, in UTC. Null for jobs without created_at.',
    ...OF,
    finished_jobs: 'Number of finished jobs (completed, failed or cancelled) whose duration is known.',
    within_1_minute: 'Share of finished jobs that took at most 1 minute, 0 to 1.',
    within_5_minutes: 'Share of finished jobs that took at most 5 minutes, 0 to 1.',
    within_15_minutes: 'Share of finished jobs that took at most 15 minutes, 0 to 1.',
    within_1_hour: 'Share of finished jobs that took at most 1 hour, 0 to 1.',
    duration_histogram:
      'For other limits: duration_share(duration_histogram, 120) is the share that took at most 2 minutes. Null for limits above 18.2 hours where jobs took longer than that.',
  },
}

export const classifyWeeklyComments: ViewComments = {
  view: 'classify_weekly',
  comment: 'Week over week, by source and project: each week next to the week before.',
  columns: {
    week: 'Monday of the week, in UTC.',
    ...OF,
    is_whole: 'Whether the week is over. Do not compare a partial week with a whole one.',
    jobs: 'Number of jobs created.',
    failed_share: 'Share of finished jobs that failed, 0 to 1.',
    unmatched_share: 'Share of completed jobs that matched no rule, 0 to 1.',
    confidence_mean: 'Mean confidence, 0 to 1.',
    duration_mean_seconds: 'Mean time from creation to the end of finished jobs, in seconds.',
    jobs_before: 'Jobs created in the week before. Null if there were none.',
    failed_share_before: 'failed_share of the week before.',
    unmatched_share_before: 'unmatched_share of the week before.',
    confidence_mean_before: 'confidence_mean of the week before.',
    duration_mean_seconds_before: 'duration_mean_seconds of the week before.',
  },
}

export const classifyRuleChangesComments: ViewComments = {
  view: 'classify_rule_changes',
  comment:
    'Changes of the rules, by source, project and saved configuration, and their effect on the share of unmatched jobs.',
  columns: {
    changed_at: 'When the first job that completed with the new configuration was created.',
    ...OF,
    configuration_id: 'Saved configuration whose rules changed. Null for jobs with inline rules.',
    previous_hash: 'Rules and options before the change: see classify_configurations.',
    configuration_hash: 'Rules and options after the change.',
    types_added: 'Types that only the new rules assign.',
    types_removed: 'Types that only the old rules assigned.',
    previous_completed_jobs: 'Number of jobs completed with the old rules, in total.',
    completed_jobs: 'Number of jobs completed with the new rules, in total.',
    unmatched_share_before: 'Share of the jobs completed with the old rules that matched none, 0 to 1.',
    unmatched_share_after: 'Share of the jobs completed with the new rules that matched none, 0 to 1.',
  },
}

export const classifyJobHistoryComments: ViewComments = {
  view: 'classify_job_history',
  comment: 'Every observed state of a job, from the first on. Filter by job_id and order by observed_at.',
  columns: {
    job_id: 'The job.',
    observed_at: 'When this state was first observed. For the first state, never later than the next one.',
    event: 'first seen, changed, deleted (found to be deleted upstream) or returned (found upstream again).',
    status: 'Status from then on.',
    result_type: 'Result type from then on.',
    result_confidence: 'Confidence from then on.',
    updated_at: 'updated_at from then on.',
  },
}
