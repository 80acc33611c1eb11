import type { ClientBase } from 'pg'
import { sqlState } from './database-error.ts'

const REFUSED = '25006'

const LOOK = `
select
  pg_catalog.pg_is_in_recovery() as standby,
  pg_catalog.current_database() as database,
  (select pg_catalog.quote_ident(current_user)) as "user",
  (select setting from pg_catalog.pg_settings where name = 'default_transaction_read_only') as setting,
  (select source from pg_catalog.pg_settings where name = 'default_transaction_read_only') as source
`

interface Look {
  readonly standby: boolean
  readonly database: string
  readonly user: string
  readonly setting: string
  readonly source: string
}

/** Why a server does not let anybody write: a standby, or a setting and where it comes from. */
export interface ReadOnly {
  readonly found: string
  readonly cure: string
}

/** The driver's error about a write that was refused, and what the server said when it was asked why. */
export class ReadOnlyError extends Error {
  readonly code = REFUSED
  readonly cure: string
  constructor(message: string, { found, cure }: ReadOnly) {
    super(`${message} (${found})`)
    this.cure = cure
  }
}

/**
 * The error itself, or, where a write was refused, one that says why: the code is the same for a standby and for a disk
 * that is full. The connection is asked on which it happened, since another may lead to another server.
 */
export async function lookCloser(client: Pick<ClientBase, 'query'>, error: unknown): Promise<unknown> {
  if (!(error instanceof Error) || sqlState(error) !== REFUSED) return error
  try {
    const reason = await whyReadOnly(client)
    return reason === undefined ? error : new ReadOnlyError(messageOf(error), reason)
  } catch {
    return error
  }
}

/** The innermost message: what wraps it holds parameters. */
function messageOf(error: Error): string {
  return error.cause instanceof Error ? messageOf(error.cause) : error.message
}

/** Undefined where writing is allowed. */
export async function whyReadOnly(client: Pick<ClientBase, 'query'>): Promise<ReadOnly | undefined> {
  const { rows } = await client.query<Look>(LOOK)
  const look = rows[0]
  if (look === undefined) return undefined
  if (look.standby) {
    return { found: 'it is a standby', cure: 'Let DATABASE_URL name the primary, not a standby.' }
  }
  if (look.setting !== 'on') return undefined
  return {
    found: `default_transaction_read_only is on, set by: ${look.source}`,
    cure: cureOf(look),
  }
}

function cureOf({ source, user, database }: Look): string {
  const name = `"${database.replaceAll('"', '""')}"`
  if (source === 'user') return reset(`role ${user}`)
  if (source === 'database') return reset(`database ${name}`)
  if (source === 'database user') return reset(`role ${user} in database ${name}`)
  if (source === 'client') return 'Remove it from the options in DATABASE_URL or from PGOPTIONS.'
  if (source === 'session') return 'A session of the pooler was left so: let the pooler reset its sessions.'
  return (
    'The server as a whole is set so, as managed services do when the disk is full: make room or enlarge it, and see the ' +
    "provider's console; on a server of your own: alter system set default_transaction_read_only = off; select pg_reload_conf();"
  )
}

/** Whoever runs it starts out read-only as well. */
function reset(what: string): string {
  return `begin read write; alter ${what} reset default_transaction_read_only; commit;`
}
