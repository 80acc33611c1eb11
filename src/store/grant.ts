import { escapeIdentifier, type Pool, type PoolClient } from 'pg'
import { SettingsError } from '../errors.ts'
import { sqlState } from './database-error.ts'
import { transaction } from './pool.ts'
import { limitsOf } from './row-security.ts'

export interface Granted {
  /** Tables and views that the role can read. */
  readonly relations: number
  /** What hides rows from it all the same, with its cure. A sentence each. */
  readonly faults: readonly string[]
  /** What else the role may do, or may not, and people may not expect. A sentence each. */
  readonly remarks: readonly string[]
}

/**
 * Lets a role read the schema `llamacloud`, also what later migrations put there, and nothing of `llamacloud_sync`.
 * @throws SettingsError when there is no such role.
 */
export async function grantReader(pool: Pool, role: string): Promise<Granted> {
  return transaction(pool, async (client) => {
    await assertRole(client, role)
    const reader = escapeIdentifier(role)
    await client.query(`grant usage on schema llamacloud to ${reader}`)
    await client.query(`grant select on all tables in schema llamacloud to ${reader}`)
    // Views call functions with the rights of who asks, and a database may have been told that these are nobody's.
    await client.query(`grant execute on all functions in schema llamacloud to ${reader}`)
    // Default privileges count for what their owner makes, and migrations are not always run by who grants.
    for (const owner of await owners(client)) {
      for (const right of ['select on tables', 'execute on functions']) {
        await client.query(
          `alter default privileges for role ${escapeIdentifier(owner)} in schema llamacloud grant ${right} to ${reader}`,
        )
      }
    }
    const { hidden, faults, remarks } = await limitsOf(client, role)
    return {
      relations: (await countReadable(client, role)) - hidden.length,
      faults,
      remarks: [...(await remarksOn(client, role)), ...remarks, ...(await inUtc(client, role))],
    }
  })
}

/** The days of the views are those of UTC, and a client in another zone would show the day before. */
async function inUtc(client: PoolClient, role: string): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>('select current_database()::text as name')
  const database = escapeIdentifier(rows[0]?.name ?? '')
  const statement = `alter role ${escapeIdentifier(role)} in database ${database} set timezone to 'UTC'`
  await client.query('savepoint zone')
  try {
    await client.query(statement)
    return []
  } catch (error) {
    if (sqlState(error) !== INSUFFICIENT_PRIVILEGE) throw error
    await client.query('rollback to savepoint zone')
    return [
      `You may not set the time zone of the role. If it is not UTC, have an administrator run\n  ${statement};`,
    ]
  }
}

const INSUFFICIENT_PRIVILEGE = '42501'

async function assertRole(client: PoolClient, role: string): Promise<void> {
  const { rowCount } = await client.query('select from pg_roles where rolname = $1', [role])
  const isReserved = role.startsWith('pg_') || (!rowCount && /^(public|none)$/i.test(role))
  if (isReserved) {
    throw new SettingsError(
      `PostgreSQL keeps the name ${JSON.stringify(role)} for itself: name a role of your own, such as reader.`,
    )
  }
  if (rowCount) return
  throw new SettingsError(
    `There is no role ${JSON.stringify(role)} in this PostgreSQL (names are case-sensitive). Create it first, for example with\n` +
      `  create role ${escapeIdentifier(role)} login password 'choose-one';`,
  )
}

/** Who owns what is there, and who runs this. */
async function owners(client: PoolClient): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(`
    select pg_get_userbyid(relowner)::text as name
    from pg_class
    where relnamespace = 'llamacloud'::regnamespace and relkind in ('r', 'p', 'v')
    union
    select current_user::text`)
  return rows.map((row) => row.name)
}

async function countReadable(client: PoolClient, role: string): Promise<number> {
  const { rows } = await client.query<{ count: number }>(
    `select count(*)::int as count
    from pg_class
    where relnamespace = 'llamacloud'::regnamespace and relkind in ('r', 'p', 'v') and not relispartition
      and has_table_privilege($1::name, oid, 'select')`,
    [role],
  )
  return rows[0]?.count ?? 0
}

const RIGHTS = `
select
  rolcanlogin as "canLogin",
  has_database_privilege(rolname, current_database(), 'connect') as "canConnect",
  has_schema_privilege(rolname, 'llamacloud_sync', 'usage') as "seesMemory",
  exists (
    select from pg_class
    where relnamespace = any (array['llamacloud', 'llamacloud_sync']::regnamespace[]) and relkind in ('r', 'p')
      and has_table_privilege(rolname, pg_class.oid, 'insert, update, delete, truncate')
  ) as "canWrite"
from pg_roles
where rolname = $1
`

interface Rights {
  readonly canLogin: boolean
  readonly canConnect: boolean
  readonly seesMemory: boolean
  readonly canWrite: boolean
}

async function remarksOn(client: PoolClient, role: string): Promise<string[]> {
  const { rows } = await client.query<Rights>(RIGHTS, [role])
  const rights = rows[0]
  if (!rights) return []
  const cannot = [
    ...(rights.canLogin
      ? []
      : [
          'It cannot log in: grant it to a role that can, or allow it to (alter role … login). Members do not inherit its time zone: grant each of them as well, or set theirs to UTC.',
        ]),
    ...(rights.canConnect ? [] : ['It may not connect to this database: grant it connect.']),
  ]
  const can = [
    ...(rights.seesMemory ? ['It can also see llamacloud_sync'] : []),
    ...(rights.canWrite ? ['It can also write to tables of the worker'] : []),
  ]
  const why = 'as a superuser, as a member of their owner, or by another grant.'
  return [...cannot, ...can.map((what) => `${what}, ${why}`)]
}
