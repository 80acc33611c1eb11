import type { Job } from './job.ts'

/** A column of `classify_jobs` that holds something of the payload. */
export interface Column {
  readonly name: string
  readonly type: 'text' | 'timestamptz' | 'float8' | 'jsonb'
  readonly value: (job: Job) => string | number | null
}

/** What the upstream owns of a row. A change in any of these is a change of the stored content. */
export const CONTENT: readonly Column[] = [
  { name: 'project_id', type: 'text', value: (job) => job.projectId },
  { name: 'user_id', type: 'text', value: (job) => job.userId },
  { name: 'status', type: 'text', value: (job) => job.status },
  { name: 'document_input_type', type: 'text', value: (job) => job.documentInputType },
  { name: 'file_input', type: 'text', value: (job) => job.fileInput },
  { name: 'parse_job_id', type: 'text', value: (job) => job.parseJobId },
  { name: 'transaction_id', type: 'text', value: (job) => job.transactionId },
  { name: 'configuration_id', type: 'text', value: (job) => job.configurationId },
  { name: 'configuration_hash', type: 'text', value: (job) => job.configuration?.hash ?? null },
  { name: 'error_message', type: 'text', value: (job) => job.errorMessage },
  { name: 'result_type', type: 'text', value: (job) => job.resultType },
  { name: 'result_confidence', type: 'float8', value: (job) => job.resultConfidence },
  { name: 'result_reasoning', type: 'text', value: (job) => job.resultReasoning },
  { name: 'created_at', type: 'timestamptz', value: (job) => job.createdAt },
  { name: 'updated_at', type: 'timestamptz', value: (job) => job.updatedAt },
  { name: 'extra', type: 'jsonb', value: (job) => job.extra },
]

/** Without the fields that no column is made for. */
export const KNOWN_CONTENT = CONTENT.filter(({ name }) => name !== 'extra')

/** All content with the primary key. */
export const KEY_AND_CONTENT: readonly Column[] = [
  { name: 'id', type: 'text', value: (job) => job.id },
  ...CONTENT,
]

/** The names, each as a column of `row` if one is given. */
export function namesOf(columns: readonly Column[], row?: string): string {
  return columns.map(({ name }) => (row === undefined ? name : `${row}.${name}`)).join(', ')
}

/** Parameters for `unnest`, one array a column, numbered from `first`. jsonb travels as text, which pg does not touch. */
export function arraysOf(columns: readonly Column[], first: number): string {
  const sent = ({ type }: Column) => (type === 'jsonb' ? 'text' : type)
  return columns.map((column, index) => `$${index + first}::${sent(column)}[]`).join(', ')
}

/** What to select of the unnested arrays, called `row`. */
export function unnestedOf(columns: readonly Column[], row: string): string {
  return columns.map(({ name, type }) => `${row}.${name}${type === 'jsonb' ? '::jsonb' : ''}`).join(', ')
}

/** The values of the arrays. */
export function valuesOf(columns: readonly Column[], jobs: readonly Job[]): (string | number | null)[][] {
  return columns.map(({ value }) => jobs.map(value))
}
