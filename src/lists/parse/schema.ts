import { changeComments, changesTable, jobComments, jobsTable } from '../tables.ts'
import { parse } from './list.ts'

export const parseJobs = jobsTable(parse)
export const parseJobChanges = changesTable(parse, parseJobs)

export const parseJobsComments = jobComments(parse)
export const parseJobChangesComments = changeComments(parse)
