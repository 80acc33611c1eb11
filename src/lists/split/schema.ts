import { changeComments, changesTable, jobComments, jobsTable } from '../tables.ts'
import { split } from './list.ts'

export const splitJobs = jobsTable(split)
export const splitJobChanges = changesTable(split, splitJobs)

export const splitJobsComments = jobComments(split)
export const splitJobChangesComments = changeComments(split)
