import type { CommentsOf } from '../../store/columns.ts'
import {
  bigint,
  boolean,
  date,
  doublePrecision,
  index,
  integer,
  jsonb,
  primaryKey,
  sql,
  text,
} from '../../store/drizzle.cjs'
import { workerSchema } from '../../store/schema.ts'
import { dirtyDaysTable } from '../costs.ts'
import { changeComments, changesTable, jobColumns, jobComments, moment, peopleSchema } from '../tables.ts'
import { classify } from './list.ts'

export const classifyConfigurations = peopleSchema.table('classify_configurations', {
  hash: text('hash').primaryKey(),
  mode: text('mode'),
  lang: text('lang'),
  maxPages: integer('max_pages'),
  targetPages: text('target_pages'),
  ruleCount: integer('rule_count'),
  document: jsonb('document').notNull(),
  firstSeenAt: moment('first_seen_at').notNull(),
})

export const classifyRules = peopleSchema.table(
  'classify_rules',
  {
    configurationHash: text('configuration_hash')
      .notNull()
      .references(() => classifyConfigurations.hash),
    position: integer('position').notNull(),
    type: text('type'),
    description: text('description'),
  },
  (table) => [primaryKey({ columns: [table.configurationHash, table.position] })],
)

/** What the review threshold is compared with: who matched no rule is below any. */
const DOUBT = sql`case when result_type is null then 0 else result_confidence end`

export const classifyJobs = peopleSchema.table(
  classify.jobs.table,
  {
    ...jobColumns(classify),
    configurationId: text('configuration_id'),
    configurationHash: text('configuration_hash').references(() => classifyConfigurations.hash),
  },
  (table) => [
    // People ask by time; created_at never changes, so this index does not stand in the way of cheap (HOT) updates.
    index('classify_jobs_created_at').on(table.createdAt),
    // I14: what the worker asks for, jobs of some projects that exist upstream and were created in a span. A busy project
    // costs a quiet one nothing, and what is gone costs nothing.
    index('classify_jobs_of_project')
      .on(table.projectId, table.createdAt)
      .where(sql`deleted_at is null`)
      .concurrently(),
    index('classify_jobs_of_configuration')
      .on(table.configurationId, table.createdAt)
      .where(sql`deleted_at is null and configuration_id is not null`)
      .concurrently(),
    index('classify_jobs_of_no_project')
      .on(table.source, table.createdAt)
      .where(sql`deleted_at is null and nullif(project_id, '') is null`)
      .concurrently(),
    // Jobs that are gone follow their source when it is renamed, as the others do.
    index('classify_jobs_gone')
      .on(table.source, table.createdAt)
      .where(sql`deleted_at is not null`)
      .concurrently(),
    // classify_daily is asked for some days of all: the same expression as its column `day`, or it is not used.
    index('classify_jobs_created_day').on(sql`((${table.createdAt} at time zone 'UTC')::date)`),
    // For people who ask which jobs failed. Only those are in it, so the others cost it nothing but that a change of status
    // is no longer a HOT update.
    index('classify_jobs_failed').on(table.createdAt).where(sql`status = 'FAILED'`),
    // Readers take what changed since they last did. A page has one synced_at, so it takes some 7 bytes a job.
    index('classify_jobs_synced_at').on(table.syncedAt),
    // classify_review_queue, in its order, at any threshold: the expression is the view's own, or it is not used. What the
    // threshold leaves out is passed over in the index, without a look at its row.
    index('classify_jobs_to_review')
      .on(table.createdAt.desc().nullsLast(), sql`(${DOUBT})`)
      .where(sql`upper(status collate "C") = 'COMPLETED' and deleted_at is null`)
      .concurrently(),
  ],
)

export const classifyJobChanges = changesTable(classify, classifyJobs)

export const classifyJobsComments = jobComments(classify)
export const classifyJobChangesComments = changeComments(classify)

const count = (name: string) => bigint(name, { mode: 'number' }).notNull()

/** What a day's sums are told apart by. */
const keys = {
  source: text('source').notNull(),
  projectId: text('project_id'),
  configurationId: text('configuration_id'),
  configurationHash: text('configuration_hash'),
}

