import type { TableComments } from './columns.ts'
import type { rechecks, rejects, runs, sourceProjects, sources, spans } from './schema.ts'

type CommentsOf<T extends { _: { columns: object } }> = TableComments<keyof T['_']['columns'] & string>

const sourceColumn = 'The source, as named by SYNC_SOURCE.'

export const sourcesComments: CommentsOf<typeof sources> = {
  table: 'One row a source: its scope, its coverage and its lease.',
  columns: {
    name: 'Name of the source, as given by SYNC_SOURCE; of another list than classify with its name behind a slash.',
    list: 'The list that is read, as named by SYNC_LISTS. Part of the scope.',
    baseUrl: 'Base URL of the API that the source is read from. Part of the scope.',
    projectId: 'Project that the source is narrowed to. Part of the scope.',
    organizationId: 'Organization that the source is narrowed to. Part of the scope.',
    configurationId: 'Configuration that the source is narrowed to. Part of the scope.',
    coveredFrom: 'Start of the coverage: every job created from here to the watermark has been committed.',
    watermark: 'End of the coverage, by the clock of the API.',
    headFrom: 'Where the open span begins, which holds the present, by the clock of the API.',
    headUntil: 'The present, by the clock of the API, when the open span was last read.',
    headReadAt: 'When the open span was last read, by the clock of this database.',
    leaseOwner: 'The worker that holds the lease, as host, process and a random part. Null when it is free.',
    lastOwner: 'The worker that last gave the lease back.',
    leaseExpiresAt: 'When the lease may be taken over, by the clock of this database.',
    fence: 'Counts the holders of the lease. A commit that carries an older number is refused.',
    settledUntil: 'What was observed before this is committed, and nothing observed earlier will be.',
    lastSuccessAt: 'When a cycle last ended without a fault, by the clock of this database.',
    darkSince: 'Since when the API has shown none of the jobs that it should know. Null while it does.',
    probedAt: 'When the oldest jobs were last asked for, by the clock of this database.',
    pageSize:
      'How many jobs the latest requests asked for: fewer where jobs are large. Null for SYNC_PAGE_SIZE.',
    reconcileEvery: 'SYNC_RECONCILE_EVERY in seconds, as the spans follow it. Null for never.',
    formerNames: 'Names that the source had before.',
  },
}

export const spansComments: CommentsOf<typeof spans> = {
  table: 'The timeline: pieces of created_at that touch each other, and when each was last read.',
  columns: {
    source: sourceColumn,
    lower: 'Start of the span, inclusive, by the clock of the API.',
    upper: 'End of the span, inclusive. Neighbouring spans share it.',
    freshAt: 'When the end of the span was the present, by the clock of this database.',
    readAt: 'When its latest complete reading began. Null: it was never read.',
    items: 'How many items that reading brought. Null when that is not known.',
    empties: 'How many readings in a row brought none.',
    dueAt: 'When it is to be read next. Null for never.',
    beganAt: 'When the reading under way began. Null when none is.',
    pageToken: 'Token of the next page of that reading, which goes on here after a stop.',
    pages: 'Pages of that reading that are committed.',
    received: 'Items on those pages.',
    reason: 'Why it cannot be read: it is in quarantine. Null when it is not.',
    tries: 'How often it was tried while in quarantine.',
    quarantinedAt: 'When it was put in quarantine.',
  },
}

export const rechecksComments: CommentsOf<typeof rechecks> = {
  table:
    'Jobs to be asked for again by id: not finished, not shown where they should be, or marked as gone lately.',
  columns: {
    source: sourceColumn,
    jobId: 'Id of the job.',
    notedAt: 'When it was put on this list. All times are by the clock of this database.',
    seenAt: 'When the API last showed it unfinished. Null when it is only looked for.',
    dueAt: 'When it is to be asked for again.',
    missedAt:
      'When the API first did not return it while it returned others of its project; infinity while it returns none. Null: it is not missing.',
    missedAgainAt: 'When the API did not return it again, long enough after that.',
    goneAt: 'When it was marked as gone. Null while it is not.',
    reason: 'Why it cannot be asked for: it is in quarantine. Null when it is not.',
    tries: 'How often it was tried while in quarantine.',
    quarantinedAt: 'When it was put in quarantine.',
  },
}

export const sourceProjectsComments: CommentsOf<typeof sourceProjects> = {
  table: 'The projects whose jobs a source has delivered.',
  columns: {
    source: sourceColumn,
    projectId: 'Id of the project. Empty for jobs that name none.',
    canaries: 'Ids of some of its jobs: they must be stored, and the API key must show some of them.',
  },
}

export const runsComments: CommentsOf<typeof runs> = {
  table: 'One row a run of the worker. Kept for 90 days.',
  columns: {
    id: 'Number of the run.',
    source: sourceColumn,
    kind: 'What was run: sync, backfill, reconcile, accept-deletions.',
    startedAt: 'When it began, by the clock of this database.',
    finishedAt: 'When it ended. Null while it runs, and for a run whose process was killed.',
    outcome:
      'running, succeeded, degraded (all but what is in quarantine), stopped (the next run goes on), denied (the API does not let the list be read), failed, or abandoned (killed).',
    commits:
      'Transactions committed. A smaller number than the worker knows tells of a failover that lost some.',
    requests: 'Requests sent to the API, retries included.',
    retries: 'Requests that were retries after a fault.',
    pages: 'Pages committed.',
    received: 'Items received = inserted + updated + unchanged + stale + rejected.',
    inserted: 'Jobs stored for the first time.',
    updated: 'Jobs whose stored content changed.',
    unchanged: 'Jobs that were stored just so already, and were not written.',
    stale: 'Observations older than what is stored, and not written.',
    rejected: 'Items without a usable id; they are in rejects.',
    deletions: 'Jobs marked as gone.',
    repairs: 'Differences that a reading found where everything should have been right. Should be 0.',
    watermarkBefore: 'Watermark at the start of the run.',
    watermarkAfter: 'Watermark at the end of the run.',
    error: 'Why the run failed.',
  },
}

export const rejectsComments: CommentsOf<typeof rejects> = {
  table: 'Items of the API that cannot be stored as a job, whole: the latest, for 90 days.',
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
