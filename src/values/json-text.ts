import { holdsExactly } from './decimal.ts'

/**
 * A token of 16 or more digits and points, or with an exponent, where a number can stand. Shorter ones always
 * survive. It is blind to quotes, so a hit may be part of a string; that costs time, never correctness.
 */
const SUSPECT = /[[:,\s]-?\d(?:[\d.]{15,}|[\d.]*[eE][+-]?\d)[\d.eE+-]*/g

/** Whether a number of `text`, which must be valid JSON, may be one that JavaScript rounds. */
export function mayLose(text: string): boolean {
  for (const [match] of text.matchAll(SUSPECT)) {
    if (!holdsExactly(match.slice(1))) return true
  }
  return /^-?\d/.test(text)
}

export interface Place {
  readonly start: number
  readonly end: number
}

/** Where the keys are that are written with an escape. `text` must be valid JSON. */
export function escapedKeys(text: string): Place[] {
  const keys: Place[] = []
  const colon = /\s*:/y
  for (let end = 0, backslash = text.indexOf('\\'); backslash !== -1; backslash = text.indexOf('\\', end)) {
    // It is the first escape of its string, so that the quote before it opens the string.
    const start = text.lastIndexOf('"', backslash)
    end = endOfString(text, start)
    colon.lastIndex = end
    if (colon.test(text)) keys.push({ start, end })
  }
  return keys
}

/** The index after the closing quote of the string that opens at `start`. */
export function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); ; end = text.indexOf('"', end + 1)) {
    let backslashes = 0
    while (text[end - 1 - backslashes] === '\\') backslashes += 1
    if (backslashes % 2 === 0) return end + 1
  }
}
