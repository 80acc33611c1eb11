import { text } from '../../store/drizzle.cjs'
import {
  costsComments,
  dirtyDaysComments,
  dirtyDaysTable,
  settledCostsComments,
  settledCostsTable,
} from '../costs.ts'
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

export const extractSettledCosts = settledCostsTable(extract.name)
export const extractDirtyDays = dirtyDaysTable(extract.name)

export const extractCostsComments = costsComments(extract.name)
export const extractSettledCostsComments = settledCostsComments(extract.name)
export const extractDirtyDaysComments = dirtyDaysComments(extract.name)
