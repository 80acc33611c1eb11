import { MOST_ITEMS } from '../../api/page-size.ts'
import type { Claimed, LookupProgress, Place } from '../../store/lookups.ts'
import { FILE_PREFIX, passJobs } from '../../store/passed-jobs.ts'
import { bisect, mayBeOfOne } from '../../sync/isolation.ts'
import { halved } from '../../sync/recheck/batches.ts'
import { DAY, parseInstant } from '../../values/instant.ts'
import { scopeQuery } from '../list.ts'
import { type Reading, readPage } from './read.ts'

/** Of one turn: what is left is for the next cycle. */
const MOST_WINDOWS = 10

/**
 * How long after a job was stored its file is asked for, if it is not known by then: an API may hide some files for hours
 * (A18), or fail for them for days (A19).
 */
export const AGES = [
  { suffix: '', days: 0 },
  { suffix: ' after a day', days: 1 },
  { suffix: ' after a week', days: 7 },
] as const

export interface FilesOf {
  /** Whose jobs name the files. */
  readonly table: string
  /** Jobs of other sources are of other scopes. */
  readonly sources: readonly string[]
  /** Since they were stored, at least. */
  readonly days: number
  readonly from: Claimed
}

/**
 * Asks for the files that stored jobs name, in the order in which the jobs were stored, so that each is asked for once at each age.
 * Returns how far it came. Where none comes, the API may show none (A18): that is believed a day later.
 */
export async function readFilesOf(
  reading: Reading,
  { table, sources, days, from }: FilesOf,
  signal: AbortSignal,
): Promise<LookupProgress> {
  let at: Place = { until: from.until, id: from.id }
  for (let count = 0; count < MOST_WINDOWS; count++) {
    const jobs = { table, sources, from: at, limit: MOST_ITEMS, age: `${days} days` }
    const { files, place } = await passJobs(reading.pool, jobs)
    if (place === null) return { place: at, dueIn: days === 0 ? '0' : null }
    const came =
      files.length > 0 ? await ask(reading, files, { isSuspect: from.reason !== null, signal }) : null
    if (came === 0 && isYoung(place, from, days)) return { place: at, dueIn: null }
    at = place
  }
  return { place: at, dueIn: '0' }
}

function isYoung({ until }: Place, { now }: Claimed, days: number): boolean {
  const [stored = 0, present = 0] = [parseInstant(until), parseInstant(now)]
  return stored > present - (days + 1) * DAY
}

interface Asking {
  /** The latest turn failed: what makes requests fail is found and passed over (A19), unless it is all of them. */
  readonly isSuspect: boolean
  readonly signal: AbortSignal
}

/** Returns how many came. */
async function ask(
  reading: Reading,
  files: readonly string[],
  { isSuspect, signal }: Asking,
): Promise<number> {
  try {
    return await askFor(reading, files, signal)
  } catch (error) {
    if (!isSuspect || files.length === 1 || !mayBeOfOne(error)) throw error
    let came = 0
    const failing = await bisect([files], {
      size: ({ length }) => length,
      halves: halved,
      isWell: async (part) => {
        const items = await askFor(reading, part, signal).catch((failure: unknown) => {
          if (!mayBeOfOne(failure)) throw failure
          return null
        })
        came += items ?? 0
        return items !== null
      },
    })
    if (failing.length === files.length) throw error
    return came
  }
}

/** An API may put fewer on a page than were asked for. */
async function askFor(reading: Reading, files: readonly string[], signal: AbortSignal): Promise<number> {
  const ids = files.map((id) => id.slice(FILE_PREFIX.length))
  const query = { ...scopeQuery(reading), file_ids: ids, page_size: files.length }
  let came = 0
  let token: string | null = null
  for (let pages = 0; pages < files.length && came < files.length; pages++) {
    const asked = token === null ? query : { ...query, page_token: token }
    const page = await readPage(
      reading,
      {
        table: 'files',
        columns: { name: 'text', file_type: 'text' },
        // Never with `expand`: a download URL is a secret.
        send: (client, init) => client.files.list(asked, init).asResponse(),
      },
      signal,
    )
    came += page.items
    token = page.token
    if (token === null) break
  }
  return came
}
