import type { Coverage } from '../../store/coverage.ts'
import { type Instant, parseInstant } from '../../values/instant.ts'
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

/**
 * How many writes should not have been necessary, whatever found them: late jobs, and finished ones that differed or were
 * marked as gone.
 */
export function countRepairs(
  { jobs }: { readonly jobs: readonly Observed<ListedJob>[] },
  written: Pick<Written, 'insertedIds' | 'revisedIds'>,
  promised: Promised | null,
): number {
  const createdAt = new Map(jobs.map(({ job }) => [job.id, job.createdAt]))
  const late = written.insertedIds.filter((id) => {
    const text = createdAt.get(id)
    const created = text === null || text === undefined ? undefined : parseInstant(text)
    return created !== undefined && promised !== null && created >= promised.from && created <= promised.to
  })
  return late.length + written.revisedIds.length
}
