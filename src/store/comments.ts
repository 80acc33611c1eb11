import type { CommentsOf } from './columns.ts'
import type {
  creditChecks,
  lookups,
  rechecks,
  rejects,
  runs,
  settings,
  sourceProjects,
  sources,
  spans,
} from './schema.ts'

const sourceColumn = 'Name of the source (SYNC_SOURCE).'

export const sourcesComments: CommentsOf<typeof sources> = {
  table: 'One row per source: its scope, coverage and lease.',
  columns: {
    name: 'Name of the source (SYNC_SOURCE). For lists other than classify, a slash and the list follow, such as default/parse.',
    list: 'List that the source reads (SYNC_LISTS). Part of the scope.',
    baseUrl: 'Base URL of the API. Part of the scope.',
    projectId: 'Project that the source is limited to. Null for all. Part of the scope.',
    organizationId: 'Organization that the source is limited to. Null for all. Part of the scope.',
    configurationId: 'Configuration that the source is limited to. Null for all. Part of the scope.',
    coveredFrom: 'Start of the coverage: every job created between here and the watermark is stored.',
    watermark: 'End of the coverage, by the clock of the API.',
    headFrom: 'Start of the head, the open span that ends at the present, by the clock of the API.',
    headUntil: 'Present, by the clock of the API, when the head was last read.',
    headReadAt: 'When the head was last read, by the clock of this database.',
    leaseOwner:
      'Worker that holds the lease: host, process id and a random part. Null while the lease is free.',
    lastOwner: 'Worker that last released the lease.',
    leaseExpiresAt: 'When the lease expires, by the clock of this database.',
    fence: 'Counts the holders of the lease. A commit with an older number is refused.',
    settledUntil: 'Everything observed before this moment is committed, and nothing older will follow.',
    lastSuccessAt: 'When a cycle last succeeded, by the clock of this database.',
    darkSince: 'Since when the API has returned none of the known jobs. Null while it returns some.',
    probedAt: 'When the oldest jobs were last checked, by the clock of this database.',
    pageSize: 'Jobs per page in the latest requests: fewer where jobs are large. Null means SYNC_PAGE_SIZE.',
    reconcileEvery: 'SYNC_RECONCILE_EVERY in seconds, as it applies to the spans. Null means never.',
    formerNames: 'Earlier names of the source.',
  },
}

export const spansComments: CommentsOf<typeof spans> = {
  table: 'The timeline: adjoining ranges of created_at, and when each was last read.',
  columns: {
    source: sourceColumn,
    lower: 'Start of the span, inclusive, by the clock of the API.',
    upper: 'End of the span, inclusive. The next span starts at the same instant.',
    freshAt: 'When the end of the span was the present, by the clock of this database.',
    readAt: 'When its latest complete reading began. Null if it was never read.',
    items: 'Number of items that this reading returned. Null if unknown.',
    empties: 'Number of consecutive readings that returned no items.',
    dueAt: 'When it is due to be read next. Null means never.',
    beganAt: 'When the current reading began. Null if there is none.',
    pageToken: 'Token of the next page of the current reading, which continues here after a stop.',
    pages: 'Committed pages of the current reading.',
    received: 'Items on those pages.',
    reason: 'Why it is in quarantine: the error of the API. Null if it is not.',
    tries: 'Number of attempts while in quarantine.',
    quarantinedAt: 'When it was put in quarantine.',
  },
}

export const rechecksComments: CommentsOf<typeof rechecks> = {
  table: 'Jobs to be checked again by id: unfinished, missing upstream, or recently marked as deleted.',
  columns: {
    source: sourceColumn,
    jobId: 'Id of the job.',
    notedAt: 'When it was added to this table. All times are by the clock of this database.',
    seenAt: 'When the API last returned it unfinished. Null if it is only being looked for.',
    dueAt: 'When it is due to be checked again.',
    missedAt:
      'When the API first left it out while returning others of its project; infinity while it returns none of them. Null if it is not missing.',
    missedAgainAt: 'When the API left it out a second time, long enough after the first.',
    goneAt: 'When it was marked as deleted. Null if it is not.',
    reason: 'Why it is in quarantine: the error of the API. Null if it is not.',
    tries: 'Number of attempts while in quarantine.',
    quarantinedAt: 'When it was put in quarantine.',
  },
}

