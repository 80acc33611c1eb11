import { OVERRIDDEN } from '../store/begin.ts'
import type { SettingOrigin } from '../store/setting-origin.ts'
import { REPLICATION_ROLE, triggersOff } from '../store/triggers-off.ts'
import type { Connection } from './connection.ts'
import { type Finding, failed, ok } from './finding.ts'

/** Asked outside our transactions, so `search_path` may be anything. PostgreSQL writes some names in mixed case: `TimeZone`. */
const MADE = `
select name, setting, source, session_user as login, current_database() as database
from pg_catalog.pg_settings
where pg_catalog.lower(name) operator(pg_catalog.=) any ($1)
  and (name operator(pg_catalog.=) '${REPLICATION_ROLE}'
    or source operator(pg_catalog.=) any (array['database', 'user', 'database user', 'session']))
order by name`

interface Made extends SettingOrigin {
  readonly name: string
  readonly setting: string
}

/** Settings that come from role, database or pooler. Those that each transaction overrides do no harm. */
export async function checkSession({ query }: Connection): Promise<Finding> {
  const rows = await query<Made & Record<string, unknown>>(MADE, [[...OVERRIDDEN, REPLICATION_ROLE]])
  const replication = rows.find(({ name }) => name === REPLICATION_ROLE)
  if (replication?.setting === 'replica') {
    const { found, cure } = triggersOff(replication)
    return failed('session', found, cure)
  }
  const names = rows.filter(({ name }) => name !== REPLICATION_ROLE).map(({ name }) => name.toLowerCase())
  if (names.length === 0) return ok('session', 'role, database and pooler change no setting that matters')
  return ok(
    'session',
    `set by role, database or pooler, but overridden in each transaction: ${names.join(', ')}`,
  )
}
