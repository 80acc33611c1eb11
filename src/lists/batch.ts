import { isDeepStrictEqual } from 'node:util'
import type { Observed } from '../sync/job-list.ts'
import type { Job } from './columns.ts'
import { isEnd } from './list.ts'
import { isOlder, type Precedence } from './newest.ts'

export type ObservedJob = Observed<Job>

export interface Batch {
  /** Every id once. */
  readonly jobs: ObservedJob[]
  /** How many were dropped because another observation in the batch says the same. */
  readonly unchanged: number
  /** How many were dropped because another observation in the batch is newer (I4). */
  readonly stale: number
  /** Ids of which an earlier observation won over a later one. */
  readonly doubtfulIds: readonly string[]
}

/**
 * Resolves ids that occur more than once in a batch, as pages may repeat items (A5), just as the upsert would resolve
 * them one after the other; a single statement cannot write a row twice.
 */
export function resolveDuplicates(observed: readonly ObservedJob[], precedence: Precedence): Batch {
  const newest = new Map<string, ObservedJob>()
  const doubtful = new Set<string>()
  let unchanged = 0
  let stale = 0
  for (const candidate of observed) {
    const rival = newest.get(candidate.job.id)
    if (rival === undefined) {
      newest.set(candidate.job.id, candidate)
      continue
    }
    const older = isOlder(candidate, rival, precedence)
    if (!older) newest.set(candidate.job.id, candidate)
    if (isSame(candidate, rival, precedence)) unchanged += 1
    else {
      stale += 1
      // Canonical text sorts as the moments do.
      const [winner, loser] = older ? [rival, candidate] : [candidate, rival]
      if (winner.observedAt < loser.observedAt) doubtful.add(candidate.job.id)
    }
  }
  return { jobs: [...newest.values()], unchanged, stale, doubtfulIds: [...doubtful] }
}

/** What the upsert takes for unchanged: of finished jobs, a difference in `extra` alone as well (A21). */
function isSame(candidate: ObservedJob, rival: ObservedJob, { list }: Precedence): boolean {
  const extra = isEnd(list, candidate.job.status) ? rival.job.extra : candidate.job.extra
  return isDeepStrictEqual({ ...candidate.job, extra }, rival.job)
}
