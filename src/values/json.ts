import { holdsExactly } from './decimal.ts'
import { endOfString, escapedKeys, mayLose, type Place } from './json-text.ts'

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
 * Like JSON.parse, but a number that JavaScript would round becomes an ExactNumber, and keys are what they are written as.
 * Throws SyntaxError. Any depth of nesting is fine here, unlike in JSON.stringify: see `formatJson`.
 */
export function parseJson(text: string): JsonValue {
  const plain: JsonValue = JSON.parse(text)
  const keys = escapedKeys(text)
  if (keys.length > 0) return parseEscapedKeys(text, keys)
  return mayLose(text) ? parseExactly(text, plain) : plain
}

/**
 * Has JSON.parse see no such key. That of V8 13.6, in Node.js 24, takes one for another that the same process has met after
 * the same keys, where the other begins as the one is written: after `{"a":1,"\\":2}` it reads `{"a":1,"\ud800":2}` as the
 * former. Each key gets a stand-in, which is replaced in what comes of it.
 */
function parseEscapedKeys(text: string, keys: readonly Place[]): JsonValue {
  const prefix = unusedName(text)
  let rewritten = ''
  let copied = 0
  for (const [index, { start, end }] of keys.entries()) {
    rewritten += `${text.slice(copied, start)}"${prefix}${index}"`
    copied = end
  }
  const names = keys.map(({ start, end }) => String(JSON.parse(text.slice(start, end))))
  const nameOf = (key: string) =>
    (key.startsWith(prefix) ? names[Number(key.slice(prefix.length))] : key) ?? key
  return renameKeys(parseJson(rewritten + text.slice(copied)), nameOf)
}

/** A name that is nowhere in the text, and short whatever the text holds: it is written once for each key. */
function unusedName(text: string): string {
  // One of this many numbers is left over: a name of the text takes five characters or more.
  const isUsed = new Uint8Array(Math.floor(text.length / 5) + 1)
  for (const [, digits] of text.matchAll(/key(\d{1,9})\./g)) isUsed[Number(digits)] = 1
  return `key${isUsed.indexOf(0)}.`
}

function renameKeys(root: JsonValue, nameOf: (key: string) => string): JsonValue {
  return replaceAll(root, (value) => {
    if (!isJsonObject(value)) return value
    // A copy: of equal names one counts, as in JSON.parse, though not always the last.
    return Object.fromEntries(Object.entries(value).map(([key, member]) => [nameOf(key), member]))
  })
}

/** Replaces a value, and then those within what it became, at any depth. */
function replaceAll(root: JsonValue, replace: (value: JsonValue) => JsonValue): JsonValue {
  const holder = [root]
  const pending: (JsonValue[] | JsonObject)[] = [holder]
  const replaceOne = (value: JsonValue) => {
    const replaced = replace(value)
    if (Array.isArray(replaced) || isJsonObject(replaced)) pending.push(replaced)
    return replaced
  }
  for (let container = pending.pop(); container; container = pending.pop()) replaceEach(container, replaceOne)
  return holder[0] ?? null
}

function replaceEach(container: JsonValue[] | JsonObject, replace: (value: JsonValue) => JsonValue): void {
  if (Array.isArray(container)) {
    for (const [index, value] of container.entries()) container[index] = replace(value)
  } else {
    // Even `__proto__` is safe to assign: JSON.parse and Object.fromEntries made it a property of the object's own.
    for (const [key, value] of Object.entries(container)) container[key] = replace(value)
  }
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
      numbers.push(holdsExactly(match[0]) ? Number(match[0]) : new ExactNumber(copyOf(match[0])))
    }
  }
  if (numbers.every((number) => typeof number === 'number')) return plain
  return replaceAll(JSON.parse(rewritten + text.slice(copied)), (value) =>
    typeof value === 'number' ? (numbers[value] ?? value) : value,
  )
}

/** A part of a text keeps all of it in memory: here a whole reply, for one number of a configuration. */
function copyOf(digits: string): string {
  return Buffer.from(digits, 'latin1').toString('latin1')
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
