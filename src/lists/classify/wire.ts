import type { ClassifyListResponse } from '@llamaindex/llama-cloud/resources/classify'

/** What the official client says about a field: the part of its type that decides how it is stored. */
type Kind<T> = [NonNullable<T>] extends [string]
  ? 'text'
  : [NonNullable<T>] extends [number]
    ? 'number'
    : 'object'

/**
 * One entry a field of T. `satisfies StoredFields<T>` fails to compile when the official client learns a
 * field that we do not store, loses one, or changes what a field is.
 */
export type StoredFields<T> = { readonly [Field in keyof T]-?: Kind<T[Field]> }

const JOB_FIELDS = {
  id: 'text',
  configuration: 'object',
  document_input_type: 'text',
  file_input: 'text',
  project_id: 'text',
  status: 'text',
  user_id: 'text',
  configuration_id: 'text',
  created_at: 'text',
  error_message: 'text',
  parse_job_id: 'text',
  result: 'object',
  transaction_id: 'text',
  updated_at: 'text',
} satisfies StoredFields<ClassifyListResponse>

const RESULT_FIELDS = {
  confidence: 'number',
  reasoning: 'text',
  type: 'text',
} satisfies StoredFields<NonNullable<ClassifyListResponse['result']>>

/** The fields of a job, and of its result, that have columns. All others go to `extra`. */
export const JOB_FIELD_NAMES: ReadonlySet<string> = new Set(Object.keys(JOB_FIELDS))
export const RESULT_FIELD_NAMES: ReadonlySet<string> = new Set(Object.keys(RESULT_FIELDS))

export type JobField = keyof typeof JOB_FIELDS
export type ResultField = keyof typeof RESULT_FIELDS
