import { ApiRefusedError, ApiRequestError, ApiUnavailableError } from '../../errors.ts'
import {
  addLookup,
  type Claimed,
  claimLookup,
  dropLookup,
  dueLookups,
  type LookupProgress,
  noteLookup,
  type Place,
} from '../../store/lookups.ts'
import { ownTime } from '../../sync/run.ts'
import type { Source } from '../../sync/source.ts'
import { formatInstant, type Instant, parseInstant } from '../../values/instant.ts'
import { LISTS } from '../lists.ts'
import { AGES, readFilesOf } from './files.ts'
import { LOOKUPS } from './lookup.ts'
import type { Reading } from './read.ts'
import { readDays, readUsage } from './usage.ts'
import { type Days, dayOf } from './usage-days.ts'
import { readWhole } from './whole.ts'

export interface LookUpOptions extends Reading, Pick<Source, 'clock' | 'explain' | 'log'> {
  /** Those of the scope. The first one keeps when what was read. */
  readonly sources: readonly [string, ...string[]]
  /** Words of SYNC_LOOKUPS. */
  readonly wanted: readonly string[]
  /** Where usage begins. */
  readonly startAt: Instant
}

/** Something that is read beside the jobs. */
interface Errand {
  readonly name: string
  /** The word of SYNC_LOOKUPS that asks for it. */
  readonly word: string
  readonly isWhole: boolean
  /** After a failure, as an interval of PostgreSQL; an hour when left out. */
  readonly retryIn?: string
  readonly read: (claimed: Claimed) => Promise<LookupProgress>
}

/** Reads what is due. It never rejects: a name that is missing costs no job anything (I12). */
export async function lookUp(options: LookUpOptions, signal: AbortSignal): Promise<void> {
  const runAll = async (errands: readonly Errand[]) => {
    for (const errand of errands) {
      if (signal.aborted) return
      await run(options, errand, signal).catch((error: unknown) => {
        if (!signal.aborted) options.log.warn({}, `${errand.name}: ${options.explain(error).message}`)
      })
    }
  }
  await runAll(errandsOf(options, signal))
  await daysErrands(options, signal).then(runAll, (error: unknown) => {
    if (!signal.aborted) options.log.warn({}, `usage: ${options.explain(error).message}`)
  })
}

function errandsOf(options: LookUpOptions, signal: AbortSignal): Errand[] {
  const { wanted, sources } = options
  const whole = LOOKUPS.map((lookup) => ({
    name: lookup.name,
    word: lookup.name,
    isWhole: true,
    read: (from: Claimed) =>
      readWhole(options, lookup, { from, keep: keeping(options, lookup.name) }, signal),
  }))
  const naming = LISTS.filter(({ fields }) => 'file_input' in fields)
  const files = naming.flatMap(({ jobs: { table } }) =>
    AGES.map(({ suffix, days }) => ({
      name: `files of ${table}${suffix}`,
      word: 'files',
      isWhole: false,
      read: (from: Claimed) => readFilesOf(options, { table, sources, days, from }, signal),
    })),
  )
  return [...whole, ...files, usageErrand(options, signal)].filter(({ word }) => wanted.includes(word))
}

function usageErrand(options: LookUpOptions, signal: AbortSignal): Errand {
  const { startAt, clock } = options
  const lookup = 'usage'
  const keep = (place: Place) => keeping(options, lookup)({ place, dueIn: null })
  const setAside = (days: Days) => addDays(options, { prefix: ASIDE, days, dueIn: '0' })
  const readLater = (days: Days) => addDays(options, { prefix: AGAIN, days, dueIn: '7 days' })
  // The clock that is behind: a day that one of them passes too early would be left out for ever.
  const present = (from: Claimed) =>
    Math.min(ownTime(clock), parseInstant(from.now) ?? Number.MAX_SAFE_INTEGER)
  const read = (from: Claimed) =>
    readUsage(options, { from, startAt, now: present(from), keep, setAside, readLater }, signal)
  return { name: lookup, word: lookup, isWhole: false, read }
}

function keeping({ pool, sources }: LookUpOptions, lookup: string) {
  return (end: LookupProgress) => noteLookup(pool, sources[0], { lookup, reason: null, ...end })
}

/** Days of usage with a reading of their own: each is a lookup until it was read. */
const OF_DAYS = 'usage '
/** Those that were set aside. */
const ASIDE = `${OF_DAYS}from `
/** Those that were read, some days ago: an API may show none for hours (A18), and credits may still have changed. */
const AGAIN = `${OF_DAYS}again from `
const DAYS_NAMED = /^usage (?:again )?from (\d{4}-\d\d-\d\d) to (\d{4}-\d\d-\d\d)$/

interface OfDays {
  readonly prefix: string
  readonly days: Days
  /** An interval of PostgreSQL. */
  readonly dueIn: string
}

function addDays(
  { pool, sources }: LookUpOptions,
  { prefix, days: { first, last }, dueIn }: OfDays,
): Promise<void> {
  const lookup = `${prefix}${dayOf(first)} to ${dayOf(last)}`
  return addLookup(pool, sources[0], { lookup, from: formatInstant(first), dueIn })
}

async function daysErrands(options: LookUpOptions, signal: AbortSignal): Promise<Errand[]> {
  const { pool, sources, wanted, organizationId } = options
  // Without an organization there is no usage, as its own lookup says.
  if (!wanted.includes('usage') || organizationId === null) return []
  const names = await dueLookups(pool, sources[0], OF_DAYS)
  return names.flatMap((name) => {
    const [first, last] = (DAYS_NAMED.exec(name) ?? [])
      .slice(1)
      .map((day) => parseInstant(`${day}T00:00:00Z`))
    if (first === undefined || last === undefined) return []
    const read = async (from: Claimed) => {
      const keep = (place: Place) => keeping(options, name)({ place, dueIn: null })
      const place = await readDays(options, { first, last }, { from, keep }, signal)
      if (place === null) await dropLookup(pool, sources[0], name)
      return { place, dueIn: '0' }
    }
    return [{ name, word: 'usage', isWhole: false, retryIn: '1 day', read }]
  })
}

async function run(
  options: LookUpOptions,
  { name, word, isWhole, retryIn, read }: Errand,
  signal: AbortSignal,
): Promise<void> {
  const { pool, sources } = options
  const claimed = await claimLookup(pool, { lookup: name, sources, isWhole })
  if (!claimed) return
  const end = await read(claimed).then(
    (read) => ({ reason: null, ...read }),
    (error: unknown) => {
      // Asked to stop. Time that is up is a failure like another.
      if (signal.aborted && !(signal.reason instanceof ApiUnavailableError)) throw error
      return {
        reason: tell(options, { name, word, error, isKnown: claimed.reason !== null }),
        place: null,
        dueIn: retryIn ?? null,
      }
    },
  )
  await noteLookup(pool, sources[0], { lookup: name, ...end })
}

interface Failed extends Pick<Errand, 'name' | 'word'> {
  readonly error: unknown
  readonly isKnown: boolean
}

/** Said once, until it has worked in between. */
function tell({ log, explain }: LookUpOptions, { name, word, error, isKnown }: Failed): string {
  const { message } = explain(error)
  const isDenied =
    error instanceof ApiRefusedError ||
    (error instanceof ApiRequestError && [400, 404].includes(error.status))
  const cure = isDenied ? ` To stop that, take ${word} out of SYNC_LOOKUPS.` : ''
  log[isKnown ? 'debug' : 'warn'](
    { lookup: name },
    `The lookup ${name} could not be read, and no job depends on it: ${message} ` +
      `It is tried again later.${cure}`,
  )
  return message
}
