import { shorten } from '../error-text.ts'
import type { Redactor } from '../redact.ts'
import { EXAMPLES, KNOWN_NAMES } from './variables.ts'

/** One line about one variable: its name, what is wrong, and how a right value looks. */
export function faultLine(name: string, problem: string): string {
  const example = EXAMPLES[name]
  return `${name}: ${problem}${example === undefined ? '' : `; for example ${name}=${example}`}`
}

/** A wrong value as it may be shown. A key or an address with a password may have landed in the wrong variable. */
export function shownValue(value: string, redact: Redactor): string {
  if (/llx-|:\/\/.*@/is.test(value)) return 'the value (not shown, it looks like a secret)'
  return JSON.stringify(shorten(redact(value), 60))
}

/** A line for each `SYNC_*` variable that does not exist and is not `named` elsewhere, with the name that was probably meant. */
export function unknownNames(names: readonly string[], named: readonly string[]): string[] {
  const candidates = KNOWN_NAMES.filter((name) => name.startsWith('SYNC_'))
  return names
    .filter((name) => name.startsWith('SYNC_') && !KNOWN_NAMES.includes(name) && !named.includes(name))
    .map((name) => `${name}: there is no such setting; did you mean ${nearest(name, candidates)}?`)
}

function nearest(name: string, candidates: readonly string[]): string {
  const ranked = candidates.map((candidate) => ({ candidate, distance: editDistance(name, candidate) }))
  return ranked.sort((left, right) => left.distance - right.distance)[0]?.candidate ?? ''
}

/** How many letters must be added, dropped or replaced to get from one word to the other. Levenshtein, 1965. */
function editDistance(from: string, to: string): number {
  let previous = Array.from({ length: to.length + 1 }, (_, index) => index)
  for (const [row, letter] of [...from].entries()) {
    const current = [row + 1]
    for (const [column, other] of [...to].entries()) {
      const replaced = (previous[column] ?? 0) + (letter === other ? 0 : 1)
      const dropped = (previous[column + 1] ?? 0) + 1
      const added = (current[column] ?? 0) + 1
      current.push(Math.min(replaced, dropped, added))
    }
    previous = current
  }
  return previous[to.length] ?? 0
}
