import type { Pool } from 'pg'
import { whatIsUnmarked } from '../store/marks.ts'
import type { Sums } from '../store/sums.ts'
import { type Finding, failed, ok } from './finding.ts'

/** Whether what is written of a table of jobs reaches the statistics. */
export async function checkTriggers(pool: Pool, table: string, sums: Sums): Promise<Finding> {
  const unmarked = await whatIsUnmarked(pool, table, sums)
  return unmarked === undefined
    ? ok('triggers', `those of ${table} are on`)
    : failed('triggers', unmarked.found, unmarked.cure)
}
