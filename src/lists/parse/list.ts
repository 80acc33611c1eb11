import type { ParsingListResponse } from '@llamaindex/llama-cloud/resources/parsing'
import { costSums } from '../cost-sums.ts'
import { type FieldsOf, json, key, type List, moment, number, text } from '../list.ts'

export const parse = {
  name: 'parse',
  jobs: {
    table: 'parse_jobs',
    comment: 'LlamaCloud parse jobs, one row per job, kept in step with the API.',
  },
  changes: {
    table: 'parse_job_changes',
    comment: 'Observed changes of parse jobs, one row per change. The first state is not a change.',
  },
  call: (client, query, options) => client.parsing.list(query, options),
  byConfiguration: false,
  asksById: true,
  ends: ['COMPLETED', 'FAILED', 'CANCELLED'],
  awaits: 'credits',
  fields: {
    id: key('id', 'Id of the job, given by LlamaCloud.'),
    project_id: key('project_id', 'Project that the job belongs to.'),
    status: key('status', 'PENDING, RUNNING, COMPLETED, FAILED or CANCELLED; the API may add others.', {
      change: 'Status',
    }),
    name: text('name', 'Name of the job, if any.', { erase: true }),
    tier: key('tier', 'Tier that the document was parsed with, such as fast or agentic.'),
    user_metadata: json('user_metadata', 'Keys and values that the user gave the job, if any.', {
      erase: true,
    }),
    error_message: text('error_message', 'Why the job failed.', { erase: true }),
    usage: {
      credits: number('credits', 'Credits billed for the job. Null until billing has recorded them.', {
        late: true,
      }),
    },
    created_at: moment('created_at', 'When the job was created, by the clock of LlamaCloud.'),
    updated_at: moment('updated_at', 'When the job last changed, by the clock of LlamaCloud.', {
      change: 'updated_at',
    }),
  } satisfies FieldsOf<ParsingListResponse>,
  sums: costSums('parse'),
} satisfies List
