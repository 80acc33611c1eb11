import type { BatchListResponse } from '@llamaindex/llama-cloud/resources/batches'
import { type FieldsOf, key, type List, moment, NOT_STORED } from '../list.ts'

export const batches = {
  name: 'batches',
  jobs: {
    table: 'batches',
    comment: 'Batches of LlamaCloud, one row a batch, kept equal to the API.',
  },
  changes: {
    table: 'batch_changes',
    comment: 'One row for each change of a batch that was observed after it was first stored.',
  },
  call: (client, query, options) => client.batches.list(query, options),
  byConfiguration: false,
  asksById: false,
  ends: ['COMPLETED', 'FAILED', 'CANCELLED'],
  fields: {
    id: key('id', 'Id of the batch, given by LlamaCloud.'),
    project_id: key('project_id', 'Project that the batch belongs to.'),
    status: key(
      'status',
      'PENDING, THROTTLED, RUNNING, COMPLETED, FAILED or CANCELLED; the API may add others.',
      { change: 'Status' },
    ),
    source_directory_id: key('source_directory_id', 'Directory whose files the batch goes through.'),
    config: {
      job: {
        type: key('job_type', 'What is done with each file: parse_v2 or extract_v2.'),
        configuration_id: key('configuration_id', 'Configuration that the jobs of the batch run with.'),
      },
    },
    results: NOT_STORED,
    created_at: moment('created_at', 'When the batch was created, by the clock of LlamaCloud.'),
    updated_at: moment('updated_at', 'When the batch last changed, by the clock of LlamaCloud.', {
      change: 'updated_at',
    }),
  } satisfies FieldsOf<BatchListResponse>,
} satisfies List
