import { SettingsError } from '../../errors.ts'
import type { LookupProgress, Place } from '../../store/lookups.ts'
import { mayBeOfOne } from '../../sync/isolation.ts'
import { DAY, type Instant } from '../../values/instant.ts'
import type { Reading } from './read.ts'
import {
  afterFailure,
  type Cursor,
  cursorAt,
  type Days,
  placeOf,
  readOn,
  readPageOf,
  START,
} from './usage-days.ts'

/** Of one turn: what is left is for the next cycle. */
const MOST_PAGES = 100
/** So many days are listed together. */
const DAYS = 7
/** Credits are recorded late, and may change: so long they are read again four times a day. */
const UNSETTLED = 2 * DAY

export interface Aside {
  readonly from: Place
  /** Stores how far it has come. */
  readonly keep: (place: Place) => Promise<void>
}

export interface Usage extends Aside {
  /** Where the first day is. */
  readonly startAt: Instant
  readonly now: Instant
  /** Leaves days to a reading of their own. */
  readonly setAside: (days: Days) => Promise<void>
  /** Has days that were read, and are settled, read once more. */
  readonly readLater: (days: Days) => Promise<void>
}

/**
 * Reads the usage of an organization day by day, the latest days again, and each once more later. What is stored and does not
 * come stays. Each page is stored with the token of the next one, since one day may hold as many metrics as jobs. Days that fail
 * in two turns are set aside where the API answers for today: they hold up no others (A19).
 */
export async function readUsage(
  reading: Reading,
  usage: Usage,
  signal: AbortSignal,
): Promise<LookupProgress> {
  if (reading.organizationId === null)
    throw new SettingsError(
      'Usage is told by organization: set LLAMA_CLOUD_ORGANIZATION_ID, or organizationId in SYNC_SOURCES_FILE, or take usage out of SYNC_LOOKUPS.',
    )
  const { from, startAt, now, keep } = usage
  const today = { first: now - (now % DAY), last: now }
  let [at, hasMoved, isAnswered] = [cursorAt(from, startAt), false, false]
  for (let pages = 0; pages < MOST_PAGES; pages++) {
    const { first } = at
    if (first > now) return { place: placeOf({ ...at, ...START, first: now - UNSETTLED }), dueIn: '6 hours' }
    const isPast = first < today.first
    try {
      if (at.hasFailed && isPast) {
        if (!isAnswered) await readPageOf(reading, today, null, signal)
        isAnswered = true
        at = { ...at, ...START, first: Math.min(first + DAYS * DAY, today.first) }
        await usage.setAside({ first, last: at.first - DAY })
      } else {
        const week = { first, last: first + (DAYS - 1) * DAY }
        const after = await readOnOrNote(reading, week, { at, hasMoved, keep }, signal)
        const last = Math.min(week.last, today.first - UNSETTLED - DAY)
        if (after === null && first <= last) await usage.readLater({ first, last })
        at = after ?? { ...at, ...START, first: first + DAYS * DAY }
      }
    } catch (error) {
      const isOfDays = isAnswered && isPast && !hasMoved && mayBeOfOne(error)
      if (!isOfDays || signal.aborted) throw error
      at = afterFailure(at, error).at // They are set aside next.
    }
    hasMoved = at.first === first && !at.hasFailed
    await keep(placeOf(at))
  }
  return { place: placeOf(at), dueIn: '0' }
}

/** Reads days that have a reading of their own; returns how far it came, null when all were read. */
export async function readDays(
  reading: Reading,
  days: Days,
  { from, keep }: Aside,
  signal: AbortSignal,
): Promise<Place | null> {
  let at = cursorAt(from, days.first)
  for (let pages = 0; pages < MOST_PAGES; pages++) {
    const after = await readOnOrNote(reading, days, { at, hasMoved: pages > 0, keep }, signal)
    if (after === null) return null
    at = after
    await keep(placeOf(at))
  }
  return placeOf(at)
}

interface Step extends Pick<Aside, 'keep'> {
  readonly at: Cursor
  /** A page of these days was read in this turn. */
  readonly hasMoved: boolean
}

/** Notes a failure that may be of these days: where none of them was read in this turn, or what was read is lost. */
async function readOnOrNote(
  reading: Reading,
  days: Days,
  { at, hasMoved, keep }: Step,
  signal: AbortSignal,
): Promise<Cursor | null> {
  try {
    return await readOn(reading, days, at, signal)
  } catch (error) {
    const failed = afterFailure(at, error)
    if (mayBeOfOne(error) && (!hasMoved || failed.isLost)) await keep(placeOf(failed.at))
    throw error
  }
}
