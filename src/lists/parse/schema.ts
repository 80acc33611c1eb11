import {
  costsComments,
  dirtyDaysComments,
  dirtyDaysTable,
  settledCostsComments,
  settledCostsTable,
} from '../costs.ts'
import { changeComments, changesTable, jobComments, jobsTable } from '../tables.ts'
import { parse } from './list.ts'

export const parseJobs = jobsTable(parse)
export const parseJobChanges = changesTable(parse, parseJobs)

export const parseJobsComments = jobComments(parse)
export const parseJobChangesComments = changeComments(parse)

export const parseSettledCosts = settledCostsTable(parse.name)
export const parseDirtyDays = dirtyDaysTable(parse.name)

export const parseCostsComments = costsComments(parse.name)
export const parseSettledCostsComments = settledCostsComments(parse.name)
export const parseDirtyDaysComments = dirtyDaysComments(parse.name)
