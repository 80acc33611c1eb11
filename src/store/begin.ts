import type { ClientBase } from 'pg'

const STATEMENT_TIMEOUT_MS = 60_000
const LOCK_TIMEOUT_MS = 15_000
const IDLE_IN_TRANSACTION_MS = 60_000

/** Milliseconds after which PostgreSQL gives up; 0 for never. */
export interface TransactionOptions {
  readonly statementTimeout?: number
  readonly lockTimeout?: number
  /** A worker that is paused, or whose machine vanished, holds its locks no longer than this. */
  readonly idleTimeout?: number
  /** All statements read the state of one moment, and none writes. */
  readonly snapshot?: boolean
}

/**
 * All settings by which a role, a database or a pooler's session could change what our statements mean, what they answer
 * and what a migration makes. Left as they are: those of speed, and `role` and `default_transaction_read_only`, which
 * somebody means.
 */
const PINNED: Readonly<Record<string, string>> = {
  client_encoding: "'UTF8'",
  // Somebody else's functions and operators are named like those of PostgreSQL: nothing of ours is found by a path.
  search_path: 'pg_catalog, pg_temp',
  standard_conforming_strings: 'on',
  array_nulls: 'on',
  transform_null_equals: 'off',
  quote_all_identifiers: 'off',
  // A policy that would hide rows from the worker is an error: to a filtered reading the rest looks gone.
  row_security: 'off',
  timezone: "'UTC'",
  datestyle: "'ISO, MDY'",
  intervalstyle: "'postgres'",
  extra_float_digits: '1',
}

/** Settings that not every version knows: how long a transaction may take, and whether views may be read. */
const WHERE_KNOWN = { transaction_timeout: '0', restrict_nonsystem_relation_kind: '' }

const SET_WHERE_KNOWN = Object.entries(WHERE_KNOWN)
  .map(
    ([name, value]) =>
      `case when pg_catalog.current_setting('${name}', true) is not null ` +
      `then pg_catalog.set_config('${name}', '${value}', true) end`,
  )
  .join(', ')

/** What role, database and session may set: each transaction has its own. */
export const OVERRIDDEN: readonly string[] = [
  ...Object.keys({ ...PINNED, ...WHERE_KNOWN }),
  'default_transaction_isolation',
  'statement_timeout',
  'lock_timeout',
  'idle_in_transaction_session_timeout',
]

/** One round trip. `set local` is the only kind of setting that a pooler in transaction mode keeps where it belongs. */
export function beginStatement({
  statementTimeout = STATEMENT_TIMEOUT_MS,
  lockTimeout = LOCK_TIMEOUT_MS,
  idleTimeout = IDLE_IN_TRANSACTION_MS,
  snapshot = false,
}: TransactionOptions = {}): string {
  const settings = {
    ...PINNED,
    statement_timeout: Math.ceil(statementTimeout),
    lock_timeout: Math.ceil(lockTimeout),
    idle_in_transaction_session_timeout: Math.ceil(idleTimeout),
  }
  return [
    snapshot ? 'begin isolation level repeatable read, read only' : 'begin isolation level read committed',
    // First of all, since the time of the transaction has begun.
    `select ${SET_WHERE_KNOWN}`,
    ...Object.entries(settings).map(([name, value]) => `set local ${name} = ${value}`),
  ].join('; ')
}

/** Looks at a connection that is in no transaction, with all settings as ours are, and leaves nothing behind. */
export async function looking<T>(client: Pick<ClientBase, 'query'>, look: () => Promise<T>): Promise<T> {
  await client.query(beginStatement())
  try {
    return await look()
  } finally {
    await client.query('rollback').catch(() => {})
  }
}
