import { extentOf } from '../../store/jobs-by-id.ts'
import type { Bounds } from '../../store/spans.ts'
import { parseInstant } from '../../values/instant.ts'
import type { ListQuery } from '../job-list.ts'
import type { RunContext } from '../run.ts'

type Where = Pick<RunContext, 'pool' | 'jobs'>

/**
 * The listing in which these jobs are to be found: by their ids or, where the list takes none, where they were created.
 * Null where that is not known: to read the whole list for them would be without end.
 */
export async function located(where: Where, ids: readonly string[]): Promise<ListQuery | null> {
  return where.jobs.asksById ? { ids } : whereCreated(where, ids)
}

/** The time in which these jobs were created; null when none is stored with one. */
export async function whereCreated({ jobs, pool }: Where, ids: readonly string[]): Promise<Bounds | null> {
  const extent = await extentOf(pool, jobs.table, ids)
  return extent && { lower: parseInstant(extent.lower) ?? 0, upper: parseInstant(extent.upper) ?? 0 }
}
