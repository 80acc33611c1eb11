/**
 * A moment in microseconds since 1970-01-01T00:00:00Z. A JavaScript number holds it exactly for the years 1685 to
 * 2255, which is why window arithmetic uses it and stored upstream times, which may be absurd (A11), do not.
 */
export type Instant = number

export const MICROSECOND: Instant = 1
export const MILLISECOND: Instant = 1_000
export const SECOND: Instant = 1_000_000
export const MINUTE: Instant = 60 * SECOND
export const HOUR: Instant = 60 * MINUTE
export const DAY: Instant = 24 * HOUR

/** An RFC 3339 date-time taken apart: whole seconds since 1970 and the microseconds on top of them. */
export interface Timestamp {
  readonly seconds: number
  /** 0..999999 */
  readonly micros: number
  /** False when the text named a fraction finer than a microsecond, which is cut off here. */
  readonly exact: boolean
}

const PATTERN = /^(\d{4}-\d{2}-\d{2})[Tt ](\d{2}:\d{2}:\d{2})(?:[.,](\d+))?(?:[Zz]|([+-])(\d{2}):?(\d{2})?)?$/
const FIRST_SECOND = -62_135_596_800 // 0001-01-01T00:00:00Z
const LAST_SECOND = Date.UTC(9999, 11, 31, 23, 59, 59) / 1000

/**
 * Reads an RFC 3339 date-time; a time without an offset is UTC. Undefined for anything else, for dates that do not
 * exist, and for moments outside the years 0001 to 9999 (UTC), which a `timestamptz` literal cannot name.
 */
export function parseTimestamp(text: string): Timestamp | undefined {
  const match = PATTERN.exec(text)
  if (!match) return undefined
  const [, date, time, fraction = '', sign, offsetHours = '0', offsetMinutes = '0'] = match
  const local = utcSeconds(`${date}T${time}`)
  if (local === undefined || Number(offsetHours) > 23 || Number(offsetMinutes) > 59) return undefined
  const offset = (Number(offsetHours) * 60 + Number(offsetMinutes)) * 60 * (sign === '-' ? -1 : 1)
  const seconds = local - offset
  if (seconds < FIRST_SECOND || seconds > LAST_SECOND) return undefined
  return {
    seconds,
    micros: Number(fraction.slice(0, 6).padEnd(6, '0')),
    exact: /^0*$/.test(fraction.slice(6)),
  }
}

/** Seconds since 1970 of a UTC date and time, `2024-01-31T12:00:00`; undefined when there is no such date or time. */
function utcSeconds(text: string): number | undefined {
  const date = new Date(`${text}Z`)
  // A day that its month does not have is read as one of the next month, and 24:00 as the next day.
  return date.getUTCDate() === Number(text.slice(8, 10)) ? date.getTime() / 1000 : undefined
}

const CANONICAL =
  /^(?!0000)\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d\.\d{6}Z$/

/**
 * Whether a text surely is what `formatTimestamp` makes of it: then it need not be taken apart. False for the last days of
 * a month, which not every month has.
 */
export function isCanonicalTimestamp(text: string): boolean {
  return CANONICAL.test(text)
}

/** The canonical text of a timestamp: UTC with six digits, `2024-01-01T00:00:00.000000Z`. */
export function formatTimestamp({ seconds, micros }: Pick<Timestamp, 'seconds' | 'micros'>): string {
  const whole = new Date(seconds * 1000).toISOString().slice(0, 19)
  return `${whole}.${String(micros).padStart(6, '0')}Z`
}

/** Reads a date-time, if there is one, as an Instant; undefined where `parseTimestamp` is, or where a number cannot hold it exactly. */
export function parseInstant(text: string | null | undefined): Instant | undefined {
  const timestamp = parseTimestamp(text ?? '')
  if (!timestamp) return undefined
  const instant = timestamp.seconds * SECOND + timestamp.micros
  return Number.isSafeInteger(instant) ? instant : undefined
}

export function formatInstant(instant: Instant): string {
  const seconds = Math.floor(instant / SECOND)
  return formatTimestamp({ seconds, micros: instant - seconds * SECOND })
}

/** The instant of a `Date` header or another HTTP date; undefined when it is not one. Source: RFC 9110, 5.6.7. */
export function parseHttpDate(text: string): Instant | undefined {
  const ms = Date.parse(text)
  return Number.isNaN(ms) ? undefined : ms * MILLISECOND
}
