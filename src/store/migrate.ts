import type { Pool, PoolClient } from 'pg'
import { systemClock } from '../clock.ts'
import { SchemaTooNewError } from '../errors.ts'
import { buildIndex } from './concurrent-index.ts'
import { assertUtf8 } from './encoding.ts'
import { explainMigrationError } from './migration-error.ts'
import { isLock, knownMigrations, notConcurrently, readMigration } from './migration-files.ts'
import {
  guarded,
  LOCK_WAIT_MS,
  lockPatiently,
  type MigrateOptions,
  retriedWhileLocked,
  Wait,
} from './migration-waits.ts'
import { inTransaction, openPoolLike, transaction } from './pool.ts'
import { query } from './query.ts'

export { knownMigrations } from './migration-files.ts'

/**
 * Applies the migrations that this database lacks, in their order, and returns their names. Each has a transaction of its
 * own and comes with its record, so that an upgrade that was cut off goes on where it was. Nobody who reads waits longer
 * than LOCK_WAIT_MS and what a change of the catalogue takes. Safe to call from many processes at once.
 *
 * @throws SchemaTooNewError when the database was migrated by a newer version.
 */
export async function migrate(pool: Pool, options: Partial<MigrateOptions> = {}): Promise<string[]> {
  const known = await knownMigrations()
  if ((await pendingMigrations(pool, known)).length === 0) return []
  const all = { clock: systemClock, onWait: () => {}, ...options }
  // Connections of its own: the time-out of a worker's client would cut off, for ever, what takes longer.
  const own = openPoolLike(pool, { max: 3, applicationName: 'llamacloud-sync migrate', queryTimeout: 0 })
  try {
    return await guarded(own, all, async (client) => {
      await assertUtf8(client)
      const applied: string[] = []
      for (const name of await pendingMigrations(client, known)) {
        if (await apply(own, name, all)) applied.push(name)
      }
      return applied
    })
  } finally {
    await own.end()
  }
}

/** Applies those of `wanted` that are lacking inside the caller's transaction: where nobody else can be at work. */
export async function migrateWithin(client: PoolClient, wanted: readonly string[]): Promise<string[]> {
  const pending = await pendingMigrations(client, wanted)
  if (pending.length > 0) {
    await assertUtf8(client)
    await becomeOwner(client)
    await createMigrationsTable(client)
  }
  for (const name of pending) {
    const { indexes, statements } = await readMigration(name)
    for (const statement of [...indexes.map(notConcurrently), ...statements]) await client.query(statement)
    await record(client, name)
  }
  return pending
}

/** Undoes all migrations, with everything that is stored: for the demo, which begins again each time. */
export async function dropEverything(pool: Pool): Promise<void> {
  await query(pool, 'drop schema if exists llamacloud, llamacloud_sync cascade')
}

/** The known migrations that this database lacks. Throws SchemaTooNewError when it has one that is not known. */
export async function pendingMigrations(
  connection: Pool | PoolClient,
  known: readonly string[],
): Promise<string[]> {
  const applied = await appliedMigrations(connection)
  const newer = [...applied].filter((name) => !known.includes(name))
  if (newer.length > 0) throw schemaTooNew(newer)
  return known.filter((name) => !applied.has(name))
}

export function schemaTooNew(newer: readonly string[]): SchemaTooNewError {
  return new SchemaTooNewError(
    `The database was migrated by a newer version of llamacloud-sync (${newer.join(', ')}). ` +
      'Upgrade this one: an older worker could damage what the newer one keeps.',
  )
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

/** @returns false when another process has done it, whose guard this one did not see */
async function apply(pool: Pool, name: string, options: MigrateOptions): Promise<boolean> {
  const { indexes, statements } = await readMigration(name)
  const what = `The migration ${name}`
  let isDone = false
  try {
    for (const index of indexes) await buildIndex(pool, index, options)
    const wait = new Wait(what, options)
    await retriedWhileLocked(pool, wait, () =>
      transaction(
        pool,
        async (client) => {
          isDone = await begin(client, name)
          if (!isDone) return
          for (const statement of statements) {
            if (isLock(statement)) await lockPatiently(client, statement, wait)
            else await client.query(statement)
          }
        },
        { statementTimeout: 0, lockTimeout: LOCK_WAIT_MS, idleTimeout: 0 },
      ),
    )
  } catch (error) {
    throw explainMigrationError(name, error)
  }
  return isDone
}

/**
 * For the transaction, where the user may: an administrator who migrates would own what is new, and neither the worker nor
 * the views that are there, and so no reader, could read it. Where he owns some of it already, only he can change that.
 */
async function becomeOwner(client: PoolClient): Promise<void> {
  await client.query(`
    with schemas as (select oid, nspowner from pg_catalog.pg_namespace where nspname in ('llamacloud', 'llamacloud_sync')),
    stored as (
      select coalesce(
        (select tableowner from pg_catalog.pg_tables where schemaname = 'llamacloud_sync' and tablename = 'migrations'),
        (select pg_catalog.pg_get_userbyid(nspowner) from schemas where oid = to_regnamespace('llamacloud_sync'))
      )::text as owner
    )
    select set_config('role', owner, true)
    from stored
    where owner <> current_user and pg_catalog.pg_has_role(owner, 'member')
      and not exists (select from pg_catalog.pg_class join schemas on schemas.oid = relnamespace where relowner = current_user::regrole)
      and not exists (select from pg_catalog.pg_proc join schemas on schemas.oid = pronamespace where proowner = current_user::regrole)`)
}

/** The record first: whoever else would write the same one waits, and finds it. */
async function begin(client: PoolClient, name: string): Promise<boolean> {
  await becomeOwner(client)
  if ((await appliedMigrations(client)).size === 0) await createMigrationsTable(client)
  await client.query('lock table llamacloud_sync.migrations in share row exclusive mode')
  if ((await appliedMigrations(client)).has(name)) return false
  await record(client, name)
  return true
}

async function record(client: PoolClient, name: string): Promise<void> {
  await client.query('insert into llamacloud_sync.migrations (name) values ($1)', [name])
}
