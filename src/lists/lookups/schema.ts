import type { CommentsOf } from '../../store/columns.ts'
import { date, doublePrecision, index, text } from '../../store/drizzle.cjs'
import { moment, peopleSchema } from '../tables.ts'

const syncedAt = () => moment('synced_at').notNull()
const SYNCED_AT = 'When the row last changed here.'

export const projects = peopleSchema.table('projects', {
  id: text('id').primaryKey(),
  name: text('name'),
  organizationId: text('organization_id'),
  syncedAt: syncedAt(),
})

export const savedConfigurations = peopleSchema.table('saved_configurations', {
  id: text('id').primaryKey(),
  name: text('name'),
  version: text('version'),
  productType: text('product_type'),
  syncedAt: syncedAt(),
})

export const files = peopleSchema.table('files', {
  id: text('id').primaryKey(),
  name: text('name'),
  fileType: text('file_type'),
  syncedAt: syncedAt(),
})

export const usageMetrics = peopleSchema.table(
  'usage_metrics',
  {
    id: text('id').primaryKey(),
    organizationId: text('organization_id'),
    projectId: text('project_id'),
    day: date('day'),
    eventType: text('event_type'),
    eventAggregationType: text('event_aggregation_type'),
    eventAggregationKey: text('event_aggregation_key'),
    value: doublePrecision('value'),
    credits: doublePrecision('credits'),
    syncedAt: syncedAt(),
  },
  ({ day, eventAggregationKey }) => [
    index('usage_metrics_day').on(day),
    // Of a hash, since the API may send a key that no other index holds.
    index('usage_metrics_key').using('hash', eventAggregationKey),
  ],
)

export const projectsComments: CommentsOf<typeof projects> = {
  table: 'The projects that the API key sees, by id. One that is deleted upstream keeps its row.',
  columns: {
    id: 'Id of the project, as jobs carry it.',
    name: 'Name of the project.',
    organizationId: 'Organization that the project belongs to.',
    syncedAt: SYNCED_AT,
  },
}

export const savedConfigurationsComments: CommentsOf<typeof savedConfigurations> = {
  table: 'Saved configurations by id, without what they say. One that is deleted upstream keeps its row.',
  columns: {
    id: 'Id of the configuration, as configuration_id of a job.',
    name: 'Name of the configuration.',
    version: 'Version of the configuration.',
    productType: 'What it configures, such as classify_v2 or extract_v2.',
    syncedAt: SYNCED_AT,
  },
}

export const filesComments: CommentsOf<typeof files> = {
  table: 'Names of the files that jobs were created for. Empty unless SYNC_LOOKUPS has files.',
  columns: {
    id: 'Id of the file, dfl-…, as file_input of a job.',
    name: 'Name of the file.',
    fileType: 'Type of the file, such as pdf.',
    syncedAt: SYNCED_AT,
  },
}

export const usageMetricsComments: CommentsOf<typeof usageMetrics> = {
  table:
    'Usage of the organization as it is billed, by day and job. Empty unless SYNC_LOOKUPS has usage and LLAMA_CLOUD_ORGANIZATION_ID is set. The latest days may still change.',
  columns: {
    id: 'Id of the metric, given by LlamaCloud.',
    organizationId: 'Organization that is billed.',
    projectId: 'Project that it was used in.',
    day: 'Day of the usage in UTC.',
    eventType: 'What was used, such as pages_parsed or pages_classified.',
    eventAggregationType: 'Kind of what it was used for, such as pdf.',
    eventAggregationKey: 'What it was used for: the id of a job or of a file.',
    value: 'How much was used, in the unit of event_type.',
    credits: 'Credits billed for it. Null while none are known.',
    syncedAt: SYNCED_AT,
  },
}
