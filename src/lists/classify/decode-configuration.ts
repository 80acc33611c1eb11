import { createHash } from 'node:crypto'
import { ExactNumber, isJsonObject, type JsonObject, type JsonValue } from '../../values/json.ts'
import { jsonbText, storableText } from '../jsonb.ts'
import type { Shared } from '../shared.ts'

/** A row of `classify_configurations` and its rows of `classify_rules`. Thousands of jobs share one. */
export interface Configuration extends Shared {
  readonly mode: string | null
  readonly lang: string | null
  readonly maxPages: number | null
  readonly targetPages: string | null
  readonly ruleCount: number | null
  readonly rules: readonly Rule[]
}

export interface Rule {
  /** From 0. */
  readonly position: number
  readonly type: string | null
  readonly description: string | null
}

const MAX_CACHED = 1_000
const MAX_CACHED_CHARACTERS = 8_000_000

interface Cached {
  readonly raw: JsonObject
  readonly configuration: Configuration
}

/**
 * A decoder that remembers the configurations seen last, up to 1,000 of them and 8 million characters: jobs
 * with an equal configuration get the same object, and the canonical form and its hash are worked out once.
 */
export function createConfigurationDecoder(): (raw: JsonObject) => Configuration {
  // One for each sketch: of two that share one, the latter takes the place, which costs time only.
  const cache = new Map<number, Cached>()
  let characters = 0
  const forget = (sketch: number) => {
    characters -= cache.get(sketch)?.configuration.document.length ?? 0
    cache.delete(sketch)
  }
  const remember = (sketch: number, cached: Cached) => {
    forget(sketch)
    cache.set(sketch, cached)
    characters += cached.configuration.document.length
    for (const oldest of cache.keys()) {
      if (cache.size <= MAX_CACHED && characters <= MAX_CACHED_CHARACTERS) break
      forget(oldest)
    }
  }
  return (raw) => {
    const sketch = sketchOf(raw)
    const known = cache.get(sketch)
    if (known && isSame(known.raw, raw, MAX_COMPARED_DEPTH)) return known.configuration
    const configuration = decodeConfiguration(raw)
    remember(sketch, { raw, configuration })
    return configuration
  }
}

/** A number that tells most configurations apart and takes only a look at their rules' lengths and first letters. */
function sketchOf({ rules }: JsonObject): number {
  if (!Array.isArray(rules)) return 0
  let sketch = rules.length
  for (const rule of rules) {
    if (!isJsonObject(rule)) continue
    for (const text of [rule.type, rule.description]) {
      if (typeof text !== 'string') continue
      sketch = (Math.imul(sketch, 31) + text.length) | 0
      sketch = (Math.imul(sketch, 31) + text.charCodeAt(0)) | 0 // of an empty text: | 0 makes NaN 0
    }
  }
  return sketch
}

/** Real configurations have four levels; deeper ones are decoded again. */
const MAX_COMPARED_DEPTH = 50

/** Whether two values are surely equal, whatever the order of their keys. */
function isSame(left: JsonValue | undefined, right: JsonValue | undefined, depth: number): boolean {
  if (left === right) return true
  if (left instanceof ExactNumber) return right instanceof ExactNumber && left.source === right.source
  if (depth === 0 || typeof left !== 'object' || left === null) return false
  if (Array.isArray(left)) {
    return (
      Array.isArray(right) &&
      left.length === right.length &&
      left.every((item, index) => isSame(item, right[index], depth - 1))
    )
  }
  if (!isJsonObject(left) || !isJsonObject(right)) return false
  const keys = Object.keys(left)
  return (
    keys.length === Object.keys(right).length &&
    keys.every((key) => Object.hasOwn(right, key) && isSame(left[key], right[key], depth - 1))
  )
}

/** Each is a row. A list of more is no list of rules: megabytes of JSON can hold millions. */
const MOST_RULES = 10_000

/** What a column cannot hold is null there; all of it is in `document`. */
function decodeConfiguration(raw: JsonObject): Configuration {
  const document = jsonbText(raw)
  const parsing = isJsonObject(raw.parsing_configuration) ? raw.parsing_configuration : {}
  const rules = Array.isArray(raw.rules) && raw.rules.length <= MOST_RULES ? raw.rules : undefined
  return {
    hash: createHash('sha256').update(document).digest('hex'),
    document,
    mode: textOrNull(raw.mode),
    lang: textOrNull(parsing.lang),
    maxPages: integerOrNull(parsing.max_pages),
    targetPages: textOrNull(parsing.target_pages),
    ruleCount: rules?.length ?? null,
    rules: rules?.map(decodeRule) ?? [],
  }
}

/** Every element of the list is a row, so that rows and `ruleCount` agree even when one is not an object. */
function decodeRule(raw: JsonValue, position: number): Rule {
  const rule = isJsonObject(raw) ? raw : {}
  return { position, type: textOrNull(rule.type), description: textOrNull(rule.description) }
}

function textOrNull(value: JsonValue | undefined): string | null {
  return typeof value === 'string' ? storableText(value) : null
}

function integerOrNull(value: JsonValue | undefined): number | null {
  return typeof value === 'number' && value === (value | 0) ? value : null // `| 0` is what an int4 would hold
}
