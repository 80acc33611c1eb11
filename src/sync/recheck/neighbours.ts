import { gapsBetween } from '../../store/jobs-by-id.ts'
import type { RunContext } from '../run.ts'
import { idBatches, MOST_IDS } from './batches.ts'

/** How many pages of one listing are read for its jobs, at most. */
const MOST_PAGES = 10

type Where = Pick<RunContext, 'pool' | 'jobs'>

/** What one request each asks for: so many ids or, of a list that takes none, neighbours. */
export async function batchesOf(where: Where, ids: readonly string[], most: number): Promise<string[][]> {
  if (where.jobs.asksById) return idBatches(ids, most)
  const { groups, unplaced } = await neighbours(where, ids)
  return [...groups, ...unplaced.map((id) => [id])]
}

interface Neighbours {
  readonly groups: string[][]
  /** Those of which it is not known when they were created. */
  readonly unplaced: string[]
}

/**
 * Groups jobs that one listing of a piece of created_at is to bring: those with no more than a page of others between them,
 * so that no job costs more than a listing of its own would.
 */
export async function neighbours({ pool, jobs }: Where, ids: readonly string[]): Promise<Neighbours> {
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
  return { groups, unplaced: ids.filter((id) => !placed.has(id)) }
}
