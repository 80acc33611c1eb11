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

export async function hasQuarantine(pool: Pool, source: string): Promise<boolean> {
  return (await loadQuarantine(pool, source, 1)).length > 0
}
