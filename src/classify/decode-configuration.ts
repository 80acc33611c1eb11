import { createHash } from 'node:crypto'
import { isJsonObject, type JsonObject, type JsonValue } from '../api/json.ts'
import { jsonbText, storableText } from './jsonb.ts'

/** A row of `classify_configurations` and its rows of `classify_rules`. Thousands of jobs share one. */
export interface Configuration {
  /** SHA-256, in hexadecimal, of `document`. */
  readonly hash: string
  /** Canonical JSON text of the whole, for the jsonb column. */
  readonly document: string
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

/**
 * A decoder that remembers the configurations seen last, up to 1,000 of them and 8 million characters: jobs
 * with an equal configuration get the same object, and the canonical form and its hash are worked out once.
 */
export function createConfigurationDecoder(): (raw: JsonObject) => Configuration {
  const cache = new Map<string, Configuration>()
  let characters = 0
  const remember = (key: string, configuration: Configuration) => {
    cache.set(key, configuration)
    characters += key.length
    for (const oldest of cache.keys()) {
      if (cache.size <= MAX_CACHED && characters <= MAX_CACHED_CHARACTERS) break
      cache.delete(oldest)
      characters -= oldest.length
    }
  }
  return (raw) => {
    const key = cacheKey(raw)
    if (key === undefined) return decodeConfiguration(raw)
    const known = cache.get(key)
    if (known) return known
    const configuration = decodeConfiguration(raw)
    remember(key, configuration)
    return configuration
  }
}

/** Undefined when the configuration is nested too deeply for JSON.stringify. */
function cacheKey(raw: JsonObject): string | undefined {
  try {
    return JSON.stringify(raw)
  } catch (error) {
    if (error instanceof RangeError) return undefined
    throw error
  }
}

/** What a column cannot hold is null there; all of it is in `document`. */
function decodeConfiguration(raw: JsonObject): Configuration {
  const document = jsonbText(raw)
  const parsing = isJsonObject(raw.parsing_configuration) ? raw.parsing_configuration : {}
  const rules = Array.isArray(raw.rules) ? raw.rules : undefined
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
