import { holdsExactly } from './decimal.ts'

export type JsonValue = null | boolean | number | string | ExactNumber | JsonValue[] | JsonObject
export interface JsonObject {
  [key: string]: JsonValue
}

/** A JSON number that a JavaScript number cannot hold, such as 12345678901234567890 or 1e999. */
export class ExactNumber {
  /** The number as it was written; always a valid JSON number. */
  readonly source: string
  constructor(source: string) {
    this.source = source
  }
  /** Lets JSON.stringify write the number back digit for digit. */
  toJSON(): unknown {
    return (JSON as JsonWithRawText).rawJSON(this.source)
  }
}

// In every supported Node.js, but not yet in the type declarations of es2024.
type JsonWithRawText = JSON & { rawJSON(text: string): unknown }

export function isJsonObject(value: JsonValue | undefined): value is JsonObject {
  return (
    typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof ExactNumber)
  )
}

/**
 * Like JSON.parse, but a number that JavaScript would round becomes an ExactNumber. Throws SyntaxError. Any
 * depth of nesting is fine here, unlike in JSON.stringify: see `formatJson`.
 */
export function parseJson(text: string): JsonValue {
  const plain: JsonValue = JSON.parse(text)
  return mayLose(text) ? parseExactly(text, plain) : plain
}

/**
 * A token of 16 or more digits and points, or with an exponent, where a number can stand. Shorter ones always
 * survive. It is blind to quotes, so a hit may be part of a string; that costs time, never correctness.
 */
const SUSPECT = /[[:,\s]-?\d(?:[\d.]{15,}|[\d.]*[eE][+-]?\d)[\d.eE+-]*/g

function mayLose(text: string): boolean {
  for (const [match] of text.matchAll(SUSPECT)) {
    if (!holdsExactly(match.slice(1))) return true
  }
  return /^-?\d/.test(text)
}

/**
 * Replaces each number by its position in a list, parses that, and puts the numbers of the list back in. A
 * reviver would be shorter, but it recurses, and deep nesting would overflow the stack. `text` must be valid
 * JSON.
 */
function parseExactly(text: string, plain: JsonValue): JsonValue {
  const numbers: (number | ExactNumber)[] = []
  const token = /"|-?\d[\d.eE+-]*/g
  let rewritten = ''
  let copied = 0
  for (let match = token.exec(text); match; match = token.exec(text)) {
    if (match[0] === '"') {
      token.lastIndex = endOfString(text, match.index)
    } else {
      rewritten += text.slice(copied, match.index) + numbers.length
      copied = token.lastIndex
      numbers.push(holdsExactly(match[0]) ? Number(match[0]) : new ExactNumber(match[0]))
    }
  }
  if (numbers.every((number) => typeof number === 'number')) return plain
  return restoreNumbers(JSON.parse(rewritten + text.slice(copied)), numbers)
}

/** The index after the closing quote of the string that opens at `start`. */
function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); ; end = text.indexOf('"', end + 1)) {
    let backslashes = 0
    while (text[end - 1 - backslashes] === '\\') backslashes += 1
    if (backslashes % 2 === 0) return end + 1
  }
}

function restoreNumbers(root: JsonValue, numbers: readonly (number | ExactNumber)[]): JsonValue {
  const holder = [root]
  const pending: (JsonValue[] | JsonObject)[] = [holder]
  const restore = (value: JsonValue): JsonValue => {
    if (typeof value === 'number') return numbers[value] ?? value
    if (Array.isArray(value) || isJsonObject(value)) pending.push(value)
    return value
  }
  for (let container = pending.pop(); container; container = pending.pop()) {
    if (Array.isArray(container)) {
      for (const [index, value] of container.entries()) container[index] = restore(value)
    } else {
      // Even `__proto__` is safe to assign: JSON.parse made it a property of the object's own.
      for (const [key, value] of Object.entries(container)) container[key] = restore(value)
    }
  }
  return holder[0] ?? null
}

class Punctuation {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
}
const COMMA = new Punctuation(',')
const END_OF_ARRAY = new Punctuation(']')
const END_OF_OBJECT = new Punctuation('}')

/**
 * JSON text without spaces, of any depth of nesting: JSON.stringify overflows the stack at some thousand
 * levels. `keysOf` gives an object's keys in the order in which they are to be written.
 */
export function formatJson(value: JsonValue, keysOf: (object: JsonObject) => string[] = Object.keys): string {
  const parts: string[] = []
  const todo: (JsonValue | Punctuation)[] = [value]
  for (let next = todo.pop(); next !== undefined; next = todo.pop()) {
    if (next instanceof Punctuation) {
      parts.push(next.text)
    } else if (Array.isArray(next)) {
      parts.push('[')
      todo.push(END_OF_ARRAY)
      for (const [index, item] of next.toReversed().entries()) {
        if (index > 0) todo.push(COMMA)
        todo.push(item)
      }
    } else if (isJsonObject(next)) {
      parts.push('{')
      todo.push(END_OF_OBJECT)
      for (const [index, key] of keysOf(next).toReversed().entries()) {
        if (index > 0) todo.push(COMMA)
        todo.push(next[key] ?? null, new Punctuation(`${JSON.stringify(key)}:`))
      }
    } else {
      parts.push(JSON.stringify(next))
    }
  }
  return parts.join('')
}
