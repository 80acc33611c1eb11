import type { JsonObject, JsonValue } from '../../../src/simulator/json.ts'
import { parseTimestamp } from '../../../src/values/instant.ts'

/** The part of JSON Schema that the contract uses. */
export interface Schema {
  readonly $ref?: string
  readonly anyOf?: readonly Schema[]
  readonly type?: string
  readonly enum?: readonly JsonValue[]
  readonly const?: JsonValue
  readonly format?: string
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly items?: Schema
  readonly minimum?: number
  readonly maximum?: number
  readonly minLength?: number
  readonly maxLength?: number
  readonly minItems?: number
}

/** What is wrong with the value, each with its path; empty when it conforms. `document` resolves references. */
export function violations(value: JsonValue, schema: Schema, document: JsonObject, path = '$'): string[] {
  const nested = (inner: Schema) => violations(value, inner, document, path)
  if (schema.$ref !== undefined) return nested(resolve(schema.$ref, document))
  if (schema.anyOf !== undefined) {
    const attempts = schema.anyOf.map(nested)
    return attempts.some((found) => found.length === 0) ? [] : attempts.flat()
  }
  if (schema.type !== undefined && !hasType(value, schema.type))
    return [`${path}: not of type ${schema.type}`]
  const own = [...ofScalar(value, schema)].map((problem) => `${path}: ${problem}`)
  return [...own, ...ofParts(value, schema, document, path)]
}

function hasType(value: JsonValue, type: string): boolean {
  if (type === 'null') return value === null
  if (type === 'integer') return Number.isInteger(value)
  if (type === 'array') return Array.isArray(value)
  if (type === 'object') return isObject(value)
  return typeof value === type
}

function isObject(value: JsonValue): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function* ofScalar(value: JsonValue, schema: Schema): Generator<string> {
  if (schema.enum && !schema.enum.includes(value)) yield `not one of ${schema.enum.join(', ')}`
  if (schema.const !== undefined && value !== schema.const) yield `not ${schema.const}`
  if (typeof value === 'number' && value < (schema.minimum ?? value)) yield `below ${schema.minimum}`
  if (typeof value === 'number' && value > (schema.maximum ?? value)) yield `above ${schema.maximum}`
  if (typeof value !== 'string') return
  if (value.length < (schema.minLength ?? 0)) yield `shorter than ${schema.minLength}`
  if (value.length > (schema.maxLength ?? value.length)) yield `longer than ${schema.maxLength}`
  if (schema.format === 'date-time' && !parseTimestamp(value)) yield 'not a date-time'
  if (schema.format === 'uuid' && !/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(value))
    yield 'not a UUID'
}

function ofParts(value: JsonValue, schema: Schema, document: JsonObject, path: string): string[] {
  if (Array.isArray(value)) {
    const { items = {}, minItems = 0 } = schema
    const found = value.flatMap((item, index) => violations(item, items, document, `${path}[${index}]`))
    return value.length < minItems ? [`${path}: fewer than ${minItems} items`, ...found] : found
  }
  if (!isObject(value)) return []
  const missing = (schema.required ?? []).filter((name) => value[name] === undefined)
  const found = Object.entries(schema.properties ?? {}).flatMap(([name, property]) => {
    const field = value[name]
    return field === undefined ? [] : violations(field, property, document, `${path}.${name}`)
  })
  return [...missing.map((name) => `${path}.${name}: missing`), ...found]
}

function resolve(reference: string, document: JsonObject): Schema {
  const names = reference.replace(/^#\//, '').split('/')
  const found = names.reduce<unknown>((node, name) => (node as JsonObject | undefined)?.[name], document)
  if (found === undefined) throw new Error(`the contract has no ${reference}`)
  return found as Schema
}
