import { isDeepStrictEqual } from 'node:util'
import type { Observed } from '../../sync/job-list.ts'
import type { Job } from './job.ts'

export type ObservedJob = Observed<Job>

export interface Batch {
  /** Every id once. */
  readonly jobs: ObservedJob[]
  /** How many were dropped because another observation in the batch says the same. */
  readonly unchanged: number
  /** How many were dropped because another observation in the batch is newer (I4). */
  readonly stale: number
}

/**
 * Resolves ids that occur more than once in a batch, as pages may repeat items (A5), just as the upsert would resolve
 * them one after the other; a single statement cannot write a row twice.
 */
export function resolveDuplicates(observed: readonly ObservedJob[]): Batch {
  const newest = new Map<string, ObservedJob>()
  let unchanged = 0
  let stale = 0
  for (const candidate of observed) {
    const rival = newest.get(candidate.job.id)
    if (rival === undefined) {
      newest.set(candidate.job.id, candidate)
      continue
    }
    if (isDeepStrictEqual(candidate.job, rival.job)) unchanged += 1
    else stale += 1
    if (!isOlder(candidate, rival)) newest.set(candidate.job.id, candidate)
  }
  return { jobs: [...newest.values()], unchanged, stale }
}

/** Both kinds of time are canonical text (UTC, six digits), which sorts as the moments do. */
function isOlder(candidate: ObservedJob, rival: ObservedJob): boolean {
  const mine = candidate.job.updatedAt
  const theirs = rival.job.updatedAt
  if (mine !== null && theirs !== null && mine !== theirs) return mine < theirs
  return candidate.observedAt < rival.observedAt
}
