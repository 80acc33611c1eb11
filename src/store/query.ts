import type { Pool, PoolClient, QueryResultRow } from 'pg'
import { inTransaction } from './pool.ts'

/** Runs one statement in the transaction that a client is in already, or in one of its own on a pool. Returns its rows. */
export async function query<Row extends QueryResultRow>(
  connection: Pool | PoolClient,
  statement: string,
  values: unknown[] = [],
): Promise<Row[]> {
  const { rows } = await inTransaction(connection, (client) => client.query<Row>(statement, values))
  return rows
}

/** The ids that a statement chooses. */
export async function idsOf(
  connection: Pool | PoolClient,
  statement: string,
  values: unknown[],
): Promise<string[]> {
  const rows = await query<{ id: string }>(connection, statement, values)
  return rows.map(({ id }) => id)
}
