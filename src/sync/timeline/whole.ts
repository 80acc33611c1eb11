import { Committer } from '../commit/committer.ts'
import { listPages } from '../listing.ts'
import { isPast, type RunContext } from '../run.ts'

/**
 * Reads one listing without time filters, from its beginning to its end: the only one that shows jobs without created_at
 * (A11). What it does not show proves nothing.
 *
 * @returns false when the deadline came first: the next one begins again
 */
export async function readWhole(run: RunContext): Promise<boolean> {
  const commits = new Committer<null>(run).open()
  try {
    for await (const page of listPages(run, {})) {
      await commits.add(page, null)
      run.onProgress({ part: 'whole', done: null, received: run.tally.counts.received })
      if (page.nextPageToken !== null && isPast(run.deadline, run)) return false
    }
    await commits.flush()
    return true
  } finally {
    await commits.settle()
  }
}
