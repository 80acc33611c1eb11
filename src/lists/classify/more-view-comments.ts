import type { ViewComments } from '../../store/columns.ts'

const OF = {
  source: 'The source that first delivered the jobs, as named by SYNC_SOURCE.',
  project_id: 'Project that the jobs belong to.',
}

export const classifySlaComments: ViewComments = {
  view: 'classify_sla',
  comment:
    'How many jobs ended in time, by UTC day of creation, source and project. The shares are made from a histogram, and within a hundredth.',
  columns: {
    day: 'Day of creation in UTC. Null for jobs without created_at.',
    ...OF,
    finished_jobs: 'How many jobs of the day have ended, completed or not.',
    within_1_minute: 'Share of them that ended within a minute, 0 to 1.',
    within_5_minutes: 'Share of them that ended within five minutes, 0 to 1.',
    within_15_minutes: 'Share of them that ended within a quarter of an hour, 0 to 1.',
    within_1_hour: 'Share of them that ended within an hour, 0 to 1.',
    duration_histogram:
      'For other limits: duration_share(duration_histogram, 120) is the share within two minutes.',
  },
}

export const classifyWeeklyComments: ViewComments = {
  view: 'classify_weekly',
  comment: 'Week on week, by source and project: the figures of a week beside those of the week before.',
  columns: {
    week: 'Monday of the week, in UTC.',
    ...OF,
    is_whole: 'Whether the week is over: part of a week is not to be compared with a whole one.',
    jobs: 'How many jobs were created.',
    failed_share: 'Share of the jobs that ended which failed, 0 to 1.',
    unmatched_share: 'Share of the completed jobs that matched no rule, 0 to 1.',
    confidence_mean: 'Mean confidence, 0 to 1.',
    duration_mean_seconds: 'Mean time from creation to the end, in seconds.',
    jobs_before: 'The same of the week before. Null when it had none.',
    failed_share_before: 'The same of the week before.',
    unmatched_share_before: 'The same of the week before.',
    confidence_mean_before: 'The same of the week before.',
    duration_mean_seconds_before: 'The same of the week before.',
  },
}

export const classifyRuleChangesComments: ViewComments = {
  view: 'classify_rule_changes',
  comment:
    'Which configuration came after which, by source, project and saved configuration, and what that did to the share of unmatched jobs.',
  columns: {
    changed_at: 'When the first job with the new one was created.',
    ...OF,
    configuration_id: 'Saved configuration whose rules changed. Null where jobs bring rules of their own.',
    previous_hash: 'The rules and options before: see classify_configurations.',
    configuration_hash: 'The rules and options after.',
    types_added: 'Types that only the new rules give.',
    types_removed: 'Types that only the former rules gave.',
    previous_completed_jobs: 'How many jobs ran to completion with the former ones, ever.',
    completed_jobs: 'How many jobs ran to completion with the new ones, ever.',
    unmatched_share_before: 'Share of the former that matched no rule, 0 to 1.',
    unmatched_share_after: 'Share of the latter that matched no rule, 0 to 1.',
  },
}

export const classifyJobHistoryComments: ViewComments = {
  view: 'classify_job_history',
  comment:
    'Everything that was observed of a job, from its first state on. Ask for one job_id, and order by observed_at.',
  columns: {
    job_id: 'The job.',
    observed_at: 'When it was observed.',
    event: 'first seen, changed, deleted (found to be gone upstream) or returned (shown again after that).',
    status: 'Status from then on.',
    result_type: 'Result type from then on.',
    result_confidence: 'Confidence from then on.',
    updated_at: 'updated_at from then on.',
  },
}
