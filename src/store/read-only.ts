import type { ClientBase } from 'pg'
import { looking } from './begin.ts'
import { CuredError, sqlState } from './database-error.ts'
import type { Obstacle } from './obstacle.ts'
import { type SettingOrigin, undoSetting } from './setting-origin.ts'

const REFUSED = '25006'

const SETTING = 'default_transaction_read_only'

const ALL_OF_IT =
  'The whole server is read-only. Managed services do this when the disk is full: free some space or enlarge it, and see ' +
  `the provider's console. On a server of your own: alter system set ${SETTING} = off; select pg_reload_conf();`

const LOOK = `
select
  pg_catalog.pg_is_in_recovery() as standby,
  pg_catalog.current_database() as database,
  session_user as login,
  setting,
  source
from pg_catalog.pg_settings
where name = '${SETTING}'
`

interface Look extends SettingOrigin {
  readonly standby: boolean
  readonly setting: string
}

/**
 * The error itself, or, where a write was refused, one that says why: the code is the same for a standby and for a disk
 * that is full. The connection is asked on which it happened, since another may lead to another server.
 */
export async function lookCloser(client: Pick<ClientBase, 'query'>, error: unknown): Promise<unknown> {
  if (!(error instanceof Error) || sqlState(error) !== REFUSED) return error
  try {
    const reason = await looking(client, () => whyReadOnly(client))
    if (reason === undefined) return error
    return new CuredError(`${messageOf(error)} (${reason.found})`, reason.cure, REFUSED)
  } catch {
    return error
  }
}

/** The innermost message: what wraps it holds parameters. */
function messageOf(error: Error): string {
  return error.cause instanceof Error ? messageOf(error.cause) : error.message
}

/**
 * Why a server does not let anybody write: a standby, or a setting and where it comes from. Undefined where it does. To be
 * asked in a transaction of ours: a path of names may lead elsewhere.
 */
export async function whyReadOnly(client: Pick<ClientBase, 'query'>): Promise<Obstacle | undefined> {
  const { rows } = await client.query<Look>(LOOK)
  const look = rows[0]
  if (look === undefined) return undefined
  if (look.standby) {
    return { found: 'the server is a standby', cure: 'Point DATABASE_URL at the primary, not at a standby.' }
  }
  if (look.setting !== 'on') return undefined
  return {
    found: `${SETTING} is on, set by: ${look.source}`,
    cure: cureOf(look),
  }
}

function cureOf(look: Look): string {
  const undo = undoSetting(SETTING, look)
  if (undo === undefined) return ALL_OF_IT
  // Whoever runs it starts out read-only as well.
  return 'words' in undo ? undo.words : `begin read write; ${undo.statement} commit;`
}
