import pg from 'pg'
import { errorMessages } from '../error-text.ts'
import { beginStatement } from '../store/begin.ts'
import type { Connection } from './connection.ts'
import { type Finding, failed, ok } from './finding.ts'

const OLDEST_MAJOR = 15

export async function checkVersion({ query }: Connection): Promise<Finding> {
  const [row] = await query<{ number: string; version: string }>(
    `select pg_catalog.current_setting('server_version_num') as number, pg_catalog.current_setting('server_version') as version`,
  )
  const major = Math.floor(Number(row?.number) / 10_000)
  if (major >= OLDEST_MAJOR) return ok('version', `PostgreSQL ${row?.version}`)
  const cure = `Upgrade PostgreSQL to ${OLDEST_MAJOR} or newer, or point DATABASE_URL at a newer server.`
  return failed('version', `PostgreSQL ${row?.version} is too old`, cure)
}

export function checkEncryption({ encrypted, checked, host, unencryptedOnPurpose }: Connection): Finding {
  if (encrypted && checked)
    return ok('encryption', 'the connection is encrypted (TLS), and the certificate is checked')
  if (encrypted) {
    return ok(
      'encryption',
      'encrypted (TLS), but the certificate is not checked: sslmode=verify-full checks it',
    )
  }
  if (isLocal(host)) return ok('encryption', 'not encrypted, but it does not leave this machine')
  if (unencryptedOnPurpose) return ok('encryption', 'not encrypted, because of sslmode=disable')
  return failed(
    'encryption',
    `the connection to ${host} is not encrypted: anyone on the way can read the password and all rows`,
    'Add sslmode=verify-full (and sslrootcert=FILE) to DATABASE_URL. On a private network you can add sslmode=disable ' +
      'instead, to say that you want no encryption.',
  )
}

function isLocal(host: string): boolean {
  return host.startsWith('/') || host === 'localhost' || host === '::1' || host.startsWith('127.')
}

/** Behind a pooler, the server's process number differs from the one that the connection began with. */
export async function checkPooler(connection: Connection): Promise<Finding> {
  const check = 'pooler'
  try {
    await connection.query(beginStatement())
    const [row] = await connection.query<{ pid: number }>('select pg_backend_pid() as pid')
    await connection.query('commit')
    const direct = connection.processId === undefined || row?.pid === connection.processId
    return ok(check, direct ? 'none, a direct connection' : 'a pooler is in between; transactions work')
  } catch (error) {
    return failed(
      check,
      `a transaction failed: ${errorMessages(error).join(': ')}`,
      'Set the connection pooler to transaction or session mode, not statement mode, or bypass it.',
    )
  }
}

const RIGHTS = `
with ours as (select oid, nspname, nspowner from pg_namespace where nspname in ('llamacloud', 'llamacloud_sync')),
things as (
  select relowner as owner, format('alter table %I.%I owner to %I', nspname, relname, current_user) as change
  from pg_class join ours on ours.oid = relnamespace
  where relkind in ('r', 'p', 'v')
  union all
  select proowner,
    format('alter function %I.%I(%s) owner to %I', nspname, proname, pg_get_function_identity_arguments(pg_proc.oid), current_user)
  from pg_proc join ours on ours.oid = pronamespace
)
select
  current_database() as database,
  current_user as "user",
  has_database_privilege(current_database(), 'create') as "mayCreate",
  (select count(*)::int from ours) as schemas,
  (select coalesce(bool_and(has_schema_privilege(oid, 'usage') and has_schema_privilege(oid, 'create')), true) from ours)
    as "mayUse",
  (select coalesce(bool_or(pg_has_role(owner, 'usage')), false) from things) as "ownsSome",
  (select rolname::text from ours join pg_roles on pg_roles.oid = nspowner
    where pg_has_role(nspowner, 'member') and not pg_has_role(nspowner, 'usage') limit 1) as "mayBecome",
  array(select change from things where not pg_has_role(owner, 'usage') order by 1) as "changes",
  (select spcname::text from pg_tablespace
    where spcname = current_setting('default_tablespace') and not has_tablespace_privilege(oid, 'create')) as tablespace
`

interface Rights {
  readonly database: string
  readonly user: string
  readonly mayCreate: boolean
  readonly schemas: number
  readonly mayUse: boolean
  readonly ownsSome: boolean
  /** The owner, whose rights the user has only as that role. */
  readonly mayBecome: string | null
  /** What gives it the rest. */
  readonly changes: readonly string[]
  /** Where new tables go, and may not. */
  readonly tablespace: string | null
}

export async function checkRights({ query, whyReadOnly }: Connection): Promise<Finding> {
  const check = 'rights'
  const [row] = await query<Rights & Record<string, unknown>>(RIGHTS)
  if (row === undefined) return failed(check, 'the server did not answer', 'See the log of PostgreSQL.')
  const readOnly = await whyReadOnly()
  if (readOnly !== undefined) return failed(check, `nothing can be written: ${readOnly.found}`, readOnly.cure)
  const { user } = row
  if (row.schemas < 2 && !row.mayCreate) {
    return failed(
      check,
      `${user} may not create the schemas llamacloud and llamacloud_sync`,
      `grant create on database "${row.database}" to "${user}"; or, as an administrator: create schema llamacloud ` +
        `authorization "${user}"; create schema llamacloud_sync authorization "${user}";`,
    )
  }
  if (row.mayBecome) {
    const [login, owner] = [user, row.mayBecome].map(pg.escapeIdentifier)
    return failed(
      check,
      `${user} is a member of ${row.mayBecome}, which owns both schemas, but does not inherit its rights`,
      `alter role ${login} set role ${owner};`,
    )
  }
  if (!row.mayUse || row.changes.length > 0) {
    return failed(
      check,
      `${user} does not own ${row.mayUse && row.ownsSome ? 'all that is' : 'what is'} in the schemas llamacloud and llamacloud_sync`,
      row.mayUse && row.ownsSome
        ? `As an administrator, who probably migrated it: ${row.changes.join('; ')}`
        : `Connect as the user that created them or, as an administrator, grant that role to "${user}".`,
    )
  }
  if (row.tablespace !== null) {
    return failed(
      check,
      `default_tablespace is ${row.tablespace}, in which ${user} may create nothing`,
      `As an administrator: grant create on tablespace ${pg.escapeIdentifier(row.tablespace)} to ${pg.escapeIdentifier(user)};`,
    )
  }
  return ok(check, row.schemas < 2 ? `${user} may create the schemas` : `${user} owns both schemas`)
}

export async function checkEncoding({ wrongEncoding }: Connection): Promise<Finding> {
  const wrong = await wrongEncoding()
  return wrong === undefined ? ok('encoding', 'UTF8') : failed('encoding', wrong.found, wrong.cure)
}

export async function checkPolicies({ whatHides }: Connection): Promise<Finding> {
  const hidden = await whatHides()
  if (hidden === undefined) return ok('policies', 'no row-level security applies to the worker')
  return failed('policies', hidden.found, hidden.cure)
}