/** The sums of the days that no longer change, as the view classify_sums makes them. */
export const classifySettledSums = workerSchema.table(
  'classify_settled_sums',
  {
    day: date('day').notNull(),
    ...keys,
    outcome: text('outcome').notNull(),
    resultType: text('result_type'),
    jobs: count('jobs'),
    lowConfidenceJobs: count('low_confidence_jobs'),
    confidenceJobs: count('confidence_jobs'),
    confidenceSum: doublePrecision('confidence_sum'),
    durationJobs: count('duration_jobs'),
    durationSum: doublePrecision('duration_sum'),
    firstJobAt: moment('first_job_at'),
    lastJobAt: moment('last_job_at'),
    credits: doublePrecision('credits'),
    parseCredits: doublePrecision('parse_credits'),
    unbilledJobs: count('unbilled_jobs').default(0),
  },
  (table) => [index('classify_settled_sums_day').on(table.day)],
)

/** What percentiles of any period are made from. */
export const classifySettledSpreads = workerSchema.table(
  'classify_settled_spreads',
  {
    day: date('day').notNull(),
    source: keys.source,
    projectId: keys.projectId,
    allConfigurations: boolean('all_configurations').notNull(),
    configurationId: keys.configurationId,
    configurationHash: keys.configurationHash,
    outcome: text('outcome').notNull(),
    resultType: text('result_type'),
    confidenceHistogram: integer('confidence_histogram').array().notNull(),
    durationHistogram: integer('duration_histogram').array().notNull(),
  },
  // Nobody needs those of single configurations and those of all at once.
  (table) => [index('classify_settled_spreads_day').on(table.allConfigurations, table.day)],
)

/** The same for what cannot be added up: the rows of classify_daily. */
export const classifySettledDays = workerSchema.table(
  'classify_settled_days',
  {
    day: date('day').notNull(),
    projectId: text('project_id'),
    outcome: text('outcome').notNull(),
    resultType: text('result_type'),
    jobs: count('jobs'),
    confidenceMean: doublePrecision('confidence_mean'),
    confidenceP10: doublePrecision('confidence_p10'),
    confidenceP50: doublePrecision('confidence_p50'),
    durationMeanSeconds: doublePrecision('duration_mean_seconds'),
    durationP50Seconds: doublePrecision('duration_p50_seconds'),
    durationP95Seconds: doublePrecision('duration_p95_seconds'),
  },
  (table) => [index('classify_settled_days_day').on(table.day)],
)

/** And for the causes of failures. */
export const classifySettledErrors = workerSchema.table(
  'classify_settled_errors',
  {
    day: date('day').notNull(),
    ...keys,
    error: text('error'),
    jobs: count('jobs'),
    firstJobAt: moment('first_job_at'),
    lastJobAt: moment('last_job_at'),
    exampleJobId: text('example_job_id'),
  },
  (table) => [index('classify_settled_errors_day').on(table.day)],
)

export const classifyDirtyDays = dirtyDaysTable(classify.name)

export const classifyConfigurationsComments: CommentsOf<typeof classifyConfigurations> = {
  table: 'Distinct configurations of jobs. Thousands of jobs share one.',
  columns: {
    hash: 'SHA-256 of the configuration as canonical JSON.',
    mode: 'Execution mode, such as FAST.',
    lang: 'Language of the documents, as an ISO 639-1 code.',
    maxPages: 'Maximum number of pages read per document. Null means all.',
    targetPages: 'Pages read per document, such as 1,3,5-7. Null means all.',
    ruleCount: 'Number of rules in the configuration.',
    document: 'Whole configuration as received.',
    firstSeenAt: 'When the configuration was first stored in this database.',
  },
}

export const classifyRulesComments: CommentsOf<typeof classifyRules> = {
  table: 'Rules of each configuration.',
  columns: {
    configurationHash: 'Configuration that the rule belongs to.',
    position: 'Position of the rule in its configuration, from 0.',
    type: 'Document type that the rule assigns.',
    description: 'Description of the documents that the rule matches.',
  },
}
