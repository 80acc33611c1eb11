import { readFile } from 'node:fs/promises'
import type { Pool, PoolClient } from 'pg'
import * as z from 'zod'
import { SchemaTooNewError } from '../errors.ts'
import { assertUtf8 } from './encoding.ts'
import { inTransaction, transaction } from './pool.ts'

const FOLDER = new URL('../../migrations/', import.meta.url)
const LOCK_WAIT_MS = 300_000
const Journal = z.object({ entries: z.array(z.object({ tag: z.string() })) })

/**
 * Applies the migrations that this database lacks, in their order, all in one transaction, and returns their names.
 * Safe to call from many processes at once: they queue on a lock that ends with its transaction, so that it holds
 * through a transaction-mode pooler as well. An import applies those of the version that exported, and then the rest.
 *
 * @throws SchemaTooNewError when the database was migrated by a newer version.
 */
export async function migrate(connection: Pool | PoolClient, wanted?: readonly string[]): Promise<string[]> {
  const known = wanted ?? (await knownMigrations())
  if ((await pendingMigrations(connection, known)).length === 0) return []
  return inTransaction(connection, async (client) => {
    await client.query(`set local lock_timeout = ${LOCK_WAIT_MS}`)
    await client.query('set local statement_timeout = 0')
    await client.query(`select pg_advisory_xact_lock(hashtext('llamacloud_sync.migrations'))`)
    const pending = await pendingMigrations(client, known)
    if (pending.length > 0) await assertUtf8(client)
    if (pending.length > 0) await createMigrationsTable(client)
    for (const name of pending) await apply(client, name)
    return pending
  })
}

/** Undoes all migrations, with everything that is stored: for the demo, which begins anew each time. */
export async function dropEverything(pool: Pool): Promise<void> {
  await transaction(pool, (client) =>
    client.query('drop schema if exists llamacloud, llamacloud_sync cascade'),
  )
}

/** Names of the migrations that this version brings, in their order. */
export async function knownMigrations(): Promise<string[]> {
  const journal = Journal.parse(JSON.parse(await readFile(new URL('meta/_journal.json', FOLDER), 'utf8')))
  return journal.entries.map((entry) => entry.tag)
}

/** The known migrations that this database lacks. Throws SchemaTooNewError when it has one that is not known. */
export async function pendingMigrations(
  connection: Pool | PoolClient,
  known: readonly string[],
): Promise<string[]> {
  const applied = await appliedMigrations(connection)
  const newer = [...applied].filter((name) => !known.includes(name))
  if (newer.length > 0) {
    throw new SchemaTooNewError(
      `The database was migrated by a newer version of llamacloud-sync (${newer.join(', ')}). ` +
        'Upgrade this one: an older worker could damage what the newer one keeps.',
    )
  }
  return known.filter((name) => !applied.has(name))
}

export async function appliedMigrations(connection: Pool | PoolClient): Promise<Set<string>> {
  return inTransaction(connection, async (client) => {
    // Not to_regclass: it asks the session's own cache, which does not hear of the schema that another process created
    // while this one waited for the lock.
    const { rowCount } = await client.query(
      `select from pg_catalog.pg_tables where schemaname = 'llamacloud_sync' and tablename = 'migrations'`,
    )
    if (rowCount === 0) return new Set()
    const applied = await client.query<{ name: string }>('select name from llamacloud_sync.migrations')
    return new Set(applied.rows.map((row) => row.name))
  })
}

/** Keeps the record of what was applied; it comes before all migrations, so no migration can make it. */
async function createMigrationsTable(client: PoolClient): Promise<void> {
  await client.query(`
    do $$ begin
      if to_regnamespace('llamacloud_sync') is null then
        create schema llamacloud_sync;
        comment on schema llamacloud_sync is 'Memory of the llamacloud-sync worker. Readers need no grant on it.';
      end if;
    end $$`)
  await client.query(`
    create table if not exists llamacloud_sync.migrations (
      name text primary key,
      applied_at timestamptz not null default clock_timestamp()
    )`)
  await client.query(`
    comment on table llamacloud_sync.migrations is 'Migrations that were applied to this database.';
    comment on column llamacloud_sync.migrations.name is 'Name of the migration.';
    comment on column llamacloud_sync.migrations.applied_at is 'When it was applied.'`)
}

async function apply(client: PoolClient, name: string): Promise<void> {
  const text = await readFile(new URL(`${name}.sql`, FOLDER), 'utf8')
  for (const statement of text.split('--> statement-breakpoint')) await client.query(statement)
  await client.query('insert into llamacloud_sync.migrations (name) values ($1)', [name])
}
