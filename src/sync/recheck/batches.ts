import type { JobList } from '../job-list.ts'

/** The API takes at most 100 ids a page, and a longer query than 6 KB is refused by some proxies on the way. */
export const MOST_IDS = 100
const MOST_QUERY_BYTES = 6_000
const PARAMETER = '&job_ids='.length

/** How many ids one request of a list may ask for. */
export function idsARequest({ asksById }: Pick<JobList, 'asksById'>, most = MOST_IDS): number {
  return asksById ? most : 1
}

/** Cuts ids into batches that one request can ask for, of at most this many. */
export function idBatches(ids: readonly string[], most = MOST_IDS): string[][] {
  const batches: string[][] = []
  let batch: string[] = []
  let bytes = 0
  for (const id of ids) {
    const size = PARAMETER + encodeURIComponent(id).length
    if (batch.length === most || (batch.length > 0 && bytes + size > MOST_QUERY_BYTES)) {
      batches.push(batch)
      batch = []
      bytes = 0
    }
    batch.push(id)
    bytes += size
  }
  if (batch.length > 0) batches.push(batch)
  return batches
}

/** Two halves of a batch; nothing of one id alone. */
export function halved(ids: readonly string[]): string[][] {
  const middle = Math.ceil(ids.length / 2)
  return ids.length < 2 ? [] : [ids.slice(0, middle), ids.slice(middle)]
}
