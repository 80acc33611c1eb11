import pg from 'pg'
import { inject } from 'vitest'
import { knownMigrations, migrate, migrateWithin } from '../../src/store/migrate.ts'
import { transaction } from '../../src/store/pool.ts'
import { createTestDatabase, type TestDatabase } from './database.ts'

/** Settings of a database that make sessions differ from what one expects: times are not in UTC and not in ISO format. */
export const UNUSUAL_SETTINGS = {
  timezone: 'Asia/Kolkata',
  datestyle: 'German',
  default_transaction_isolation: 'serializable',
}

/** A database with all migrations applied, and with these settings for its sessions, those that migrate it included. */
export async function createMigratedDatabase(
  settings: Readonly<Record<string, string>> = {},
): Promise<TestDatabase> {
  if (Object.keys(settings).length === 0) return createTestDatabase(inject('migratedTemplate'))
  const database = await createTestDatabase()
  // Not through the pool: its first connection would keep the settings from before.
  const client = new pg.Client({ connectionString: database.url })
  await client.connect()
  for (const [name, value] of Object.entries(settings)) {
    await client.query(`alter database ${client.database} set ${name} = '${value}'`)
  }
  await client.end()
  await migrate(database.pool)
  return database
}

/** Brings an empty database to where a worker of that time would have left it. */
export async function migrateUpTo({ pool }: TestDatabase, name: string): Promise<void> {
  const known = await knownMigrations()
  const place = known.indexOf(name)
  if (place < 0) throw new Error(`${name} is among the migrations: they are never renamed`)
  await transaction(pool, (client) => migrateWithin(client, known.slice(0, place + 1)))
}

/** Whether a statement of this database waits for a lock. */
export async function isWaitingForLock({ pool }: TestDatabase): Promise<boolean> {
  const { rows } = await pool.query<{ waiting: number }>(
    `select count(*)::int as waiting from pg_stat_activity
    where datname = current_database() and wait_event_type = 'Lock'`,
  )
  return rows[0]!.waiting > 0
}
