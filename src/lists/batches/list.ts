import type { BatchListResponse } from '@llamaindex/llama-cloud/resources/batches'
import { type FieldsOf, key, type List, moment, NOT_STORED } from '../list.ts'

export const batches = {
  name: 'batches',
  jobs: {
    table: 'batches',
    comment: 'LlamaCloud batches, one row per batch, kept in step with the API.',
  },
  changes: {
    table: 'batch_changes',
    comment: 'Observed changes of batches, one row per change. The first state is not a change.',
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
    source_directory_id: key('source_directory_id', 'Directory whose files the batch processes.'),
    config: {
      job: {
        type: key('job_type', 'Job run on each file: parse_v2 or extract_v2.'),
        configuration_id: key('configuration_id', 'Configuration of the jobs of the batch.'),
      },
    },
    results: NOT_STORED,
    created_at: moment('created_at', 'When the batch was created, by the clock of LlamaCloud.'),
    updated_at: moment('updated_at', 'When the batch last changed, by the clock of LlamaCloud.', {
      change: 'updated_at',
    }),
  } satisfies FieldsOf<BatchListResponse>,
} satisfies List
