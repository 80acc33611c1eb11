import { classify } from '../../src/lists/classify/list.ts'
import { type Job, propertyOf, type Value } from '../../src/lists/columns.ts'
import { Field, type Fields, type List, NOT_STORED } from '../../src/lists/list.ts'
import type { Shared } from '../../src/lists/shared.ts'
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

/**
 * The payload that a stored job came from, as far as PostgreSQL can hold it: columns, then what `extra` says
 * instead.
 */
export function reassemble(job: Job, { fields }: Pick<List, 'fields'> = classify): JsonObject {
  const extra = job.extra === null ? {} : parseJson(job.extra)
  if (!isJsonObject(extra)) throw new Error('extra is not an object')
  return laidOver(fromColumns(job, fields) ?? Object.create(null), extra, fields)
}

/** Null where all columns are. Without a prototype, so that `__proto__` can be a key. */
function fromColumns(job: Job, fields: Fields): JsonObject | null {
  const payload: JsonObject = Object.create(null)
  for (const [name, field] of Object.entries(fields)) {
    if (field === NOT_STORED) continue
    const value =
      field instanceof Field ? valueIn(field, job[propertyOf(field)] ?? null) : fromColumns(job, field)
    if (value !== null) payload[name] = value
  }
  return Object.keys(payload).length > 0 ? payload : null
}

function valueIn({ type }: Field, stored: Value | Shared): JsonValue {
  if (stored === null) return null
  if (typeof stored === 'object') return parseJson(stored.document)
  return type === 'json' ? parseJson(String(stored)) : stored
}

function laidOver(payload: JsonObject, extra: JsonObject, fields: Fields): JsonObject {
  const whole: JsonObject = Object.assign(Object.create(null), payload)
  for (const [key, value] of Object.entries(extra)) {
    const [stored, inner] = [payload[key], Object.hasOwn(fields, key) ? fields[key] : undefined]
    const isPart = isJsonObject(stored) && isJsonObject(value) && isObject(inner)
    whole[key] = isPart ? laidOver(stored, value, inner) : value
  }
  return whole
}

const isObject = (field: unknown): field is Fields =>
  typeof field === 'object' && field !== null && !(field instanceof Field)

/**
 * What `reassemble` must give back for an item, by the documented replacements alone and written without a
 * look at the decoder: known fields that are null count as absent, moments are in UTC, what is never stored is not there,
 * and the rest as jsonb or text can hold it.
 */
export function expectedPayload(item: JsonObject, { fields }: Pick<List, 'fields'> = classify): JsonObject {
  return asStored(expectedObject(withoutUnstored(item, fields), fields)) as JsonObject
}

/** An item without what is never stored of it. */
export function withoutUnstored(item: JsonObject, fields: Fields): JsonObject {
  const entries = Object.entries(item).flatMap(([key, value]): [string, JsonValue][] => {
    const field = Object.hasOwn(fields, key) ? fields[key] : undefined
    if (field === NOT_STORED) return []
    return [[key, isObject(field) && isJsonObject(value) ? withoutUnstored(value, field) : value]]
  })
  return objectOf(entries)
}

function expectedObject(item: JsonObject, fields: Fields): JsonObject {
  const entries = Object.entries(item).flatMap(([key, value]): [string, JsonValue][] => {
    const field = Object.hasOwn(fields, key) ? fields[key] : undefined
    if (field === undefined) return [[key, value]]
    if (value === null) return []
    if (field instanceof Field) return [[key, field.type === 'moment' ? expectedMoment(value) : value]]
    return [[key, isObject(field) ? expectedInner(value, field) : value]]
  })
  return objectOf(entries)
}

/** An object of whose known fields none says anything could not be told from none at all: it is kept whole. */
function expectedInner(value: JsonValue, fields: Fields): JsonValue {
  if (!isJsonObject(value) || Object.keys(fields).every((name) => (value[name] ?? null) === null))
    return value
  return expectedObject(value, fields)
}

/** Without a prototype, and with `__proto__` as a key like any other. */
function objectOf(entries: readonly [string, JsonValue][]): JsonObject {
  const object: JsonObject = Object.create(null)
  for (const [key, value] of entries) object[key] = value
  return object
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
