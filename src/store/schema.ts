import { instant } from './columns.ts'
import { bigint, boolean, index, integer, pgSchema, primaryKey, text, unique } from './drizzle.cjs'

/** The worker's own memory. Readers need no grant on it. */
export const workerSchema = pgSchema('llamacloud_sync')

export const sources = workerSchema.table('sources', {
  name: text('name').primaryKey(),
  baseUrl: text('base_url').notNull(),
  projectId: text('project_id'),
  organizationId: text('organization_id'),
  configurationId: text('configuration_id'),
  coveredFrom: instant('covered_from'),
  watermark: instant('watermark'),
  leaseOwner: text('lease_owner'),
  leaseExpiresAt: instant('lease_expires_at'),
  fence: bigint('fence', { mode: 'number' }).notNull().default(0),
  lastSuccessAt: instant('last_success_at'),
  lastReconcileAt: instant('last_reconcile_at'),
})

const source = () =>
  text('source')
    .notNull()
    .references(() => sources.name, { onDelete: 'cascade' })

/** Windows begun and not yet part of the coverage. A drained window waits here until it touches the coverage. */
export const windows = workerSchema.table(
  'windows',
  {
    source: source(),
    kind: text('kind').notNull(),
    lower: instant('lower').notNull(),
    upper: instant('upper').notNull(),
    reach: instant('reach'),
    pageToken: text('page_token'),
    pages: integer('pages').notNull(),
    drained: boolean('drained').notNull(),
  },
  (table) => [primaryKey({ columns: [table.source, table.kind, table.lower, table.upper] })],
)

export const openJobs = workerSchema.table(
  'open_jobs',
  {
    jobId: text('job_id').notNull(),
    source: source(),
    nextCheckAt: instant('next_check_at').notNull(),
    seenAt: instant('seen_at'),
    misses: integer('misses').notNull().default(0),
    missedInRun: bigint('missed_in_run', { mode: 'number' }),
  },
  (table) => [
    primaryKey({ columns: [table.source, table.jobId] }),
    // Each cycle takes the due jobs of a source, the longest due first.
    index('open_jobs_due').on(table.source, table.nextCheckAt),
  ],
)

/** A reconcile under way: how far its walk over the whole list got. */
export const walks = workerSchema.table('walks', {
  source: source().primaryKey(),
  startedAt: instant('started_at').notNull(),
  pageToken: text('page_token'),
  pages: integer('pages').notNull().default(0),
})

/**
 * The ids that the walk has come by, so that no process has to hold them all in memory (I11). Unlogged, by a migration of
 * its own, since drizzle has no word for it.
 */
export const walkedJobs = workerSchema.table(
  'walked_jobs',
  {
    source: source(),
    jobId: text('job_id').notNull(),
  },
  (table) => [primaryKey({ columns: [table.source, table.jobId] })],
)

export const runs = workerSchema.table(
  'runs',
  {
    id: bigint('id', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    source: source(),
    kind: text('kind').notNull(),
    startedAt: instant('started_at').notNull(),
    finishedAt: instant('finished_at'),
    outcome: text('outcome').notNull(),
    requests: integer('requests').notNull().default(0),
    retries: integer('retries').notNull().default(0),
    pages: integer('pages').notNull().default(0),
    received: integer('received').notNull().default(0),
    inserted: integer('inserted').notNull().default(0),
    updated: integer('updated').notNull().default(0),
    unchanged: integer('unchanged').notNull().default(0),
    stale: integer('stale').notNull().default(0),
    rejected: integer('rejected').notNull().default(0),
    deletions: integer('deletions').notNull().default(0),
    repairs: integer('repairs').notNull().default(0),
    watermarkBefore: instant('watermark_before'),
    watermarkAfter: instant('watermark_after'),
    error: text('error'),
  },
  // Status shows the last runs of a source; pruning takes the oldest.
  (table) => [index('runs_by_source').on(table.source, table.startedAt)],
)

export const rejects = workerSchema.table(
  'rejects',
  {
    id: bigint('id', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    source: source(),
    reason: text('reason').notNull(),
    payload: text('payload').notNull(),
    fingerprint: text('fingerprint').notNull(),
    timesSeen: integer('times_seen').notNull().default(1),
    firstSeenAt: instant('first_seen_at').notNull(),
    lastSeenAt: instant('last_seen_at').notNull(),
  },
  (table) => [unique('rejects_fingerprint').on(table.source, table.fingerprint)],
)
