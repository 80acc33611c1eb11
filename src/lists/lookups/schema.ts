import type { TableComments } from '../../store/columns.ts'
import { text } from '../../store/drizzle.cjs'
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

type CommentsOf<T extends { _: { columns: object } }> = TableComments<keyof T['_']['columns'] & string>

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
