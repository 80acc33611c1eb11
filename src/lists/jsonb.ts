import { parseDecimal } from '../values/decimal.ts'
import { ExactNumber, formatJson, type JsonObject, type JsonValue } from '../values/json.ts'

// PostgreSQL's parser and JSON.stringify both recurse; both manage several thousand levels.
const MAX_DEPTH = 500
// The limits of PostgreSQL's numeric, which holds the numbers of a jsonb.
const MAX_DIGITS_BEFORE_POINT = 131_072
const MAX_DIGITS_AFTER_POINT = 16_383

/** Text that PostgreSQL can hold: NUL and lone surrogates become U+FFFD (A10). */
export function storableText(text: string): string {
  return (text.includes('\0') ? text.replaceAll('\0', '\ufffd') : text).toWellFormed()
}

/**
 * Canonical JSON (keys in the order of code points, no spaces) that PostgreSQL takes as jsonb. What jsonb
 * cannot hold is kept in another form: NUL and lone surrogates become U+FFFD; a number too large for numeric,
 * and an array or object below 500 levels, become a string that holds their JSON text.
 */
export function jsonbText(value: JsonValue): string {
  const parts: string[] = []
  write(value, 1, parts)
  return parts.join('')
}

/** In parts: were each level joined by itself, what lies deep would be copied at every one. */
function write(value: JsonValue, depth: number, parts: string[]): void {
  if (typeof value === 'string') parts.push(JSON.stringify(storableText(value)))
  else if (value instanceof ExactNumber)
    parts.push(fitsNumeric(value.source) ? value.source : JSON.stringify(value.source))
  else if (typeof value !== 'object' || value === null) parts.push(JSON.stringify(value))
  // The escapes of the inner text keep NUL and lone surrogates, so it needs no replacement.
  else if (depth > MAX_DEPTH)
    parts.push(JSON.stringify(formatJson(value, (object) => Object.keys(object).sort(compareCodePoints))))
  else if (Array.isArray(value)) {
    parts.push('[')
    for (const [index, item] of value.entries()) {
      if (index > 0) parts.push(',')
      write(item, depth + 1, parts)
    }
    parts.push(']')
  } else {
    parts.push('{')
    for (const [index, [stored, key]] of storableKeys(value).entries()) {
      parts.push(`${index > 0 ? ',' : ''}${JSON.stringify(stored)}:`)
      write(value[key] ?? null, depth + 1, parts)
    }
    parts.push('}')
  }
}

function fitsNumeric(source: string): boolean {
  const decimal = parseDecimal(source)
  if (!decimal) return false
  const digits = decimal.whole + decimal.fraction
  let leadingZeros = 0
  while (digits[leadingZeros] === '0') leadingZeros += 1
  const beforePoint = decimal.whole.length + decimal.exponent - leadingZeros
  const afterPoint = decimal.fraction.length - decimal.exponent
  return beforePoint <= MAX_DIGITS_BEFORE_POINT && afterPoint <= MAX_DIGITS_AFTER_POINT
}

/**
 * The keys as stored, in order, each with the key it stands for. Keys that a replacement made equal stay apart, by a number.
 */
function storableKeys(object: JsonObject): [stored: string, key: string][] {
  const pairs = new Map<string, string>()
  const replaced: string[] = []
  for (const key of Object.keys(object)) {
    if (storableText(key) === key) pairs.set(key, key)
    else replaced.push(key)
  }
  const numbers = new Map<string, number>()
  // Sorted, so that the same content gets the same names whatever its order was.
  for (const key of replaced.sort()) {
    const name = storableText(key)
    // Each name goes on where it stopped: there may be a hundred thousand that became equal.
    let number = numbers.get(name) ?? 1
    const numbered = () => (number === 1 ? name : `${name}\ufffd${number}`)
    while (pairs.has(numbered())) number += 1
    numbers.set(name, number)
    pairs.set(numbered(), key)
  }
  return [...pairs].sort(([a], [b]) => compareCodePoints(a, b))
}

function compareCodePoints(a: string, b: string): number {
  const length = Math.min(a.length, b.length)
  for (let index = 0; index < length; index += 1) {
    const difference = rank(a.charCodeAt(index)) - rank(b.charCodeAt(index))
    if (difference !== 0) return difference
  }
  return a.length - b.length
}

/** Surrogates stand for code points above U+FFFF, but as numbers they come before U+E000. */
function rank(unit: number): number {
  if (unit >= 0xe000) return unit - 0x800
  return unit >= 0xd800 ? unit + 0x2000 : unit
}
