import type { Coverage } from '../../store/coverage.ts'
import type { Bounds } from '../../store/spans.ts'
import { formatInstant } from '../../values/instant.ts'
import type { ListedJob, Observed, Written } from '../job-list.ts'
import type { RunOptions } from '../run.ts'

/** The part of created_at in which every job should have been stored when the run began. */
export function completeBy(
  coverage: Coverage | null,
  { overlap }: Pick<RunOptions, 'overlap'>,
): Bounds | null {
  return coverage && { lower: coverage.coveredFrom, upper: coverage.watermark - overlap }
}

function lateJobs(
  jobs: readonly Observed<ListedJob>[],
  insertedIds: readonly string[],
  complete: Bounds | null,
): number {
  if (complete === null || insertedIds.length === 0) return 0
  const inserted = new Set(insertedIds)
  // Canonical texts sort as their moments do.
  const [from, to] = [formatInstant(complete.lower), formatInstant(complete.upper)]
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
  complete: Bounds | null,
): number {
  return lateJobs(jobs, written.insertedIds, complete) + written.revisedIds.length
}
