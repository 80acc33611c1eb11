import type { ViewComments } from './columns.ts'

export const syncFreshnessComments: ViewComments = {
  view: 'sync_freshness',
  comment:
    'How fresh the data is, one row a source. Its readers need no grant on llamacloud_sync, whose tables it sums up.',
  columns: {
    source: 'The source, as named by SYNC_SOURCE.',
    project_id: 'Project that the source is narrowed to. Null for all that the key can see.',
    covered_from: 'Every job created from here to the watermark is stored. Null before the first sync.',
    watermark: 'End of the coverage, by the clock of LlamaCloud. Null before the first sync.',
    lag_seconds: 'Seconds since the present was last read completely. Null before the first sync.',
    open_jobs: 'Jobs that are asked for again by id until they are finished.',
    rejects: 'Items of the API that cannot be stored as a job. Should be 0.',
    last_success_at: 'When a cycle last ended without a fault. Null before that.',
    last_reconcile_at: 'Since when every stored job was compared with the API. Null before that.',
    held_jobs: 'Jobs that are missing upstream and not believed to be gone yet.',
    quarantined: 'Jobs and spans of time that cannot be read and are set aside. Should be 0.',
    dark_since: 'Since when LlamaCloud has shown none of the jobs that it should know. Null while it does.',
    settled_until:
      'Every row and change with an earlier synced_at or observed_at is there, and none will be added. Take the least of all sources.',
  },
}
