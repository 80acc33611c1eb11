import type { TableComments } from './columns.ts'
import type { openJobs, rejects, runs, sources, walkedJobs, walks, windows } from './schema.ts'

type CommentsOf<T extends { _: { columns: object } }> = TableComments<keyof T['_']['columns'] & string>

const sourceColumn = 'The source, as named by SYNC_SOURCE.'

export const sourcesComments: CommentsOf<typeof sources> = {
  table: 'One row a source: its scope, its coverage and its lease.',
  columns: {
    name: 'Name of the source, as given by SYNC_SOURCE.',
    baseUrl: 'Base URL of the API that the source is read from. Part of the scope.',
    projectId: 'Project that the source is narrowed to. Part of the scope.',
    organizationId: 'Organization that the source is narrowed to. Part of the scope.',
    configurationId: 'Configuration that the source is narrowed to. Part of the scope.',
    coveredFrom: 'Start of the coverage: every job created from here to the watermark has been committed.',
    watermark: 'End of the coverage, by the clock of the API.',
    leaseOwner: 'The worker that holds the lease, as host, process and a random part. Null when it is free.',
    leaseExpiresAt: 'When the lease may be taken over, by the clock of this database.',
    fence: 'Counts the holders of the lease. A commit that carries an older number is refused.',
    lastSuccessAt: 'When a cycle last ended without a fault, by the clock of this database.',
    lastReconcileAt: 'When a reconcile last ended, by the clock of this database.',
  },
}

export const windowsComments: CommentsOf<typeof windows> = {
  table: 'Spans of created_at that were begun and are not finished.',
  columns: {
    source: sourceColumn,
    kind: 'What it is read for: coverage (head and history) or backfill.',
    lower: 'Start of the span, inclusive.',
    upper: 'End of the span, inclusive. Neighbouring windows share it.',
    reach: 'Clock of the API when the first page was read: what is created later is not covered by it.',
    pageToken: 'Token of the next page. Its listing goes on here after a stop.',
    pages: 'Pages committed so far.',
    drained: 'True when the last page has been committed and the window waits to touch the coverage.',
  },
}

export const openJobsComments: CommentsOf<typeof openJobs> = {
  table: 'Jobs to be asked for again by id: not in a terminal status, or not seen where they should be.',
  columns: {
    jobId: 'Id of the job.',
    source: sourceColumn,
    nextCheckAt: 'When it is due to be asked for again, by the clock of the API.',
    seenAt:
      'When the API last showed it, by its clock. Of one that a reconcile did not come by: when it was created or first stored.',
    misses: 'How many runs in a row the API was asked for it by id and did not return it.',
    missedInRun:
      'The run that last asked in vain. Counts as a miss once that run was found to be trustworthy.',
  },
}

export const walksComments: CommentsOf<typeof walks> = {
  table: 'Reconciles under way: how far the walk over the whole list got.',
  columns: {
    source: sourceColumn,
    startedAt: 'When the walk began, by the clock of this database.',
    pageToken: 'Token of the next page. The walk goes on here after a stop.',
    pages: 'Pages committed so far.',
  },
}

export const walkedJobsComments: CommentsOf<typeof walkedJobs> = {
  table:
    'Ids of the jobs that the walk of a reconcile has come by. Unlogged: a crash of the server empties it, and the walk begins again.',
  columns: { source: sourceColumn, jobId: 'Id of the job.' },
}

export const runsComments: CommentsOf<typeof runs> = {
  table: 'One row a run of the worker. Kept for 90 days.',
  columns: {
    id: 'Number of the run.',
    source: sourceColumn,
    kind: 'What was run: sync, backfill, reconcile.',
    startedAt: 'When it began, by the clock of this database.',
    finishedAt: 'When it ended. Null while it runs, and for a run whose process was killed.',
    outcome: 'running, succeeded, stopped (asked to stop, goes on next time), failed, or abandoned (killed).',
    requests: 'Requests sent to the API, repeated ones included.',
    retries: 'Requests that repeated an earlier one after a fault.',
    pages: 'Pages committed.',
    received: 'Items received = inserted + updated + unchanged + stale + rejected.',
    inserted: 'Jobs stored for the first time.',
    updated: 'Jobs whose stored content changed.',
    unchanged: 'Jobs that were stored just so already, and were not written.',
    stale: 'Observations older than what is stored, and not written.',
    rejected: 'Items without a usable id; they are in rejects.',
    deletions: 'Jobs marked as deleted.',
    repairs: 'Differences that a reconcile found and repaired. Should be 0.',
    watermarkBefore: 'Watermark at the start of the run.',
    watermarkAfter: 'Watermark at the end of the run.',
    error: 'Why the run failed.',
  },
}

export const rejectsComments: CommentsOf<typeof rejects> = {
  table: 'Items of the API that cannot be stored as a job, kept whole.',
  columns: {
    id: 'Number of the row.',
    source: sourceColumn,
    reason: 'Why it cannot be stored.',
    payload: 'The item as received, as JSON text.',
    fingerprint: 'SHA-256 of the payload: the same item is kept once.',
    timesSeen: 'How often it was received.',
    firstSeenAt: 'When it was first received, by the clock of this database.',
    lastSeenAt: 'When it was last received, by the clock of this database.',
  },
}