export const creditChecksComments: CommentsOf<typeof creditChecks> = {
  table: 'Finished jobs to be asked for their credits, one request each (SYNC_CREDITS).',
  columns: {
    source: sourceColumn,
    jobId: 'Id of the job.',
    dueAt: 'When it is due to be asked for, by the clock of this database. Infinity means no more.',
    failures: 'Number of consecutive requests for it that failed.',
  },
}

export const sourceProjectsComments: CommentsOf<typeof sourceProjects> = {
  table: 'Projects whose jobs a source has delivered.',
  columns: {
    source: sourceColumn,
    projectId: 'Id of the project. Empty for jobs without a project.',
    canaries: 'Ids of some of its jobs. They must all be stored, and the API must return some of them.',
  },
}

export const lookupsComments: CommentsOf<typeof lookups> = {
  table: 'What is read beside the jobs, by SYNC_LOOKUPS: one row for each, with when it is read again.',
  columns: {
    source: sourceColumn,
    lookup: 'What is read: projects, configurations, the files that the jobs of a table name, or usage.',
    dueAt: 'When it is read again, by the clock of this database.',
    reason: 'Why it could not be read the last time. Null when it could.',
    readUntil:
      'Of files: synced_at of the last job whose file was asked for. Of usage: the first day to be read.',
    readId:
      'Of files: the id of that job. Of usage: how many pages of these days were read, and the token of the next one.',
  },
}

export const runsComments: CommentsOf<typeof runs> = {
  table: 'One row per run of the worker. Kept for 90 days.',
  columns: {
    id: 'Number of the run.',
    source: sourceColumn,
    kind: 'Command: sync, backfill, reconcile or accept-deletions.',
    startedAt: 'When it began, by the clock of this database.',
    finishedAt: 'When it ended. Null while it runs, or if its process was killed.',
    outcome:
      'running, succeeded, degraded (succeeded except for what is in quarantine), stopped (the next run continues), denied (the API does not allow this list), failed, or abandoned (killed).',
    commits: 'Transactions committed. If the number is lower than the worker counted, a failover lost some.',
    requests: 'Requests sent to the API, retries included.',
    retries: 'Requests that were retries.',
    pages: 'Pages committed.',
    received: 'Items received = inserted + updated + unchanged + stale + rejected.',
    inserted: 'Jobs stored for the first time.',
    updated: 'Jobs whose stored content changed.',
    unchanged: 'Jobs whose stored content was already the same.',
    stale: 'Observations older than the stored ones, not written.',
    rejected: 'Items without a usable id, kept in rejects.',
    deletions: 'Jobs marked as deleted.',
    repairs: 'Rows that a reading found to differ from the API and corrected. Should be 0.',
    watermarkBefore: 'Watermark at the start of the run.',
    watermarkAfter: 'Watermark at the end of the run.',
    error: 'Why the run failed.',
  },
}

export const rejectsComments: CommentsOf<typeof rejects> = {
  table: 'Items from the API that could not be stored as jobs, in full. The latest ones, kept for 90 days.',
  columns: {
    id: 'Number of the row.',
    source: sourceColumn,
    reason: 'Why it could not be stored.',
    payload: 'The item as received, as JSON text.',
    fingerprint: 'SHA-256 of the payload: identical items are kept once.',
    timesSeen: 'Number of times it was received.',
    firstSeenAt: 'When it was first received, by the clock of this database.',
    lastSeenAt: 'When it was last received, by the clock of this database.',
  },
}

export const settingsComments: CommentsOf<typeof settings> = {
  table: 'Settings of the worker that the views depend on. No row until one was set: see sync_settings.',
  columns: {
    isOnly: 'Always true: there is at most one row.',
    reviewBelow: 'SYNC_REVIEW_BELOW, as it was last set.',
  },
}
