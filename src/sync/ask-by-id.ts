import type { Committer } from './committer.ts'
import { listPages } from './listing.ts'
import type { RunContext } from './run.ts'

/** The API takes at most 100 ids a page, and a longer query than 6 KB is refused by some proxies on the way. */
const MOST_IDS = 100
const MOST_QUERY_BYTES = 6_000
const PARAMETER = '&job_ids='.length

/** Cuts ids into batches that one request can ask for. */
export function idBatches(ids: readonly string[]): string[][] {
  const batches: string[][] = []
  let batch: string[] = []
  let bytes = 0
  for (const id of ids) {
    const size = PARAMETER + encodeURIComponent(id).length
    if (batch.length === MOST_IDS || (batch.length > 0 && bytes + size > MOST_QUERY_BYTES)) {
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

/**
 * Asks for one batch of jobs by id, commits what comes, and returns the ids that the API did not return. It is the caller
 * who counts those.
 */
export async function askById(
  run: RunContext,
  ids: readonly string[],
  committer: Committer<null>,
): Promise<string[]> {
  const missing = new Set(ids)
  const commits = committer.open()
  try {
    for await (const page of listPages(run, { ids })) {
      for (const { job } of page.jobs) missing.delete(job.id)
      await commits.add(page, null)
    }
    await commits.flush()
  } finally {
    await commits.settle()
  }
  run.asked.ids += ids.length
  return [...missing]
}
