import { formatTimestamp, isCanonicalTimestamp, parseTimestamp } from '../../values/instant.ts'
import { ExactNumber, isJsonObject, type JsonObject, type JsonValue } from '../../values/json.ts'
import { type Configuration, createConfigurationDecoder } from './decode-configuration.ts'
import { jsonbText, storableText } from './jsonb.ts'
import { JOB_FIELD_NAMES, type JobField, RESULT_FIELD_NAMES, type ResultField } from './wire.ts'

export type { Configuration, Rule } from './decode-configuration.ts'

/** The columns of `classify_jobs` that the upstream owns. */
export interface Job {
  readonly id: string
  readonly projectId: string | null
  readonly userId: string | null
  readonly status: string | null
  readonly documentInputType: string | null
  readonly fileInput: string | null
  readonly parseJobId: string | null
  readonly transactionId: string | null
  readonly configurationId: string | null
  readonly errorMessage: string | null
  readonly resultType: string | null
  readonly resultReasoning: string | null
  readonly resultConfidence: number | null
  /** UTC with microseconds, as `formatTimestamp` writes it. */
  readonly createdAt: string | null
  readonly updatedAt: string | null
  readonly configuration: Configuration | null
  /** JSON text of an object: what no column holds, at its path in the payload (I9). */
  readonly extra: string | null
}

/** A job, or in plain words why the item is none. */
export type DecodedItem = { readonly job: Job } | { readonly reject: string }

// An entry of an index has a limit of some 2,700 bytes; real ids have 40.
const MAX_KEY_BYTES = 512

/**
 * A function from an item of the job list to a job. Only an item without a usable id is rejected; any other
 * value that its column cannot hold is null there and verbatim in `extra` (I9, A9). Each decoder has its own
 * cache of configurations.
 */
export function createJobDecoder(): (item: JsonValue) => DecodedItem {
  const decodeConfiguration = createConfigurationDecoder()
  return (item) => {
    if (!isJsonObject(item)) return { reject: 'the item is not an object' }
    const { id } = item
    const fault = faultOfId(id)
    if (fault !== undefined || typeof id !== 'string') return { reject: `the id ${fault}` }
    return { job: decodeJob(id, item, decodeConfiguration) }
  }
}

function faultOfId(id: JsonValue | undefined): string | undefined {
  if (id === undefined || id === null) return 'is missing'
  if (typeof id !== 'string') return 'is not text'
  if (id === '') return 'is empty'
  if (isTooLong(id)) return `is longer than ${MAX_KEY_BYTES} bytes`
  if (storableText(id) !== id) return 'holds a NUL character or half of a surrogate pair'
  return undefined
}

function decodeJob(
  id: string,
  item: JsonObject,
  decodeConfiguration: (raw: JsonObject) => Configuration,
): Job {
  const extra = unknownFields(item, JOB_FIELD_NAMES)
  const result = decodeResult(item.result, extra)
  const { configuration } = item
  if (!isJsonObject(configuration)) keep(item, 'configuration', extra)
  return {
    id,
    projectId: keyField(item, 'project_id', extra),
    userId: keyField(item, 'user_id', extra),
    status: keyField(item, 'status', extra),
    documentInputType: keyField(item, 'document_input_type', extra),
    fileInput: textField(item, 'file_input', extra),
    parseJobId: keyField(item, 'parse_job_id', extra),
    transactionId: keyField(item, 'transaction_id', extra),
    configurationId: keyField(item, 'configuration_id', extra),
    errorMessage: textField(item, 'error_message', extra),
    ...result,
    createdAt: timestampField(item, 'created_at', extra),
    updatedAt: timestampField(item, 'updated_at', extra),
    configuration: isJsonObject(configuration) ? decodeConfiguration(configuration) : null,
    extra: isEmpty(extra) ? null : jsonbText(extra),
  }
}

type Result = Pick<Job, 'resultType' | 'resultReasoning' | 'resultConfidence'>
const NO_RESULT: Result = { resultType: null, resultReasoning: null, resultConfidence: null }

function decodeResult(result: JsonValue | undefined, extra: JsonObject): Result {
  if (result === undefined || result === null) return NO_RESULT
  // A result whose columns would all be null could not be told from no result at all: it is kept whole.
  const telling =
    isJsonObject(result) && [...RESULT_FIELD_NAMES].some((field) => (result[field] ?? null) !== null)
  if (!telling) {
    extra.result = result
    return NO_RESULT
  }
  const rest = unknownFields(result, RESULT_FIELD_NAMES)
  const columns: Result = {
    resultType: keyField(result, 'type', rest),
    resultReasoning: textField(result, 'reasoning', rest),
    resultConfidence: shareField(result, 'confidence', rest),
  }
  if (!isEmpty(rest)) extra.result = rest
  return columns
}

function unknownFields(object: JsonObject, known: ReadonlySet<string>): JsonObject {
  const unknown: JsonObject = Object.create(null) // so that a field named `__proto__` is a field like any other
  for (const key of Object.keys(object)) {
    if (!known.has(key)) unknown[key] = object[key] ?? null
  }
  return unknown
}

function textField(object: JsonObject, field: JobField | ResultField, extra: JsonObject): string | null {
  const value = object[field]
  if (typeof value === 'string') return storableText(value)
  keep(object, field, extra)
  return null
}

/** Text that is grouped and looked up by: an index has to hold it. */
function keyField(object: JsonObject, field: JobField | ResultField, extra: JsonObject): string | null {
  const text = textField(object, field, extra)
  if (text === null || !isTooLong(text)) return text
  keep(object, field, extra)
  return null
}

function isTooLong(text: string): boolean {
  return text.length > MAX_KEY_BYTES || Buffer.byteLength(text) > MAX_KEY_BYTES
}

function timestampField(object: JsonObject, field: JobField, extra: JsonObject): string | null {
  const value = object[field]
  if (typeof value === 'string' && isCanonicalTimestamp(value)) return value
  const timestamp = typeof value === 'string' ? parseTimestamp(value) : undefined
  if (!timestamp?.exact) keep(object, field, extra)
  return timestamp ? formatTimestamp(timestamp) : null
}

/** A number from 0 to 1. */
function shareField(object: JsonObject, field: ResultField, extra: JsonObject): number | null {
  const value = object[field]
  const isExact = typeof value === 'number'
  const nearest = isExact ? value : value instanceof ExactNumber ? Number(value.source) : Number.NaN
  const share = nearest >= 0 && nearest <= 1 ? nearest : null
  if (!isExact || share === null) keep(object, field, extra)
  return share
}

/** Keeps a field verbatim, unless it is absent or null: that is what the null of its column says. */
function keep(object: JsonObject, field: JobField | ResultField, extra: JsonObject): void {
  const value = object[field]
  if (value !== undefined && value !== null) extra[field] = value
}

function isEmpty(object: JsonObject): boolean {
  for (const _ in object) return false
  return true
}
