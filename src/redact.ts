export const REDACTED = '[redacted]'

/** Replacing every occurrence of a text this short would blank ordinary words and numbers and hide nothing. */
const SHORTEST_SECRET = 4

export type Redactor = (text: string) => string

/**
 * Makes a function that replaces each known secret in a text, as it is and as it looks inside a URL or inside JSON
 * (I10). `secrets` is asked again for every text, since keys rotate. Secrets of fewer than 4 characters stay.
 */
export function createRedactor(secrets: () => readonly string[]): Redactor {
  let known: readonly string[] = []
  let patterns: readonly RegExp[] = []
  return (text) => {
    const current = secrets()
    if (!sameItems(current, known)) {
      known = [...current]
      patterns = patternsOf(known)
    }
    return patterns.reduce((redacted, pattern) => redacted.replace(pattern, REDACTED), text)
  }
}

/**
 * Redacts one line of JSON and leaves it JSON: a secret made of digits may sit inside a number, and a number with a
 * hole is no value. The strings and numbers of such a line are redacted one by one.
 */
export function redactJsonLine(line: string, redact: Redactor): string {
  const redacted = redact(line)
  if (redacted === line || isJson(redacted)) return redacted
  if (!isJson(line)) return redacted
  const whole = JSON.parse(line, (_key, value: unknown) => {
    if (typeof value === 'string') return redact(value)
    return typeof value === 'number' && redact(String(value)) !== String(value) ? REDACTED : value
  })
  return `${JSON.stringify(whole)}\n`
}

function sameItems(left: readonly string[], right: readonly string[]): boolean {
  return left.length === right.length && left.every((item, index) => item === right[index])
}

/** Longest first: a secret that contains another would otherwise leave its own rest behind. */
function patternsOf(secrets: readonly string[]): RegExp[] {
  const known = [...new Set(secrets)].filter((secret) => secret.length >= SHORTEST_SECRET)
  return known
    .sort((left, right) => right.length - left.length)
    .map((secret) => new RegExp(Array.from(secret, formsOf).join(''), 'g'))
}

/**
 * A character as it is, percent-encoded (in small letters, or twice), or escaped as in JSON (which may be quoted within JSON).
 * Each by itself, as what one library encodes another leaves alone.
 */
function formsOf(character: string): string {
  if (/^[0-9A-Za-z]$/.test(character)) return character
  const percent = Array.from(Buffer.from(character.toWellFormed()), (byte) => `%(?:25)?${hex(byte, 2)}`)
  const units = Array.from({ length: character.length }, (_, index) => character.charCodeAt(index))
  const unicode = units.map((unit) => `\\\\{1,4}u${hex(unit, 4)}`)
  const short = JSON.stringify(character).slice(1, -1).replace(/^\\+/, '')
  const plain = units.map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`).join('')
  const escaped = short === character ? '' : `|\\\\{1,4}${short}`
  const space = character === ' ' ? '|\\+' : ''
  return `(?:\\\\{0,4}${plain}|${percent.join('')}|${unicode.join('')}${escaped}${space})`
}

/** The digits of a number in hexadecimal, in letters of either case. */
function hex(number: number, digits: number): string {
  const text = number.toString(16).padStart(digits, '0')
  return text.replaceAll(/[a-f]/g, (letter) => `[${letter}${letter.toUpperCase()}]`)
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
