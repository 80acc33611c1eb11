import type { Pool } from 'pg'
import { query } from './query.ts'

/** The latest run of `own` that ended. */
const LATEST = `
  select outcome, started_at from llamacloud_sync.runs
  where source = own.name and finished_at is not null
  order by started_at desc, id desc
  limit 1`

/**
 * Whether the API does not let the list of `own`, a row of the sources, be read: it said so in the latest run, and another
 * list of the scope was read since. Else the key may be refused as a whole.
 */
export const IS_DENIED = `exists (
  select from (${LATEST}) as latest, llamacloud_sync.sources as sibling
  where latest.outcome = 'denied'
    and sibling.list <> own.list
    and (sibling.base_url, sibling.project_id, sibling.organization_id)
      is not distinct from (own.base_url, own.project_id, own.organization_id)
    and sibling.last_success_at > latest.started_at
)`

/** What the latest run said of the right to read a list. */
export interface Denial {
  readonly wasDenied: boolean
  /** It was so within the last hour, and other lists were read since. */
  readonly stands: boolean
}

const SELECT = `
select
  latest.outcome = 'denied' as "wasDenied",
  latest.started_at > clock_timestamp() - interval '1 hour' and ${IS_DENIED} as stands
from llamacloud_sync.sources as own
join lateral (${LATEST}) as latest on true
where own.name = $1
`

export async function loadDenial(pool: Pool, source: string): Promise<Denial> {
  const [denial] = await query<Denial>(pool, SELECT, [source])
  return denial ?? { wasDenied: false, stands: false }
}
