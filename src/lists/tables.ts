import type { TableComments } from '../store/columns.ts'
import { bigint, doublePrecision, index, jsonb, pgSchema, sql, text, timestamp } from '../store/drizzle.cjs'
import { camelCase, fieldsIn } from './columns.ts'
import type { Field, FieldType, List } from './list.ts'

/** The tables for people. Columns that the upstream owns carry no constraint: it may change them at will (A9). */
export const peopleSchema = pgSchema('llamacloud')

/** As text on both ways, so that microseconds survive and a year that JavaScript cannot name does no harm (A11). */
export const moment = (name: string) => timestamp(name, { withTimezone: true, mode: 'string' })

const BUILDERS = {
  text: (name: string) => text(name),
  key: (name: string) => text(name),
  moment,
  share: (name: string) => doublePrecision(name),
  number: (name: string) => doublePrecision(name),
  json: (name: string) => jsonb(name),
  shared: (name: string) => text(name),
} satisfies Readonly<Record<FieldType, unknown>>

type Builder = ReturnType<(typeof BUILDERS)[FieldType]>
type AnyColumn = ReturnType<Parameters<Builder['references']>[0]>

/** The columns of a list's jobs: what the upstream owns, and what the worker adds. */
export const jobColumns = (list: List) => ({
  id: text('id').primaryKey(),
  source: text('source').notNull(),
  ...columnsFor(fieldsIn(list.fields).filter(({ column }) => column !== 'id')),
  projectId: text('project_id'),
  createdAt: moment('created_at'),
  extra: jsonb('extra'),
  firstSeenAt: moment('first_seen_at').notNull(),
  syncedAt: moment('synced_at').notNull(),
  deletedAt: moment('deleted_at'),
})

/**
 * The table of a list's jobs, for lists that need nothing more.
 *
 * @param references columns that refer to other tables
 */
export function jobsTable(list: List, references: Record<string, Builder> = {}) {
  const { table } = list.jobs
  return peopleSchema.table(table, { ...jobColumns(list), ...references }, (columns) => [
    // People ask by time; created_at never changes, so this index does not stand in the way of cheap (HOT) updates.
    index(`${table}_created_at`).on(columns.createdAt),
    // Readers take what changed since they last did.
    index(`${table}_synced_at`).on(columns.syncedAt),
    // I14: what the worker asks for, as it does of classify's jobs.
    index(`${table}_of_project`).on(columns.projectId, columns.createdAt).where(sql`deleted_at is null`),
    index(`${table}_of_no_project`)
      .on(columns.source, columns.createdAt)
      .where(sql`deleted_at is null and nullif(project_id, '') is null`),
    index(`${table}_gone`).on(columns.source, columns.createdAt).where(sql`deleted_at is not null`),
    ...(list.byConfiguration
      ? [
          index(`${table}_of_configuration`)
            .on(sql`configuration_id`, columns.createdAt)
            .where(sql`deleted_at is null and configuration_id is not null`),
        ]
      : []),
    // What a day has cost.
    ...(list.awaits === undefined
      ? []
      : [
          index(`${table}_created_day`)
            .on(sql`((${columns.createdAt} at time zone 'UTC')::date)`)
            .concurrently(),
        ]),
  ])
}

/** The table of documents that jobs share, where nothing but the whole is stored. */
export const sharedDocumentsTable = (table: string) =>
  peopleSchema.table(table, {
    hash: text('hash').primaryKey(),
    document: jsonb('document').notNull(),
    firstSeenAt: moment('first_seen_at').notNull(),
  })

export const sharedDocumentsComments = (table: string): TableComments => ({
  table,
  columns: {
    hash: 'SHA-256 of the configuration as canonical JSON.',
    document: 'Whole configuration as received.',
    firstSeenAt: 'When the configuration was first stored in this database.',
  },
})

/** The table of changes: for each logged field what was before and what after. */
export function changesTable(list: List, jobs: { readonly id: AnyColumn }) {
  const { table } = list.changes
  const columns = {
    id: bigint('id', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    jobId: text('job_id')
      .notNull()
      .references(() => jobs.id),
    observedAt: moment('observed_at').notNull(),
    event: text('event').notNull().default('changed'),
    ...columnsFor(loggedFields(list), ['from_', 'to_']),
  }
  return peopleSchema.table(table, columns, ({ jobId, observedAt }) => [
    // The history of one job.
    index(`${table}_job_id`).on(jobId),
    // Readers take what was added since they last did.
    index(`${table}_observed_at`).on(observedAt),
  ])
}

function columnsFor(fields: readonly Field[], prefixes: readonly string[] = ['']): Record<string, Builder> {
  return Object.fromEntries(
    fields.flatMap(({ type, column }) =>
      prefixes.map((prefix) => {
        const name = `${prefix}${column}`
        return [camelCase(name), BUILDERS[type](name)]
      }),
    ),
  )
}

const loggedFields = (list: List) =>
  fieldsIn(list.fields).filter(({ options }) => options.change !== undefined)

export function jobComments(list: List): TableComments {
  const ofFields = fieldsIn(list.fields).map(({ column, comment }) => [camelCase(column), comment])
  return {
    table: list.jobs.comment,
    columns: {
      ...Object.fromEntries(ofFields),
      source: 'Source that first delivered the job (SYNC_SOURCE).',
      extra:
        'The rest of the payload: what has no column, at its path in the payload. Null if nothing is left.',
      firstSeenAt: 'When the job was first stored in this database.',
      syncedAt: 'When the stored row last changed in this database.',
      deletedAt: 'When the job was found to be deleted upstream. Null if it was not.',
    },
  }
}

export function changeComments(list: List): TableComments {
  const ofFields = loggedFields(list).flatMap(({ column, options }) => [
    [camelCase(`from_${column}`), `${options.change} before.`],
    [camelCase(`to_${column}`), `${options.change} after.`],
  ])
  return {
    table: list.changes.comment,
    columns: {
      id: 'Number of the change. For incremental loads use observed_at and sync_freshness.settled_until instead.',
      event: 'changed, deleted (found to be deleted upstream) or returned (found upstream again).',
      jobId: 'The job that changed.',
      observedAt: 'When the change was observed. It happened some time since the previous observation.',
      ...Object.fromEntries(ofFields),
    },
  }
}
