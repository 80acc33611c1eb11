import { createJobDecoder, type Job } from '../../src/lists/classify/job.ts'
import { type JsonValue, parseJson } from '../../src/values/json.ts'

/** The job of an item that has a usable id. */
export function decodeItem(item: JsonValue): Job {
  const decoded = createJobDecoder()(item)
  if ('reject' in decoded) throw new Error(decoded.reject)
  return decoded.job
}

/** The job with the id `j1` and these fields, given as JSON text without the braces. */
export const decodeFields = (fields: string): Job => decodeItem(parseJson(`{"id":"j1",${fields}}`))

/** The job of `{"id":"j1"}`. */
export const NOTHING: Job = {
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
  createdAt: null,
  updatedAt: null,
  configuration: null,
  extra: null,
}
