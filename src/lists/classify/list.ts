import type { ClassifyListResponse } from '@llamaindex/llama-cloud/resources/classify'
import { type FieldsOf, key, type List, moment, number, share, shared, text } from '../list.ts'
import { configurations } from './configurations.ts'
import { CLASSIFY_SUMS } from './sums.ts'

/** The official client does not know it yet. Lists leave it out: it comes where a job is asked for with `expand=usage`. */
interface WithUsage {
  readonly usage?: { readonly credits?: number | null; readonly parse_credits?: number | null } | null
}

export const classify = {
  name: 'classify',
  jobs: {
    table: 'classify_jobs',
    comment: 'LlamaCloud classify jobs, one row per job, kept in step with the API.',
  },
  changes: {
    table: 'classify_job_changes',
    comment: 'Observed changes of classify jobs, one row per change. The first state is not a change.',
  },
  call: (client, query, options) => client.classify.list(query, options),
  byConfiguration: true,
  asksById: true,
  ends: ['COMPLETED', 'FAILED', 'CANCELLED'],
  awaits: 'credits',
  // The client's type does not know `expand` yet.
  callAlone: (client, id, query, options) =>
    client.classify.get(id, {}, { ...options, query: { ...query, expand: 'usage' } }),
  fields: {
    id: key('id', 'Id of the job, given by LlamaCloud.'),
    project_id: key('project_id', 'Project that the job belongs to.'),
    user_id: key('user_id', 'User who created the job.', { erase: true }),
    status: key('status', 'PENDING, RUNNING, COMPLETED, FAILED or CANCELLED; the API may add others.', {
      change: 'Status',
    }),
    document_input_type: key('document_input_type', 'Kind of file_input: url, file_id or parse_job_id.'),
    file_input: text(
      'file_input',
      'Document that was classified: a URL, the id of a file (dfl-…) or of a parse job (pjb-…).',
      { erase: true },
    ),
    parse_job_id: key('parse_job_id', 'Parse job that produced the document, if any.'),
    transaction_id: key('transaction_id', 'Idempotency key of the job, if any.', {
      erase: true,
    }),
    configuration_id: key('configuration_id', 'Saved configuration of the job, if any.'),
    configuration: shared(
      'configuration_hash',
      'Hash of the rules and options of the job: see classify_configurations.',
    ),
    error_message: text('error_message', 'Why the job failed.', { erase: true }),
    result: {
      type: key(
        'result_type',
        'Document type of the rule that matched. Null when none matched or there is no result.',
        { change: 'Result type' },
      ),
      confidence: share('result_confidence', 'Confidence of the result, 0 to 1.', { change: 'Confidence' }),
      reasoning: text('result_reasoning', 'Explanation of why the document matched, or did not.', {
        erase: true,
      }),
    },
    usage: {
      credits: number('credits', 'Credits billed for the job, parsing included. Null until they are known.', {
        late: true,
      }),
      parse_credits: number(
        'parse_credits',
        'Of these, credits for parsing the document. 0 where it was given as a parse job.',
        { late: true },
      ),
    },
    created_at: moment('created_at', 'When the job was created, by the clock of LlamaCloud.'),
    updated_at: moment('updated_at', 'When the job last changed, by the clock of LlamaCloud.', {
      change: 'updated_at',
    }),
  } satisfies FieldsOf<ClassifyListResponse & WithUsage>,
  shared: configurations,
  sums: CLASSIFY_SUMS,
} satisfies List
