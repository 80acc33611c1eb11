import type { Coverage } from '../../store/coverage.ts'
import { formatInstant, type Instant } from '../../values/instant.ts'
import type { ListedJob, Observed, Written } from '../job-list.ts'
import type { RunOptions } from '../run.ts'

/** A piece of created_at, both ends included. */
export interface Promised {
  readonly from: Instant
  readonly to: Instant
}

/** The part of created_at in which every job should have been stored when the run began. */
export function promisedBy(
  coverage: Coverage | null,
  { overlap }: Pick<RunOptions, 'overlap'>,
): Promised | null {
  return coverage && { from: coverage.coveredFrom, to: coverage.watermark - overlap }
}

function lateJobs(
  jobs: readonly Observed<ListedJob>[],
  insertedIds: readonly string[],
  promised: Promised | null,
): number {
  if (promised === null || insertedIds.length === 0) return 0
  const inserted = new Set(insertedIds)
  // Canonical texts sort as their moments do.
  const [from, to] = [formatInstant(promised.from), formatInstant(promised.to)]
  const late = jobs.flatMap(({ job: { id, createdAt } }) =>
    createdAt !== null && createdAt >= from && createdAt <= to && inserted.has(id) ? [id] : [],
  )
  return new Set(late).size
}

/**
 * How many writes should not have been necessary, whatever found them: late jobs, and finished ones that differed or were
 * marked as gone.
 */
export function countRepairs(
  { jobs }: { readonly jobs: readonly Observed<ListedJob>[] },
  written: Pick<Written, 'insertedIds' | 'revisedIds'>,
  promised: Promised | null,
): number {
  return lateJobs(jobs, written.insertedIds, promised) + written.revisedIds.length
}
