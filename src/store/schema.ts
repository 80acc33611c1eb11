import { instant } from './columns.ts'
import {
  bigint,
  boolean,
  check,
  doublePrecision,
  index,
  integer,
  pgSchema,
  primaryKey,
  sql,
  text,
  unique,
} from './drizzle.cjs'

/** The worker's own memory. Readers need no grant on it. */
export const workerSchema = pgSchema('llamacloud_sync')

export const sources = workerSchema.table('sources', {
  name: text('name').primaryKey(),
  list: text('list').notNull().default('classify'),
  baseUrl: text('base_url').notNull(),
  projectId: text('project_id'),
  organizationId: text('organization_id'),
  configurationId: text('configuration_id'),
  coveredFrom: instant('covered_from'),
  watermark: instant('watermark'),
  headFrom: instant('head_from'),
  headUntil: instant('head_until'),
  headReadAt: instant('head_read_at'),
  leaseOwner: text('lease_owner'),
  lastOwner: text('last_owner'),
  leaseExpiresAt: instant('lease_expires_at'),
  fence: bigint('fence', { mode: 'number' }).notNull().default(0),
  settledUntil: instant('settled_until').notNull().default(sql`clock_timestamp()`),
  lastSuccessAt: instant('last_success_at'),
  darkSince: instant('dark_since'),
  probedAt: instant('probed_at'),
  reconcileEvery: doublePrecision('reconcile_every'),
  pageSize: integer('page_size'),
  formerNames: text('former_names').array().notNull().default(sql`'{}'`),
})

const source = () =>
  text('source')
    .notNull()
    .references(() => sources.name, { onDelete: 'cascade', onUpdate: 'cascade' })

/** A closed piece of created_at, and when it was last read completely. The spans of a source touch each other. */
export const spans = workerSchema.table(
  'spans',
  {
    source: source(),
    lower: instant('lower').notNull(),
    upper: instant('upper').notNull(),
    freshAt: instant('fresh_at').notNull(),
    readAt: instant('read_at'),
    items: integer('items'),
    empties: integer('empties').notNull().default(0),
    dueAt: instant('due_at'),
    beganAt: instant('began_at'),
    pageToken: text('page_token'),
    pages: integer('pages').notNull().default(0),
    received: integer('received').notNull().default(0),
    reason: text('reason'),
    tries: integer('tries').notNull().default(0),
    quarantinedAt: instant('quarantined_at'),
  },
  (table) => [
    primaryKey({ columns: [table.source, table.lower] }),
    index('spans_due').on(table.source, table.dueAt),
    // Since when every span was read.
    index('spans_read').on(table.source, table.readAt.asc().nullsFirst()),
    index('spans_quarantined').on(table.source).where(sql`reason is not null`),
  ],
)

/** Jobs to be asked for again by id. */
export const rechecks = workerSchema.table(
  'rechecks',
  {
    source: source(),
    jobId: text('job_id').notNull(),
    notedAt: instant('noted_at').notNull(),
    seenAt: instant('seen_at'),
    dueAt: instant('due_at').notNull(),
    missedAt: instant('missed_at'),
    missedAgainAt: instant('missed_again_at'),
    goneAt: instant('gone_at'),
    reason: text('reason'),
    tries: integer('tries').notNull().default(0),
    quarantinedAt: instant('quarantined_at'),
  },
  (table) => [
    primaryKey({ columns: [table.source, table.jobId] }),
    // Each cycle takes the due jobs of a source, the longest due first.
    index('rechecks_due').on(table.source, table.dueAt).where(sql`reason is null`),
    // Room in a request is filled with open jobs that are not due yet; and it counts them.
    index('rechecks_open').on(table.source, table.dueAt).where(sql`seen_at is not null and gone_at is null`),
    index('rechecks_held')
      .on(table.source, table.missedAt)
      .where(sql`missed_at is not null and gone_at is null`),
    // What was missed twice, by how far apart that was.
    index('rechecks_believable')
      .on(table.source, sql`(missed_again_at - missed_at)`)
      .where(sql`missed_again_at is not null and gone_at is null`),
    index('rechecks_quarantined').on(table.source, table.dueAt).where(sql`reason is not null`),
  ],
)

/** Finished jobs that are asked for their credits, one by one. */
export const creditChecks = workerSchema.table(
  'credit_checks',
  {
    source: source(),
    jobId: text('job_id').notNull(),
    dueAt: instant('due_at').notNull(),
    failures: integer('failures').notNull().default(0),
  },
  (table) => [
    primaryKey({ columns: [table.source, table.jobId] }),
    // Each cycle takes the due jobs of a source, the latest due first.
    index('credit_checks_due').on(table.source, table.dueAt),
  ],
)

/** The projects whose jobs a source has delivered, and some of those jobs: they must be stored, and the key must see them. */
export const sourceProjects = workerSchema.table(
  'source_projects',
  {
    source: source(),
    projectId: text('project_id').notNull(),
    canaries: text('canaries').array().notNull(),
  },
  (table) => [primaryKey({ columns: [table.source, table.projectId] })],
)

/** What is read beside the jobs, and when again. */
export const lookups = workerSchema.table(
  'lookups',
  {
    source: source(),
    lookup: text('lookup').notNull(),
    dueAt: instant('due_at').notNull(),
    reason: text('reason'),
    readUntil: instant('read_until'),
    readId: text('read_id'),
  },
  (table) => [primaryKey({ columns: [table.source, table.lookup] })],
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
    commits: integer('commits').notNull().default(0),
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
  (table) => [
    index('runs_by_source').on(table.source, table.startedAt),
    // One that was killed is found at the next.
    index('runs_running').on(table.source).where(sql`outcome = 'running'`),
  ],
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
  (table) => [
    unique('rejects_fingerprint').on(table.source, table.fingerprint),
    // Pruning keeps the newest.
    index('rejects_by_source').on(table.source, table.lastSeenAt),
  ],
)

/** What the views go by. No row until a worker's settings say it: one would be in the way of what an import or a replication brings. */
export const settings = workerSchema.table(
  'settings',
  {
    isOnly: boolean('is_only').primaryKey().default(true),
    reviewBelow: doublePrecision('review_below').notNull(),
  },
  () => [
    check('settings_one_row', sql`is_only`),
    // Zero would leave out jobs that matched no rule: for the index they count as a confidence of zero.
    check('settings_review_below', sql`review_below > 0 and review_below <= 1`),
  ],
)
