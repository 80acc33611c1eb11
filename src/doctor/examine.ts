import type { Pool } from 'pg'
import { describeProxy, type Settings } from '../config.ts'
import { AppError } from '../errors.ts'
import { createRedactor } from '../redact.ts'
import { assertLists, connectSource } from '../sources.ts'
import { looking } from '../store/begin.ts'
import { type Database, describeDatabase, openDatabase } from '../store/database.ts'
import { explainStoreError } from '../store/database-error.ts'
import { knownMigrations, pendingMigrations } from '../store/migrate.ts'
import { query } from '../store/query.ts'
import { type ApiDependencies, checkSource } from './api.ts'
import { type Connection, connectionOf } from './connection.ts'
import {
  checkEncoding,
  checkEncryption,
  checkPolicies,
  checkPooler,
  checkRights,
  checkVersion,
} from './database.ts'
import { causeAndCure, type Finding, failed, ok, skipped } from './finding.ts'
import { checkSession } from './session.ts'
import { checkSchema, checkStored, checkTables } from './stored.ts'
import { checkTriggers } from './triggers.ts'

/** Runs every check, each after those that it depends on, and yields findings as it goes. */
export async function* examine(
  load: () => Settings,
  dependencies: (settings: Settings) => ApiDependencies,
): AsyncGenerator<Finding, void, void> {
  let settings: Settings
  try {
    settings = load()
    assertLists(settings)
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    yield failed('settings', error.message, 'Correct these environment variables.')
    yield* skipped(['database', 'api'], 'the settings are wrong')
    return
  }
  yield ok('settings', `sources: ${settings.sources.map(({ name }) => name).join(', ')}`)
  const parts = dependencies(settings)
  yield* examineDatabase(settings, parts)
  yield ok('proxy', describeProxy(settings.network) ?? 'none')
  for (const source of settings.sources) yield* await checkSource(settings, source, parts)
}

const IN_A_TRANSACTION = ['encoding', 'rights', 'policies']
const BEHIND_THE_DATABASE = ['version', 'encryption', 'session', 'pooler', ...IN_A_TRANSACTION, 'migrations']

async function* examineDatabase(
  settings: Settings,
  dependencies: ApiDependencies,
): AsyncGenerator<Finding, void, void> {
  const { dataDir } = settings.database
  let url: string | undefined
  let database: Database | undefined
  try {
    url = settings.database.url?.()
    database = await openDatabase({ url, dataDir, clock: dependencies.clock, log: () => {} })
    // Without a transaction: a pooler that refuses them has a check of its own.
    await database.pool.query('select')
  } catch (error) {
    yield refusedBy(url ?? '', settings)('database')(error)
    yield* skipped(BEHIND_THE_DATABASE, 'the database cannot be reached')
    await database?.close().catch(() => {})
    return
  }
  try {
    const { embeddedVersion } = database
    const version = embeddedVersion ? ` (PostgreSQL ${embeddedVersion})` : ''
    yield ok('database', `connected to ${describeDatabase(url, dataDir)}${version}`)
    const refused = refusedBy(database.url, settings)
    yield* checkConnection(database, refused)
    yield await checkMigrations(database.pool).catch(refused('migrations'))
    yield* examineStored(database.pool, refused, settings, dependencies)
  } finally {
    await database.close()
  }
}

async function* checkConnection(
  { pool, url }: Database,
  refused: Refused,
): AsyncGenerator<Finding, void, void> {
  const client = await pool.connect()
  try {
    const connection = connectionOf(url, client)
    yield await checkVersion(connection).catch(refused('version'))
    yield checkEncryption(connection)
    yield await checkSession(connection).catch(refused('session'))
    const pooler = await checkPooler(connection)
    yield pooler
    // A pooler in statement mode ends the connection that began a transaction.
    if (pooler.status === 'failed') yield* skipped(IN_A_TRANSACTION, 'the connection is no longer usable')
    else {
      const look = (name: string, check: (connection: Connection) => Promise<Finding>) =>
        looking(client, () => check(connection)).catch(refused(name))
      yield await look('encoding', checkEncoding)
      yield await look('rights', checkRights)
      yield await look('policies', checkPolicies)
    }
  } finally {
    client.release(true)
  }
}

async function checkMigrations(pool: Pool): Promise<Finding> {
  const known = await knownMigrations()
  const pending = await pendingMigrations(pool, known)
  if (pending.length === 0) return ok('migrations', 'all are applied')
  if (pending.length === known.length && (await hasTables(pool)))
    return failed(
      'migrations',
      'the schema llamacloud has tables, but the records about them in llamacloud_sync are missing',
      'Restore both schemas from the same backup. Or read everything again: rename or drop the schema llamacloud.',
    )
  const rows = await query<{ name: string }>(
    pool,
    `select evtname::text as name from pg_event_trigger where evtenabled in ('O', 'A') order by 1`,
  )
  const watched =
    rows.length === 0
      ? ''
      : `; event triggers of this database may object: ${rows.map(({ name }) => name).join(', ')}`
  return ok('migrations', `${pending.length} pending: the next sync applies them${watched}`)
}

/** Those of a backup of one schema are in the way of the first migration. */
async function hasTables(pool: Pool): Promise<boolean> {
  const [row] = await query<{ found: boolean }>(
    pool,
    `select to_regclass('llamacloud.classify_jobs') is not null as found`,
  )
  return row?.found === true
}

/** Yields nothing while migrations are pending: the next sync applies them. */
async function* examineStored(
  pool: Pool,
  refused: Refused,
  settings: Settings,
  dependencies: ApiDependencies,
): AsyncGenerator<Finding, void, void> {
  const pending = await pendingMigrations(pool, await knownMigrations()).catch(() => undefined)
  if (pending?.length !== 0) return
  const sources = settings.sources.map((source) => ({
    name: source.name,
    jobs: connectSource(settings, source, dependencies).jobs,
  }))
  const lists = [...new Map(sources.map(({ jobs }) => [jobs.table.name, jobs])).values()]
  const tables = lists.map(({ table }) => table)
  const found = await checkTables(pool, tables).catch(refused('tables'))
  yield found
  if (found.status !== 'ok') return
  yield await checkSchema(pool).catch(refused('schema'))
  for (const { table, sums } of lists)
    if (sums) yield await checkTriggers(pool, table.name, sums).catch(refused('triggers'))
  for (const { name, jobs } of sources) {
    yield* await checkStored(pool, name, jobs.table).catch((error: unknown) => [
      { ...refused('stored')(error), source: name },
    ])
  }
}

/** Why the database refused a check. Throws the error where it is a bug. */
type Refused = (check: string) => (error: unknown) => Finding

function refusedBy(url: string, { secrets }: Settings): Refused {
  const redact = createRedactor(secrets)
  return (check) => (error) => {
    const told = explainStoreError(error, url, redact)
    if (!(told instanceof AppError)) throw error
    return failed(check, ...causeAndCure(told.message))
  }
}
