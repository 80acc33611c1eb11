import { DAY, type Instant, parseInstant } from '../values/instant.ts'

/** A reader turns a variable's text into its value, or into undefined when it is not one. */
export type Reader<T> = (text: string) => T | undefined

/** At most `count` requests in any `perMs` milliseconds. */
export interface RateLimit {
  readonly count: number
  readonly perMs: number
}

const DURATION = /^(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m(?!s))?(?:(\d+)s)?(?:(\d+)ms)?$/
const UNIT_MS = [86_400_000, 3_600_000, 60_000, 1_000, 1]

/** `500ms`, `15s`, `5m`, `2h`, `7d`, `1h30m` (greater units first) or a bare `0`, as milliseconds. */
export function readDuration(text: string): number | undefined {
  if (text === '0') return 0
  const match = text === '' ? null : DURATION.exec(text)
  if (!match) return undefined
  const total = UNIT_MS.reduce((sum, unit, index) => sum + Number(match[index + 1] ?? 0) * unit, 0)
  return Number.isSafeInteger(total) ? total : undefined
}

/** A duration from `least` to `most`, both in milliseconds and both allowed. */
export function durationBetween(least: number, most: number): Reader<number> {
  return (text) => within(readDuration(text), least, most)
}

export function wholeBetween(least: number, most: number): Reader<number> {
  return (text) => within(/^\d{1,15}$/.test(text) ? Number(text) : undefined, least, most)
}

/** A part of one, such as `0.7` or `1`: above 0. */
export function readShare(text: string): number | undefined {
  const share = /^\d?(\.\d{1,15})?$/.test(text) ? Number(text) : Number.NaN
  return share > 0 && share <= 1 ? share : undefined
}

function within(value: number | undefined, least: number, most: number): number | undefined {
  return value !== undefined && value >= least && value <= most ? value : undefined
}

const FASTEST_PER_SECOND = 1_000

/** `10/s` or `20/m`. Whole numbers only: a slower pace than one a second is written per minute. */
export function readRate(text: string): RateLimit | undefined {
  const match = /^(\d{1,6})\/([sm])$/.exec(text)
  if (!match) return undefined
  const count = Number(match[1])
  const perMs = match[2] === 's' ? 1_000 : 60_000
  return count >= 1 && count <= (FASTEST_PER_SECOND * perMs) / 1_000 ? { count, perMs } : undefined
}

/** A date-time, or a date alone, which means its midnight in UTC. */
export function readInstant(text: string): Instant | undefined {
  return parseInstant(/^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text}T00:00:00Z` : text)
}

/** Looks like a cron expression of five fields, or of six with seconds first. */
export function readCron(text: string): string | undefined {
  const fields = text.split(/\s+/)
  const sound = fields.every((field) => /^[\dA-Za-z*?/,#LW+-]+$/.test(field))
  return sound && (fields.length === 5 || fields.length === 6) ? fields.join(' ') : undefined
}

/**
 * An http(s) address without a slash at its end. Undefined for one with credentials, a query, or the path that the
 * client adds by itself (`/api/v2`), which would be there twice.
 */
export function readBaseUrl(text: string): string | undefined {
  if (!URL.canParse(text)) return undefined
  const url = new URL(text)
  const plain = url.username === '' && url.password === '' && url.search === '' && url.hash === ''
  if (!plain || !/^https?:$/.test(url.protocol) || /\/api(\/v\d+)?\/*$/.test(url.pathname)) return undefined
  return `${url.origin}${url.pathname}`.replace(/\/+$/, '')
}

/** A host name, or an IPv4 or IPv6 address without brackets. */
export function readHost(text: string): string | undefined {
  return /^[A-Za-z0-9.:_-]{1,253}$/.test(text) ? text : undefined
}

/** A name without spaces, as it stands in tables, metrics and logs. */
export function readName(text: string): string | undefined {
  return /^[A-Za-z0-9][A-Za-z0-9_.-]{0,62}$/.test(text) ? text : undefined
}

/** An opaque id of the API: visible characters, no spaces. */
export function readId(text: string): string | undefined {
  return /^[\x21-\x7e]{1,200}$/.test(text) ? text : undefined
}

/** UUIDs compare without case, but the stored scope is compared as text: one spelling for each. */
export function readUuid(text: string): string | undefined {
  const uuid = text.toLowerCase()
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(uuid) ? uuid : undefined
}

/** Words with commas between them, each once and of the given form. */
export function readWords(form: RegExp): Reader<readonly string[]> {
  return (text) => {
    const words = text.split(',').map((word) => word.trim())
    return words.every((word) => form.test(word)) ? [...new Set(words)] : undefined
  }
}

const LOOKUPS = ['projects', 'configurations', 'files', 'usage']

/** `off`, or names of lookups. */
export const readLookups: Reader<readonly string[]> = (text) => {
  if (text.toLowerCase() === 'off') return []
  const words = readWords(/^[a-z]+$/)(text)
  return words?.every((word) => LOOKUPS.includes(word)) ? words : undefined
}

export const DAY_MS = DAY / 1_000
