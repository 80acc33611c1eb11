import { formatTimestamp, parseTimestamp } from '../../src/values/instant.ts'
import {
  ExactNumber,
  formatJson,
  isJsonObject,
  type JsonObject,
  type JsonValue,
  parseJson,
} from '../../src/values/json.ts'
import { TOO_LARGE_FOR_NUMERIC } from './arbitrary-payload.ts'
import type { ClassifyJob } from './decode-item.ts'

const TEXT_COLUMNS = {
  project_id: 'projectId',
  user_id: 'userId',
  status: 'status',
  document_input_type: 'documentInputType',
  file_input: 'fileInput',
  parse_job_id: 'parseJobId',
  transaction_id: 'transactionId',
  configuration_id: 'configurationId',
  error_message: 'errorMessage',
  created_at: 'createdAt',
  updated_at: 'updatedAt',
} satisfies Record<string, keyof ClassifyJob>
const RESULT_COLUMNS = {
  type: 'resultType',
  reasoning: 'resultReasoning',
  confidence: 'resultConfidence',
} satisfies Record<string, keyof ClassifyJob>
const MOMENTS = ['created_at', 'updated_at']

/**
 * The payload that a stored job came from, as far as PostgreSQL can hold it: columns, then what `extra` says
 * instead.
 */
export function reassemble(job: ClassifyJob): JsonObject {
  const payload = withoutNulls({ id: job.id, ...columnsOf(job, TEXT_COLUMNS) })
  const result = withoutNulls(columnsOf(job, RESULT_COLUMNS))
  if (Object.keys(result).length > 0) payload.result = result
  if (job.configuration) payload.configuration = parseJson(job.configuration.document)
  const extra = job.extra === null ? {} : parseJson(job.extra)
  if (!isJsonObject(extra)) throw new Error('extra is not an object')
  for (const [key, value] of Object.entries(extra)) {
    const stored = payload[key]
    const both = key === 'result' && isJsonObject(stored) && isJsonObject(value)
    payload[key] = both ? withoutNulls({}, [...Object.entries(stored), ...Object.entries(value)]) : value
  }
  return payload
}

function columnsOf(job: ClassifyJob, columns: Record<string, keyof ClassifyJob>): Record<string, JsonValue> {
  return Object.fromEntries(
    Object.entries(columns).map(([field, column]) => [field, job[column] as string | number | null]),
  )
}

/** Without a prototype, so that `__proto__` can be a key. `more` is added as it is. */
function withoutNulls(object: JsonObject, more: [string, JsonValue][] = []): JsonObject {
  const kept: JsonObject = Object.create(null)
  for (const [key, value] of Object.entries(object)) if (value !== null) kept[key] = value
  for (const [key, value] of more) kept[key] = value
  return kept
}

/**
 * What `reassemble` must give back for an item, by the documented replacements alone and written without a
 * look at the decoder: known fields that are null count as absent, moments are in UTC, and the rest as jsonb
 * or text can hold it.
 */
export function expectedPayload(item: JsonObject): JsonObject {
  const payload: JsonObject = Object.create(null)
  for (const [key, value] of Object.entries(item)) {
    const known = ['id', 'configuration', 'result', ...Object.keys(TEXT_COLUMNS)].includes(key)
    if (known && value === null) continue
    if (key === 'result') payload.result = expectedResult(value)
    else if (MOMENTS.includes(key)) payload[key] = expectedMoment(value)
    else payload[key] = value
  }
  return asStored(payload) as JsonObject
}

function expectedResult(result: JsonValue): JsonValue {
  if (!isJsonObject(result)) return result
  const fields = Object.keys(RESULT_COLUMNS)
  if (fields.every((field) => result[field] === undefined || result[field] === null)) return result
  const entries = Object.entries(result).filter(([key, value]) => !(fields.includes(key) && value === null))
  return Object.fromEntries(entries)
}

function expectedMoment(value: JsonValue): JsonValue {
  const timestamp = typeof value === 'string' ? parseTimestamp(value) : undefined
  return timestamp?.exact ? formatTimestamp(timestamp) : value
}

/** A value with the replacements that PostgreSQL's text and jsonb need. */
export function asStored(value: JsonValue): JsonValue {
  if (typeof value === 'string') return replaced(value)
  if (value instanceof ExactNumber) return TOO_LARGE_FOR_NUMERIC.has(value.source) ? value.source : value
  if (Array.isArray(value)) return value.map(asStored)
  if (!isJsonObject(value)) return value
  const stored: JsonObject = Object.create(null)
  const keys = Object.keys(value).filter((key) => replaced(key) === key)
  for (const key of keys) stored[key] = asStored(value[key]!)
  for (const key of Object.keys(value).sort()) {
    if (keys.includes(key)) continue
    let name = replaced(key)
    for (let number = 2; name in stored; number += 1) name = `${replaced(key)}\ufffd${number}`
    stored[name] = asStored(value[key]!)
  }
  return stored
}

const replaced = (text: string) => text.replace(/[\0\p{Surrogate}]/gu, '\ufffd')

/** The same text for values that differ in the order of keys only. */
export function comparable(value: JsonValue): string {
  const utf8Order = (a: string, b: string) => Buffer.compare(Buffer.from(a), Buffer.from(b))
  return formatJson(value, (object) => Object.keys(object).sort(utf8Order))
}
