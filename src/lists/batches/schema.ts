import { changeComments, changesTable, jobComments, jobsTable } from '../tables.ts'
import { batches as list } from './list.ts'

export const batches = jobsTable(list)
export const batchChanges = changesTable(list, batches)

export const batchesComments = jobComments(list)
export const batchChangesComments = changeComments(list)
