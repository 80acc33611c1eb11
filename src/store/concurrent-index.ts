import { escapeIdentifier, type Pool } from 'pg'
import { type ConcurrentIndex, notConcurrently } from './migration-files.ts'
import type { MigrateOptions } from './migration-waits.ts'
import { query } from './query.ts'

const SAY_EVERY_MS = 10_000
const LOOK_EVERY_MS = 1_000

/**
 * What would cut off what may take hours, or change what a predicate means. Of the session, as no transaction can hold it,
 * and only where it is not as it comes: behind a pooler others may get the session.
 */
const SET = `
select wanted.name, pg_catalog.set_config(wanted.name, wanted.value, false)
from (values
  ('statement_timeout', '0'), ('lock_timeout', '0'), ('transaction_timeout', '0'),
  ('standard_conforming_strings', 'on'), ('search_path', 'pg_catalog')
) as wanted(name, value)
where pg_catalog.current_setting(wanted.name, true) operator(pg_catalog.<>) all (array[wanted.value, '"$user", public'])`

const STATE = `
select
  held.relkind = 'p' as "isPartitioned",
  index.indisvalid as "isValid"
from pg_catalog.pg_class as held
join pg_catalog.pg_namespace as schema on schema.oid = held.relnamespace
left join pg_catalog.pg_class as made on made.relnamespace = schema.oid and made.relname = $3
left join pg_catalog.pg_index as index on index.indexrelid = made.oid and index.indrelid = held.oid
where schema.nspname = $1 and held.relname = $2`

interface State {
  readonly isPartitioned: boolean
  /** null: there is none. */
  readonly isValid: boolean | null
}

/**
 * Builds an index while others read and write. What an interrupted attempt left behind is invalid, and is built again; but
 * the server goes on with an attempt whose process was killed, and that is waited for. The caller lets nobody else do the same.
 */
export async function buildIndex(pool: Pool, index: ConcurrentIndex, options: MigrateOptions): Promise<void> {
  let state = await stateOf(pool, index)
  if (state?.isValid === false) {
    await saying(pool, index, options, () => othersBuild(pool, index, options))
    state = await stateOf(pool, index)
  }
  if (state?.isValid === true) return
  const client = await pool.connect()
  try {
    const { rows: set } = await client.query<{ name: string }>(SET)
    if (state?.isValid === false) await client.query(`drop index concurrently if exists ${nameOf(index)}`)
    await saying(pool, index, options, async () => {
      // Not to be had concurrently on a partitioned table, where it keeps writers out, and no reader.
      await client.query(state?.isPartitioned ? notConcurrently(index) : index.statement)
    })
    for (const { name } of set) await client.query(`reset ${name}`)
  } finally {
    client.release()
  }
}

async function stateOf(pool: Pool, { schema, table, name }: ConcurrentIndex): Promise<State | undefined> {
  const [state] = await query<State>(pool, STATE, [schema, table, name])
  return state
}

const IS_BEING_BUILT = `
select from pg_catalog.pg_stat_progress_create_index as building
join pg_catalog.pg_class as made on made.oid = building.index_relid
where made.relname = $1 and made.relnamespace = to_regnamespace($2)`

async function othersBuild(
  pool: Pool,
  { name, schema }: ConcurrentIndex,
  options: MigrateOptions,
): Promise<void> {
  const look = () => query(pool, IS_BEING_BUILT, [name, schema])
  while ((await look()).length > 0) await options.clock.sleep(LOOK_EVERY_MS, options.signal)
}

function nameOf({ schema, name }: ConcurrentIndex): string {
  return `${escapeIdentifier(schema)}.${escapeIdentifier(name)}`
}

/** A prepared transaction comes first: PostgreSQL names the session that left it behind, which is at something else by now. */
const PROGRESS = `
select format('%s%s%s', phase,
  ', ' || round(100.0 * greatest(blocks_done, tuples_done) / nullif(greatest(blocks_total, tuples_total), 0)) || ' % done',
  ', waiting for ' || coalesce('the prepared transaction ' || quote_literal((
    select min(gid)
    from pg_catalog.pg_prepared_xacts as prepared
    join pg_catalog.pg_locks as own on own.transactionid = prepared.transaction and own.pid is null
    join pg_catalog.pg_locks as held on held.virtualtransaction = own.virtualtransaction and held.pid is null
    where held.relation = building.relid and held.mode <> 'AccessShareLock'
  )), 'pid ' || nullif(current_locker_pid, 0))) as progress
from pg_catalog.pg_stat_progress_create_index as building
where relid = to_regclass($1)`

/** Says now and then how far it is, and whom it waits for: any transaction that is older than it. */
async function saying(
  pool: Pool,
  { schema, table, name }: ConcurrentIndex,
  { clock, onWait }: MigrateOptions,
  build: () => Promise<void>,
): Promise<void> {
  const built = new AbortController()
  const say = async () => {
    for (;;) {
      await clock.sleep(SAY_EVERY_MS, built.signal)
      const [row] = await query<{ progress: string }>(pool, PROGRESS, [`${schema}.${table}`])
      onWait(`The index ${name} is being built: ${row?.progress ?? 'not begun'}.`)
    }
  }
  const said = say().catch(() => {})
  try {
    await build()
  } finally {
    built.abort()
    await said
  }
}
