import type { Pool, PoolClient } from 'pg'
import { sqlState } from './database-error.ts'
import { transaction } from './pool.ts'

const UNIQUE_VIOLATION = '23505'

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

/** Has numbers go on after those that are there. Returns whether some were behind. */
export async function continueNumbers(client: PoolClient): Promise<boolean> {
  const { rows } = await client.query<{ statement: string }>(STATEMENTS)
  const { rowCount } = await client.query(rows.map(({ statement }) => statement).join(' union all '))
  return (rowCount ?? 0) > 0
}

/**
 * Whether the transaction that failed may succeed now: a number was given again, since sequences do not travel by logical
 * replication, nor with rows that somebody copied.
 */
export async function areNumbersMended(pool: Pool, error: unknown): Promise<boolean> {
  return sqlState(error) === UNIQUE_VIOLATION && (await transaction(pool, continueNumbers))
}
