import type pg from 'pg'
import type { TestDatabase } from './database.ts'
import { WORKERS } from './harness.ts'

/** Every table of ours, and its columns that can be written. */
const TABLES = `
select format('%I.%I', c.relnamespace::regnamespace, c.relname) as name, c.relpersistence = 'u' as unlogged,
  string_agg(quote_ident(a.attname), ', ' order by a.attnum) as columns
from pg_class as c
join pg_attribute as a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
where c.relkind = 'r' and c.relnamespace::regnamespace::text in ('llamacloud', 'llamacloud_sync')
group by c.oid, c.relnamespace, c.relname, c.relpersistence
`

interface Table {
  readonly name: string
  readonly unlogged: boolean
  readonly columns: string
}

const TERMINATE = `
select pg_terminate_backend(pid) from pg_stat_activity
where datname = current_database() and application_name = '${WORKERS}'
`

/** A standby that has all that was committed up to now, and nothing of what comes. */
export interface Standby {
  /** It takes the place of the primary: all connections break, and what was committed since is not there. */
  takeOver(): Promise<void>
}

/** What a standby would hold is kept in a schema of its own, and put back in one transaction. */
export async function createStandby({ pool }: TestDatabase): Promise<Standby> {
  const tables = await alone(
    pool,
    async (client) => {
      const { rows } = await client.query<Table>(TABLES)
      await client.query('drop schema if exists standby cascade; create schema standby')
      for (const table of rows) await client.query(`create table ${copyOf(table)} as table ${table.name}`)
      return rows
      // One moment of all tables, whatever is committed meanwhile.
    },
    'repeatable read',
  )
  return {
    takeOver: () =>
      alone(pool, async (client) => {
        await client.query(TERMINATE)
        await client.query('set local session_replication_role = replica')
        const names = tables.map(({ name }) => name).join(', ')
        await client.query(`lock table ${names} in access exclusive mode`)
        // Whoever read something before the lock must not go on from it.
        await client.query(TERMINATE)
        await client.query(`truncate ${names}`)
        for (const { name, columns, unlogged } of tables) {
          if (unlogged) continue
          await client.query(
            `insert into ${name} (${columns}) overriding system value select ${columns} from ${copyOf({ name })}`,
          )
        }
      }),
  }
}

/** The server crashes and comes back: all connections break, and unlogged tables are empty. */
export async function crash({ pool }: TestDatabase): Promise<void> {
  await alone(pool, async (client) => {
    await client.query(TERMINATE)
    const { rows } = await client.query<Table>(TABLES)
    for (const { name } of rows.filter(({ unlogged }) => unlogged)) await client.query(`truncate ${name}`)
  })
}

const copyOf = ({ name }: Pick<Table, 'name'>) => `standby."${name.replaceAll('"', '')}"`

async function alone<T>(
  pool: pg.Pool,
  work: (client: pg.PoolClient) => Promise<T>,
  isolation = 'read committed',
): Promise<T> {
  const client = await pool.connect()
  try {
    await client.query(`begin isolation level ${isolation}`)
    const result = await work(client)
    await client.query('commit')
    return result
  } catch (error) {
    await client.query('rollback')
    throw error
  } finally {
    client.release()
  }
}
