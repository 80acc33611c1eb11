import { OVERRIDDEN } from '../store/begin.ts'
import { type SettingOrigin, undoSetting } from '../store/setting-origin.ts'
import type { Connection } from './connection.ts'
import { type Finding, failed, ok } from './finding.ts'

const REPLICATION = 'session_replication_role'

/** Asked outside our transactions, so `search_path` may be anything. PostgreSQL writes some names in mixed case: `TimeZone`. */
const MADE = `
select name, setting, source, session_user as login, current_database() as database
from pg_catalog.pg_settings
where pg_catalog.lower(name) operator(pg_catalog.=) any ($1)
  and (name operator(pg_catalog.=) '${REPLICATION}'
    or source operator(pg_catalog.=) any (array['database', 'user', 'database user', 'session']))
order by name`

interface Made extends SettingOrigin {
  readonly name: string
  readonly setting: string
}

/** Settings that come from role, database or pooler. Those that each transaction overrides do no harm. */
export async function checkSession({ query }: Connection): Promise<Finding> {
  const rows = await query<Made & Record<string, unknown>>(MADE, [[...OVERRIDDEN, REPLICATION]])
  const replication = rows.find(({ name }) => name === REPLICATION)
  if (replication?.setting === 'replica') {
    return failed(
      'session',
      `${REPLICATION} is set to replica (by: ${replication.source}), so foreign keys and triggers do nothing`,
      cureOf(replication),
    )
  }
  const names = rows.filter(({ name }) => name !== REPLICATION).map(({ name }) => name.toLowerCase())
  if (names.length === 0) return ok('session', 'role, database and pooler change no setting that matters')
  return ok(
    'session',
    `set by role, database or pooler, but overridden in each transaction: ${names.join(', ')}`,
  )
}

function cureOf(replication: Made): string {
  const undo = undoSetting(REPLICATION, replication)
  if (undo !== undefined && 'words' in undo) return undo.words
  const statement = undo?.statement ?? `alter system reset ${REPLICATION}; select pg_reload_conf();`
  return `As an administrator: ${statement}`
}
