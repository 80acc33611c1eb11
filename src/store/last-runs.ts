import type { Pool } from 'pg'
import type { Instant } from '../values/instant.ts'
import { type Stored, withInstants } from './columns.ts'
import { query } from './query.ts'
import { COUNT_NAMES, type Counts } from './runs.ts'

/** A row of `runs`. */
export interface Run extends Counts {
  readonly id: number
  readonly source: string
  readonly kind: string
  readonly startedAt: Instant
  readonly finishedAt: Instant | null
  readonly outcome: string
  readonly commits: number
  readonly requests: number
  readonly retries: number
  readonly watermarkBefore: Instant | null
  readonly watermarkAfter: Instant | null
  readonly error: string | null
}

const TIMES = ['startedAt', 'finishedAt', 'watermarkBefore', 'watermarkAfter'] as const
type RunTimes = (typeof TIMES)[number]

const LAST = `
select
  id, source, kind, started_at as "startedAt", finished_at as "finishedAt", outcome, commits, requests, retries,
  ${COUNT_NAMES.join(', ')}, watermark_before as "watermarkBefore", watermark_after as "watermarkAfter", error
from llamacloud_sync.runs where source = $1
order by started_at desc, id desc
limit $2
`

/** The latest runs of a source, newest first. */
export async function lastRuns(pool: Pool, source: string, limit: number): Promise<Run[]> {
  const rows = await query<Stored<Run, RunTimes>>(pool, LAST, [source, limit])
  return rows.map((row) => withInstants<Run, RunTimes>(row, TIMES))
}
