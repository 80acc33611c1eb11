import type { Pool, PoolClient } from 'pg'
import { constraintOf } from './database-error.ts'
import { transaction } from './pool.ts'

/**
 * For each column that numbers itself, what has it go on after the greatest number, the last of its index, where its
 * sequence is behind. One that was never asked gives its `last_value` first. Tables that somebody put beside ours may not
 * be open to the worker.
 */
const STATEMENTS = `
select format(
  'select setval(%1$L, max(%2$I)) from %3$s having max(%2$I) > (select last_value - (not is_called)::int from %1$s)',
  pg_get_serial_sequence(attrelid::regclass::text, attname), attname, attrelid::regclass
) as statement
from pg_attribute join pg_class on pg_class.oid = attrelid
where attidentity <> '' and relkind in ('r', 'p') and not relispartition
  and relnamespace in (to_regnamespace('llamacloud'), to_regnamespace('llamacloud_sync'))
  and pg_has_role(relowner, 'usage') and not relforcerowsecurity`

/** One at a time: another one may have gone on already, and be about to commit the next number. */
const LOCK = `select pg_advisory_xact_lock(hashtext('llamacloud_sync.numbers'))`

/** Has numbers go on after those that are there. */
export async function continueNumbers(client: PoolClient): Promise<void> {
  await client.query(LOCK)
  const { rows } = await client.query<{ statement: string }>(STATEMENTS)
  await client.query(rows.map(({ statement }) => statement).join(' union all '))
}

/** Whether it is the primary key of a table that numbers its rows. */
const OF_NUMBERS = `
select from pg_constraint join pg_attribute on attrelid = conrelid and attnum = any (conkey)
where conname = $1 and contype = 'p' and attidentity <> ''
  and connamespace in (to_regnamespace('llamacloud'), to_regnamespace('llamacloud_sync'))`

/**
 * Whether the transaction that failed may succeed now: a number was given again, since sequences do not travel by logical
 * replication, nor with rows that somebody copied.
 */
export async function areNumbersMended(pool: Pool, error: unknown): Promise<boolean> {
  const constraint = constraintOf(error)
  if (constraint === undefined) return false
  return await transaction(pool, async (client) => {
    if ((await client.query(OF_NUMBERS, [constraint])).rowCount === 0) return false
    await continueNumbers(client)
    return true
  })
}
