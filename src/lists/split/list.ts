import type { SplitListResponse } from '@llamaindex/llama-cloud/resources/split'
import { type FieldsOf, json, key, type List, moment, text } from '../list.ts'

export const split = {
  name: 'split',
  jobs: {
    table: 'split_jobs',
    comment: 'LlamaCloud split jobs, one row per job, kept in step with the API.',
  },
  changes: {
    table: 'split_job_changes',
    comment: 'Observed changes of split jobs, one row per change. The first state is not a change.',
  },
  call: (client, query, options) => client.split.list(query, options),
  byConfiguration: false,
  asksById: true,
  ends: ['COMPLETED', 'FAILED', 'CANCELLED'],
  fields: {
    id: key('id', 'Id of the job, given by LlamaCloud.'),
    project_id: key('project_id', 'Project that the job belongs to.'),
    user_id: key('user_id', 'User who created the job.', { erase: true }),
    status: key('status', 'pending, processing, completed, failed or cancelled; the API may add others.', {
      change: 'Status',
    }),
    document_input_type: key('document_input_type', 'Kind of file_input: url, file_id or parse_job_id.'),
    file_input: text(
      'file_input',
      'Document that was split: a URL, the id of a file (dfl-…) or of a parse job (pjb-…).',
      { erase: true },
    ),
    transaction_id: key('transaction_id', 'Idempotency key of the job, if any.', {
      erase: true,
    }),
    configuration_id: key('configuration_id', 'Saved configuration of the job, if any.'),
    categories: json('categories', 'Categories that pages can be assigned to, each {name, description}.'),
    splitting_strategy: json('splitting_strategy', 'How to split the document.'),
    error_message: text('error_message', 'Why the job failed.', { erase: true }),
    result: {
      segments: json('segments', 'Parts that were found, each {category, confidence_category, pages}.', {
        erase: true,
      }),
    },
    created_at: moment('created_at', 'When the job was created, by the clock of LlamaCloud.'),
    updated_at: moment('updated_at', 'When the job last changed, by the clock of LlamaCloud.', {
      change: 'updated_at',
    }),
  } satisfies FieldsOf<SplitListResponse>,
} satisfies List
