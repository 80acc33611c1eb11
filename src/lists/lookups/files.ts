import { MOST_ITEMS } from '../../api/page-size.ts'
import { type Claimed, FILE_PREFIX, type Place, passJobs } from '../../store/lookups.ts'
import { bisect, mayBeOfOne } from '../../sync/isolation.ts'
import { type Reading, readPage, scopeOf } from './read.ts'

/** Of one turn: what is left is for the next cycle. */
const MOST_WINDOWS = 10

export interface FilesOf {
  /** Whose jobs name the files. */
  readonly table: string
  /** Jobs of other sources are of other scopes. */
  readonly sources: readonly string[]
  readonly from: Claimed
}

/**
 * Asks for the files that stored jobs name, in the order in which the jobs were stored, so that each is asked for once.
 * Returns how far it came.
 */
export async function readFilesOf(
  reading: Reading,
  { table, sources, from }: FilesOf,
  signal: AbortSignal,
): Promise<Place> {
  let at: Place = { until: from.until, id: from.id }
  for (let count = 0; count < MOST_WINDOWS; count++) {
    const { files, place } = await passJobs(reading.pool, { table, sources, from: at, limit: MOST_ITEMS })
    if (place === null) return at
    if (files.length > 0) await ask(reading, files, { isSuspect: from.reason !== null, signal })
    at = place
  }
  return at
}

interface Asking {
  /** The latest turn failed: what makes requests fail is found and passed over (A19), unless it is all of them. */
  readonly isSuspect: boolean
  readonly signal: AbortSignal
}

async function ask(reading: Reading, files: readonly string[], { isSuspect, signal }: Asking): Promise<void> {
  try {
    await askFor(reading, files, signal)
  } catch (error) {
    if (!isSuspect || files.length === 1 || !mayBeOfOne(error)) throw error
    const failing = await bisect([files], {
      size: ({ length }) => length,
      halves: (part) =>
        part.length < 2 ? [] : [part.slice(0, part.length >> 1), part.slice(part.length >> 1)],
      isWell: (part) => isWell(reading, part, signal),
    })
    if (failing.length === files.length) throw error
  }
}

async function isWell(reading: Reading, files: readonly string[], signal: AbortSignal): Promise<boolean> {
  try {
    await askFor(reading, files, signal)
    return true
  } catch (error) {
    if (!mayBeOfOne(error)) throw error
    return false
  }
}

async function askFor(reading: Reading, files: readonly string[], signal: AbortSignal): Promise<void> {
  const ids = files.map((id) => id.slice(FILE_PREFIX.length))
  const query = { ...scopeOf(reading), file_ids: ids, page_size: files.length }
  await readPage(
    reading,
    {
      table: 'files',
      columns: { name: 'text', file_type: 'text' },
      // Never with `expand`: a download URL is a secret.
      send: (client, init) => client.files.list(query, init).asResponse(),
    },
    signal,
  )
}
