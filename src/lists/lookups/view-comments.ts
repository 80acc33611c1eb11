import type { ViewComments } from '../../store/columns.ts'
import { fieldsIn } from '../columns.ts'
import { extract } from '../extract/list.ts'
import type { List } from '../list.ts'
import { parse } from '../parse/list.ts'
import { split } from '../split/list.ts'

const PROJECT_NAME = { project_name: 'Name of the project. Null where it is not known.' }
const NAMES = {
  ...PROJECT_NAME,
  configuration_name: 'Name of the saved configuration. Null where there is none, or it is not known.',
}
/** What the views of single jobs have beside the columns of the jobs. */
export const JOB_NAMES = {
  ...NAMES,
  file_name: 'Name of the file. Null unless SYNC_LOOKUPS has files.',
}
export const PARSE_TIER = {
  parse_tier: 'Tier that the document was parsed in. Null unless the list parse is synced.',
}

const REST = {
  source: 'The source that first delivered the job, as named by SYNC_SOURCE.',
  first_seen_at: 'When the job was first stored here.',
  synced_at: 'When the stored content last changed here.',
  deleted_at: 'When the job was found to be deleted upstream. Null while it exists there.',
  created_day: 'Day of created_at in UTC. Null when created_at is.',
  duration_seconds:
    'Seconds from created_at to updated_at of a completed, failed or cancelled job. Null while it is open.',
  is_deleted: 'Whether the job was found to be deleted upstream.',
}

const detailsOf = (list: List, names: Readonly<Record<string, string>>): ViewComments => ({
  view: `${list.name}_job_details`,
  comment:
    'One row a job, with its duration and the names of what it refers to. A job that is gone upstream stays, as what it was.',
  columns: {
    ...Object.fromEntries(fieldsIn(list.fields).map(({ column, comment }) => [column, comment])),
    ...REST,
    ...names,
  },
})

export const parseJobDetailsComments = detailsOf(parse, PROJECT_NAME)
export const extractJobDetailsComments = detailsOf(extract, JOB_NAMES)
export const splitJobDetailsComments = detailsOf(split, { ...JOB_NAMES, ...PARSE_TIER })

export const jobCostsComments: ViewComments = {
  view: 'job_costs',
  comment:
    'Jobs and credits by UTC day, list, project and configuration, also of jobs that are gone upstream. A parse job ' +
    'behind others is counted with the list parse and in their parse_credits: leave one of the two out of a sum over lists.',
  columns: {
    ...NAMES,
    day: 'Day of creation in UTC. Null for jobs without created_at.',
    list: 'classify, parse or extract: of the other lists the API tells no credits.',
    project_id: 'Project that the jobs belong to.',
    configuration_id: 'Saved configuration that the jobs were created with, if any.',
    jobs: 'How many jobs.',
    credits: 'Credits billed for them so far, parsing included. Null while none is known.',
    parse_credits: 'Of these, credits for parsing.',
    unbilled_jobs: 'Completed jobs whose credits are not known yet: what their credits lack.',
  },
}

export const classifyTypeCostsComments: ViewComments = {
  view: 'classify_type_costs',
  comment:
    'What classify jobs cost by UTC day, project, configuration and type, also those that are gone upstream. Credits are ' +
    'known with SYNC_CREDITS=true, and those of parse jobs that were given where the list parse is synced. A parse job ' +
    'that several jobs were given counts for each of them.',
  columns: {
    ...NAMES,
    day: 'Day of creation in UTC. Null for jobs without created_at.',
    project_id: 'Project that the jobs belong to.',
    configuration_id: 'Saved configuration that the jobs were created with, if any.',
    result_type: 'Document type. Null where no rule matched or there is no result.',
    result_label:
      'The type of a matched job, or else unmatched, failed, cancelled or open: never null. A type may itself be called ' +
      'unmatched: the result_type of jobs that matched no rule is null.',
    jobs: 'How many jobs.',
    billed_jobs: 'How many of them have credits that are known.',
    unbilled_jobs: 'Completed jobs whose credits are not known yet: what the credits lack.',
    credits: 'Credits billed for the jobs, with the parsing that was part of them. Null while none is known.',
    parse_credits:
      'Credits for parsing the documents of billed jobs: part of credits, or of the parse job that was given.',
    total_credits: 'credits, and those of the parse jobs that were given.',
    credits_per_job: 'total_credits / billed_jobs: what one job costs on average, parsing included.',
  },
}
