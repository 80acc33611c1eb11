import type { Pool } from 'pg'
import { transaction } from './pool.ts'

/** Something that cannot be read and is set aside, so that it stops nothing else. */
export interface Quarantined {
  /** The id of a job, or a span of created_at. */
  readonly what: string
  readonly reason: string
  readonly since: string
  readonly nextTryAt: string
}

const ALL = `
select job_id as what, reason, quarantined_at::text as since, due_at::text as "nextTryAt"
from llamacloud_sync.rechecks where source = $1 and reason is not null
union all
select lower::text || ' .. ' || upper::text, reason, quarantined_at::text, due_at::text
from llamacloud_sync.spans where source = $1 and reason is not null
order by since
limit $2
`

/** What is in quarantine, the longest first. */
export async function loadQuarantine(pool: Pool, source: string, limit: number): Promise<Quarantined[]> {
  const { rows } = await transaction(pool, (client) => client.query<Quarantined>(ALL, [source, limit]))
  return rows
}

/** How much is in quarantine. */
export interface QuarantineCounts {
  readonly jobs: number
  readonly spans: number
}

export const NO_QUARANTINE: QuarantineCounts = { jobs: 0, spans: 0 }

/** Of the source $1. */
export const COUNT_QUARANTINED = `
select
  (select count(*)::int from llamacloud_sync.rechecks where source = $1 and reason is not null) as jobs,
  (select count(*)::int from llamacloud_sync.spans where source = $1 and reason is not null) as spans
`
