import type { TableComments } from '../../store/columns.ts'
import { index, integer, jsonb, primaryKey, sql, text } from '../../store/drizzle.cjs'
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

export const classifyJobs = peopleSchema.table(
  classify.jobs.table,
  {
    ...jobColumns(classify),
    configurationHash: text('configuration_hash').references(() => classifyConfigurations.hash),
  },
  (table) => [
    // People ask by time; created_at never changes, so this index does not stand in the way of cheap (HOT) updates.
    index('classify_jobs_created_at').on(table.createdAt),
    // classify_daily is asked for some days of all: the same expression as its column `day`, or it is not used.
    index('classify_jobs_created_day').on(sql`((${table.createdAt} at time zone 'UTC')::date)`),
    // classify_failures reads the few jobs that failed. Only those are in it, so the others cost it nothing but that a
    // change of status is no longer a HOT update.
    index('classify_jobs_failed').on(table.createdAt).where(sql`status = 'FAILED'`),
    // classify_review_queue, in its order. The predicate is the view's own, or it is not used.
    index('classify_jobs_review_queue')
      .on(table.createdAt.desc().nullsLast())
      .where(
        sql`status = 'COMPLETED' and deleted_at is null and (result_type is null or result_confidence < 0.7)`,
      ),
  ],
)

export const classifyJobChanges = changesTable(classify, classifyJobs)

export const classifyJobsComments = jobComments(classify)
export const classifyJobChangesComments = changeComments(classify)

type CommentsOf<T extends { _: { columns: object } }> = TableComments<keyof T['_']['columns'] & string>

export const classifyConfigurationsComments: CommentsOf<typeof classifyConfigurations> = {
  table: 'Distinct configurations that jobs ran with. Thousands of jobs share one.',
  columns: {
    hash: 'SHA-256 of the configuration as canonical JSON.',
    mode: 'Execution mode, such as FAST.',
    lang: 'Language that documents are read in, as an ISO 639-1 code.',
    maxPages: 'How many pages of a document are read at most. Null for all.',
    targetPages: 'Which pages of a document are read, such as 1,3,5-7. Null for all.',
    ruleCount: 'How many rules it has.',
    document: 'The whole configuration as received.',
    firstSeenAt: 'When the configuration was first stored here.',
  },
}

export const classifyRulesComments: CommentsOf<typeof classifyRules> = {
  table: 'The rules of each configuration.',
  columns: {
    configurationHash: 'The configuration that the rule is part of.',
    position: 'Place of the rule in its configuration, from 0.',
    type: 'Document type that is given when the rule matches.',
    description: 'What a document must be for the rule to match, in words.',
  },
}
