import type { TableComments } from '../../store/columns.ts'
import type { classifyConfigurations, classifyJobChanges, classifyJobs, classifyRules } from './schema.ts'

type CommentsOf<T extends { _: { columns: object } }> = TableComments<keyof T['_']['columns'] & string>

export const classifyJobsComments: CommentsOf<typeof classifyJobs> = {
  table: 'Classify jobs of LlamaCloud, one row a job, kept equal to the API.',
  columns: {
    id: 'Id of the job, given by LlamaCloud.',
    source: 'The source that first delivered the job, as named by SYNC_SOURCE.',
    projectId: 'Project that the job belongs to.',
    userId: 'User who created the job.',
    status: 'PENDING, RUNNING, COMPLETED, FAILED or CANCELLED; the API may add others.',
    documentInputType: 'What file_input names: url, file_id or parse_job_id.',
    fileInput: 'The classified document: a URL, the id of a file (dfl-…) or of a parse job (pjb-…).',
    parseJobId: 'Parse job that the document came from, if any.',
    transactionId: 'Idempotency key that the job was created with, if any.',
    configurationId: 'Saved configuration that the job was created with, if any.',
    configurationHash: 'The rules and options that the job ran with: see classify_configurations.',
    errorMessage: 'Why the job failed.',
    resultType: 'Document type of the rule that matched. Null when none matched or there is no result.',
    resultConfidence: 'Confidence of the result, 0 to 1.',
    resultReasoning: 'Why the document matched, or did not match, in words.',
    createdAt: 'When the job was created, by the clock of LlamaCloud.',
    updatedAt: 'When the job last changed, by the clock of LlamaCloud.',
    extra: 'Whatever of the payload fits no column, at its path in the payload. Null when everything fits.',
    firstSeenAt: 'When the job was first stored here.',
    syncedAt: 'When the stored content last changed here.',
    deletedAt: 'When the job was found to be deleted upstream. Null while it exists there.',
  },
}

export const classifyConfigurationsComments: CommentsOf<typeof classifyConfigurations> = {
  table: 'Distinct configurations that jobs ran with. Thousands of jobs share one.',
  columns: {
    hash: 'SHA-256 of the configuration as canonical JSON.',
    mode: 'Execution mode, such as FAST.',
    lang: 'Language that documents are read in, as an ISO 639-1 code.',
    maxPages: 'How many pages of a document are read at most. Null for all.',
    targetPages: 'Which pages of a document are read, such as 1,3,5-7. Null for all.',
    ruleCount: 'How many rules it has.',
    document: 'The whole configuration as received.',
    firstSeenAt: 'When the configuration was first stored here.',
  },
}

export const classifyRulesComments: CommentsOf<typeof classifyRules> = {
  table: 'The rules of each configuration.',
  columns: {
    configurationHash: 'The configuration that the rule is part of.',
    position: 'Place of the rule in its configuration, from 0.',
    type: 'Document type that is given when the rule matches.',
    description: 'What a document must be for the rule to match, in words.',
  },
}

export const classifyJobChangesComments: CommentsOf<typeof classifyJobChanges> = {
  table: 'One row for each change of a job that was observed after it was first stored.',
  columns: {
    id: 'Number of the change. For those that are new go by observed_at, as told at sync_freshness.settled_until.',
    jobId: 'The job that changed.',
    observedAt: 'When the change was observed. It happened at some moment since the observation before.',
    fromStatus: 'Status before.',
    toStatus: 'Status after.',
    fromResultType: 'Result type before.',
    toResultType: 'Result type after.',
    fromUpdatedAt: 'updated_at before.',
    toUpdatedAt: 'updated_at after.',
    event: 'changed, deleted (found to be gone upstream) or returned (shown again after that).',
    fromResultConfidence: 'Confidence before.',
    toResultConfidence: 'Confidence after.',
  },
}
