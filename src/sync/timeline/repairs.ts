import type { Coverage } from '../../store/coverage.ts'
import { type Instant, parseInstant } from '../../values/instant.ts'
import type { Items } from '../commit/commit.ts'
import type { Written } from '../job-list.ts'
import type { RunOptions } from '../run.ts'

interface Promised {
  readonly from: Instant
  readonly to: Instant
}

/** The part of created_at in which every job should have been stored before. */
export function promisedBy(
  coverage: Coverage | null,
  { overlap }: Pick<RunOptions, 'overlap'>,
): Promised | null {
  return coverage && { from: coverage.coveredFrom, to: coverage.watermark - overlap }
}

/** How many of a page's writes should not have been necessary: late jobs, and finished ones that differed. */
export function countRepairs(
  { jobs }: Pick<Items, 'jobs'>,
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
