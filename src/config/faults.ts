import { shorten } from '../error-text.ts'
import { SettingsError } from '../errors.ts'
import type { Redactor } from '../redact.ts'
import { KNOWN_NAMES, SETTINGS } from './catalogue.ts'

/** What a SettingsError says; anything else is thrown on. */
export function faultOf(error: unknown): string {
  if (!(error instanceof SettingsError)) throw error
  return error.message
}

/** One line about one variable: its name, what is wrong, and how a right value looks. */
export function faultLine(name: string, problem: string): string {
  const example = SETTINGS[name]?.example
  return `${name}: ${problem}${example === undefined ? '' : `; for example ${name}=${example}`}`
}

/** A key or an address with a password may have landed in the wrong variable. */
export function looksSecret(value: string): boolean {
  return /llx-|:\/\/.*@/is.test(value)
}

/** A wrong value as it may be shown. */
export function shownValue(value: string, redact: Redactor): string {
  if (looksSecret(value)) return 'the value (hidden, it looks like a secret)'
  return JSON.stringify(shorten(redact(value), 60))
}

/**
 * A line for each variable that was meant to be a setting and is none: an unknown `SYNC_*` name, one that differs from a
 * setting in case or signs alone (a byte-order mark among them), and a near miss of a `LLAMA_CLOUD_*` name that is not set.
 * Those `named` elsewhere are keys.
 */
export function unknownNames(names: readonly string[], named: readonly string[]): string[] {
  const isSet = (known: string) =>
    names.some((name) => name.replace(/_FILE$/, '') === known.replace(/_FILE$/, ''))
  // One key that no source names is nobody's mistake: it is another worker's.
  const unset = OURS.filter((known) => !isSet(known) && (!KEYS.includes(known) || named.includes(known)))
  return names
    .filter((name) => !KNOWN_NAMES.includes(name) && !named.includes(name))
    .flatMap((name) => {
      const meant = meantBy(name, unset)
      return meant === undefined ? [] : [`${visible(name)}: unknown setting; did you mean ${meant}?`]
    })
}

/** The names that nobody else has. */
const OURS = KNOWN_NAMES.filter((name) => /^(SYNC_|LLAMA_CLOUD_|DATABASE_URL)/.test(name))
const KEYS = OURS.filter((name) => name.startsWith('LLAMA_CLOUD_API_KEY'))
const OF_SYNC = OURS.filter((name) => name.startsWith('SYNC_'))
/** `LLAMA_CLOUD_PROJECT` is that far from `LLAMA_CLOUD_PROJECT_ID`. */
const NEAR = 3

function meantBy(name: string, unset: readonly string[]): string | undefined {
  const letters = lettersOf(name)
  const same = unset.find((known) => lettersOf(known) === letters)
  if (same !== undefined) return same
  const bare = name.replace(/^SYNC_/, '')
  if (KNOWN_NAMES.includes(bare)) return bare
  if (name.startsWith('SYNC_')) return nearest(name, OF_SYNC)
  if (!/^LLAMA/i.test(name)) return undefined
  const near = nearest(name.toUpperCase(), unset)
  if (editDistance(name.toUpperCase(), near) <= NEAR) return near
  return unset.find((known) => known.startsWith('LLAMA') && isShortFor(wordsOf(name), wordsOf(known)))
}

/** `LLAMA_CLOUD_ORG_ID`, `LLAMACLOUD_URL`: each word begins one of the setting's, in their order, and the last its last. */
function isShortFor(words: readonly string[], full: readonly string[]): boolean {
  let from = 0
  for (const word of words) {
    const found = full.findIndex((each, index) => index >= from && each.startsWith(word))
    if (found < 0) return false
    from = found + 1
  }
  return words.length > 0 && from === full.length
}

/** Without the words that all of them begin with. */
function wordsOf(name: string): string[] {
  const own = name.toUpperCase().replace(/^LLAMA_?(CLOUD|INDEX|PARSE)?_?/, '')
  return own.split('_').filter((word) => word !== '')
}

function lettersOf(name: string): string {
  return name.toUpperCase().replaceAll(/[^A-Z0-9]/g, '')
}

/** Signs that nobody sees are why it is no setting. */
function visible(name: string): string {
  return name.replaceAll(/[^\x21-\x7e]/g, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`)
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
