import type { ViewComments } from '../store/columns.ts'
import { bigint, date, doublePrecision, index, sql, text } from '../store/drizzle.cjs'
import { workerSchema } from '../store/schema.ts'
import { moment } from './tables.ts'

/** What the jobs of each day cost, of a list with `costSums`. */
export const settledCostsTable = (list: string) =>
  workerSchema.table(
    `${list}_settled_costs`,
    {
      day: date('day').notNull(),
      projectId: text('project_id'),
      configurationId: text('configuration_id'),
      jobs: bigint('jobs', { mode: 'number' }).notNull(),
      credits: doublePrecision('credits'),
      parseCredits: doublePrecision('parse_credits'),
      unbilledJobs: bigint('unbilled_jobs', { mode: 'number' }).notNull(),
    },
    (table) => [index(`${list}_settled_costs_day`).on(table.day)],
  )

/** Days of which the sums do not hold: one row for each statement that touched a job of the day. */
export const dirtyDaysTable = (list: string) =>
  workerSchema.table(
    `${list}_dirty_days`,
    {
      day: date('day').notNull(),
      markedAt: moment('marked_at').notNull().default(sql`clock_timestamp()`),
    },
    (table) => [index(`${list}_dirty_days_day`).on(table.day)],
  )

const COSTS = {
  day: 'Day of creation, in UTC. Null for jobs without created_at.',
  project_id: 'Project of the jobs.',
  configuration_id: 'Saved configuration of the jobs, if any.',
  jobs: 'Number of jobs.',
  credits: 'Credits billed for the jobs so far, parsing included. Null while none is known.',
  parse_credits: 'Of these, credits for parsing.',
  unbilled_jobs: 'Completed jobs whose credits are not known yet.',
}

const inside = { schema: 'llamacloud_sync' }
const table = { ...inside, kind: 'TABLE' } as const

export const costsComments = (list: string): ViewComments => ({
  ...inside,
  view: `${list}_costs`,
  comment: `The rows of job_costs for ${list} jobs, computed from the jobs. Query one day at a time.`,
  columns: COSTS,
})

export const settledCostsComments = (list: string): ViewComments => ({
  ...table,
  view: `${list}_settled_costs`,
  comment: `Stored rows of ${list}_costs, for days that no longer change.`,
  columns: COSTS,
})

export const dirtyDaysComments = (list: string): ViewComments => ({
  ...table,
  view: `${list}_dirty_days`,
  comment:
    'Days with jobs written since the day was summed, one row per statement. For these days the views read the jobs instead.',
  columns: { day: 'The day, in UTC.', marked_at: 'When it was marked, by the clock of this database.' },
})
