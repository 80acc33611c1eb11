import { ApiRefusedError, ApiRequestError, ApiUnavailableError } from '../../errors.ts'
import { type Claimed, claimLookup, noteLookup, type Place } from '../../store/lookups.ts'
import type { RunLog } from '../../sync/run.ts'
import { LISTS } from '../lists.ts'
import { readFilesOf } from './files.ts'
import { LOOKUPS } from './lookup.ts'
import { type Reading, readWhole } from './read.ts'

export interface LookUpOptions extends Reading {
  /** Those of the scope. The first one keeps when what was read. */
  readonly sources: readonly [string, ...string[]]
  /** Words of SYNC_LOOKUPS. */
  readonly wanted: readonly string[]
  /** Turns whatever was thrown into an error that names cause and cure and holds no secret (I10). */
  readonly explain: (error: unknown) => Error
  readonly log: RunLog
}

/** Something that is read beside the jobs. */
interface Errand {
  readonly name: string
  /** The word of SYNC_LOOKUPS that asks for it. */
  readonly word: string
  readonly isWhole: boolean
  /** Returns where to go on; null where it is read whole. */
  readonly read: (claimed: Claimed) => Promise<Place | null>
}

/** Reads what is due. It never rejects: a name that is missing costs no job anything (I12). */
export async function lookUp(options: LookUpOptions, signal: AbortSignal): Promise<void> {
  for (const errand of errandsOf(options, signal)) {
    if (signal.aborted) return
    await run(options, errand, signal).catch((error: unknown) => {
      if (!signal.aborted) options.log.warn({}, `${errand.name}: ${options.explain(error).message}`)
    })
  }
}

function errandsOf(options: LookUpOptions, signal: AbortSignal): Errand[] {
  const { wanted, sources } = options
  const whole = LOOKUPS.map((lookup) => ({
    name: lookup.name,
    word: lookup.name,
    isWhole: true,
    read: () => readWhole(options, lookup, signal).then(() => null),
  }))
  const naming = LISTS.filter(({ fields }) => 'file_input' in fields)
  const files = naming.map(({ jobs: { table } }) => ({
    name: `files of ${table}`,
    word: 'files',
    isWhole: false,
    read: (from: Claimed) => readFilesOf(options, { table, sources, from }, signal),
  }))
  return [...whole, ...files].filter(({ word }) => wanted.includes(word))
}

async function run(
  options: LookUpOptions,
  { name, word, isWhole, read }: Errand,
  signal: AbortSignal,
): Promise<void> {
  const { pool, sources } = options
  const claimed = await claimLookup(pool, { lookup: name, sources, isWhole })
  if (!claimed) return
  const end = await read(claimed).then(
    (place) => ({ reason: null, place }),
    (error: unknown) => {
      // Asked to stop. Time that is up is a failure like another.
      if (signal.aborted && !(signal.reason instanceof ApiUnavailableError)) throw error
      return { reason: tell(options, { name, word, error, isKnown: claimed.reason !== null }), place: null }
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
    error instanceof ApiRefusedError || (error instanceof ApiRequestError && error.status === 404)
  const cure = isDenied ? ` To stop that, take ${word} out of SYNC_LOOKUPS.` : ''
  log[isKnown ? 'debug' : 'warn'](
    { lookup: name },
    `The names of the lookup ${name} could not be read, and no job depends on them: ${message} ` +
      `They are asked for again later.${cure}`,
  )
  return message
}
