import type { ViewComments } from './columns.ts'

export const syncFreshnessComments: ViewComments = {
  view: 'sync_freshness',
  comment: 'How fresh the data is, one row per source. Readers need no grant on llamacloud_sync.',
  columns: {
    source: 'Name of the source (SYNC_SOURCE).',
    project_id: 'Project that the source is limited to. Null for all projects that the key can see.',
    covered_from:
      'Start of the coverage: every job created between here and the watermark is stored. Null before the first sync.',
    watermark: 'End of the coverage, by the clock of LlamaCloud. Null before the first sync.',
    lag_seconds: 'Seconds since the newest jobs were last read completely. Null before the first sync.',
    open_jobs: 'Unfinished jobs. They are checked again by id until they finish.',
    rejects: 'Items from the API that could not be stored as jobs. Should be 0.',
    last_success_at: 'When a cycle last succeeded. Null before the first success.',
    last_reconcile_at:
      'Every stored job has been compared with the API since this moment. Null before the first full comparison.',
    held_jobs: 'Jobs that are missing upstream but not marked as deleted yet.',
    quarantined:
      'Jobs and time spans that are set aside because the API fails for them, or the database refuses them. Should be 0.',
    dark_since: 'Since when LlamaCloud has returned none of the known jobs. Null while it returns some.',
    settled_until:
      'Every row and change with an earlier synced_at or observed_at is stored, and none will be added. Use the lowest value of all sources for incremental loads.',
    list: 'List that the source reads, such as classify (SYNC_LISTS).',
  },
}

export const syncSettingsComments: ViewComments = {
  view: 'sync_settings',
  comment: 'Settings of the worker that the other views depend on, in one row.',
  columns: {
    review_below:
      'Confidence below which a completed job counts as low confidence and is in classify_review_queue (SYNC_REVIEW_BELOW).',
  },
}
