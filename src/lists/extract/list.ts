import type { ExtractV2Job } from '@llamaindex/llama-cloud/resources/extract'
import { costSums } from '../cost-sums.ts'
import { type FieldsOf, json, key, type List, moment, NOT_STORED, number, shared, text } from '../list.ts'
import { documentsIn } from '../shared.ts'

export const extract = {
  name: 'extract',
  jobs: {
    table: 'extract_jobs',
    comment:
      'LlamaCloud extract jobs, one row per job, kept in step with the API. What was extracted is not stored.',
  },
  changes: {
    table: 'extract_job_changes',
    comment: 'Observed changes of extract jobs, one row per change. The first state is not a change.',
  },
  // Without `expand`: results are neither asked for nor stored.
  call: (client, query, options) => client.extract.list(query, options),
  byConfiguration: true,
  asksById: true,
  ends: ['COMPLETED', 'FAILED', 'CANCELLED'],
  awaits: 'credits',
  fields: {
    id: key('id', 'Id of the job, given by LlamaCloud.'),
    project_id: key('project_id', 'Project that the job belongs to.'),
    status: key(
      'status',
      'PENDING, THROTTLED, RUNNING, COMPLETED, FAILED or CANCELLED; the API may add others.',
      { change: 'Status' },
    ),
    file_input: text(
      'file_input',
      'Document that was read: the id of a file (dfl-…) or of a parse job (pjb-…).',
      { erase: true },
    ),
    configuration_id: key('configuration_id', 'Saved configuration of the job, if any.'),
    configuration: shared(
      'configuration_hash',
      'Hash of the schema and options of the job: see extract_configurations.',
    ),
    extract_metadata: {
      parse_job_id: key('parse_job_id', 'Parse job that produced the document, if any.'),
      parse_tier: key('parse_tier', 'Tier that the document was parsed with.'),
      field_metadata: NOT_STORED,
    },
    extract_result: NOT_STORED,
    metadata: json('metadata', 'More about the job, such as its number of pages.'),
    error_message: text('error_message', 'Why the job failed.', { erase: true }),
    usage: {
      credits: number(
        'credits',
        'Credits billed for the job, parsing included. Null until billing has recorded them.',
        {
          late: true,
        },
      ),
      extract_credits: number('extract_credits', 'Credits billed for the extraction alone.', { late: true }),
      parse_credits: number(
        'parse_credits',
        'Credits billed for its parse job, which other jobs may share.',
        { late: true },
      ),
    },
    created_at: moment('created_at', 'When the job was created, by the clock of LlamaCloud.'),
    updated_at: moment('updated_at', 'When the job last changed, by the clock of LlamaCloud.', {
      change: 'updated_at',
    }),
  } satisfies FieldsOf<ExtractV2Job>,
  shared: documentsIn('llamacloud.extract_configurations', 'configuration'),
  sums: costSums('extract'),
} satisfies List
