import { gapsBetween } from '../../store/jobs-by-id.ts'
import type { RunContext } from '../run.ts'
import { MOST_IDS } from './batches.ts'

/** How many pages of one listing are read for its jobs, at most. */
const MOST_PAGES = 10

/**
 * Groups jobs that one listing of a piece of created_at is to bring, for a list that takes no ids: those with no more than a
 * page of others between them, so that no job costs more than a listing of its own would. Those of which it is not known
 * when they were created stay alone.
 */
export async function neighbours(
  { pool, jobs }: Pick<RunContext, 'pool' | 'jobs'>,
  ids: readonly string[],
): Promise<string[][]> {
  const most = jobs.pageSize.most
  const groups: string[][] = []
  const placed = new Set<string>()
  let listed = 0
  for (const { id, gap } of await gapsBetween(pool, jobs.table, ids, most + 1)) {
    const group = groups.at(-1)
    listed += gap
    placed.add(id)
    if (group && gap <= most && listed <= most * MOST_PAGES && group.length < MOST_IDS) group.push(id)
    else {
      groups.push([id])
      listed = 0
    }
  }
  return [...groups, ...ids.filter((id) => !placed.has(id)).map((id) => [id])]
}
