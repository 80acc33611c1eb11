import { text } from '../../store/drizzle.cjs'
import {
  changeComments,
  changesTable,
  jobComments,
  jobsTable,
  sharedDocumentsComments,
  sharedDocumentsTable,
} from '../tables.ts'
import { extract } from './list.ts'

export const extractConfigurations = sharedDocumentsTable('extract_configurations')
export const extractJobs = jobsTable(extract, {
  configurationHash: text('configuration_hash').references(() => extractConfigurations.hash),
})
export const extractJobChanges = changesTable(extract, extractJobs)

export const extractConfigurationsComments = sharedDocumentsComments(
  'Distinct configurations of extract jobs. Thousands of jobs share one.',
)
export const extractJobsComments = jobComments(extract)
export const extractJobChangesComments = changeComments(extract)
