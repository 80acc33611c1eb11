import type { ClientBase } from 'pg'
import { CuredError } from './database-error.ts'
import type { Obstacle } from './obstacle.ts'
import { type SettingOrigin, undoSetting } from './setting-origin.ts'

export const REPLICATION_ROLE = 'session_replication_role'

const ORIGIN = `
select source, session_user as login, current_database() as database
from pg_catalog.pg_settings where name = '${REPLICATION_ROLE}'`

/** What a session does where this setting is `replica`, and how to end that. */
export function triggersOff(origin: SettingOrigin): Obstacle {
  const undo = undoSetting(REPLICATION_ROLE, origin)
  const statement =
    undo && 'statement' in undo
      ? undo.statement
      : `alter system reset ${REPLICATION_ROLE}; select pg_reload_conf();`
  return {
    found: `${REPLICATION_ROLE} is set to replica (by: ${origin.source}), so foreign keys and triggers do nothing`,
    cure: undo && 'words' in undo ? undo.words : `As an administrator: ${statement}`,
  }
}

/** Nothing is written then: statistics would not show what is stored. To be asked on the connection that was found so. */
export async function triggersOffError(client: Pick<ClientBase, 'query'>): Promise<Error> {
  const { rows } = await client.query<SettingOrigin>(ORIGIN)
  const { found, cure } = triggersOff(rows[0] ?? { source: 'session', login: '', database: '' })
  return new CuredError(found, cure)
}
