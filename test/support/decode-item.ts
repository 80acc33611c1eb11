import type { Configuration } from '../../src/lists/classify/decode-configuration.ts'
import { classify } from '../../src/lists/classify/list.ts'
import type { Job } from '../../src/lists/columns.ts'
import { createJobDecoder } from '../../src/lists/decode.ts'
import { type JsonValue, parseJson } from '../../src/values/json.ts'

/** What the declaration makes of a classify job. */
export interface ClassifyJob extends Job {
  readonly userId: string | null
  readonly documentInputType: string | null
  readonly fileInput: string | null
  readonly parseJobId: string | null
  readonly transactionId: string | null
  readonly configurationId: string | null
  readonly errorMessage: string | null
  readonly resultType: string | null
  readonly resultReasoning: string | null
  readonly resultConfidence: number | null
  readonly configuration: Configuration | null
}

/** The job of an item that has a usable id. */
export function decodeItem(item: JsonValue): ClassifyJob {
  const decoded = createJobDecoder(classify)(item)
  if ('reject' in decoded) throw new Error(decoded.reject)
  return decoded.job as ClassifyJob
}

/** The job with the id `j1` and these fields, given as JSON text without the braces. */
export const decodeFields = (fields: string): ClassifyJob => decodeItem(parseJson(`{"id":"j1",${fields}}`))

/** The job of `{"id":"j1"}`. */
export const NOTHING: ClassifyJob = {
  id: 'j1',
  projectId: null,
  userId: null,
  status: null,
  documentInputType: null,
  fileInput: null,
  parseJobId: null,
  transactionId: null,
  configurationId: null,
  errorMessage: null,
  resultType: null,
  resultReasoning: null,
  resultConfidence: null,
  credits: null,
  parseCredits: null,
  createdAt: null,
  updatedAt: null,
  configuration: null,
  extra: null,
}
