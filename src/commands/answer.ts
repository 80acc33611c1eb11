import type { Pool, PoolClient } from 'pg'
import { inTransaction } from '../store/pool.ts'
import { table } from './table.ts'

/** The answer to a query as a plain text table; null is an empty cell. */
export async function answer(connection: Pool | PoolClient, sql: string): Promise<string> {
  const { fields, rows } = await inTransaction(connection, (client) =>
    client.query<Record<string, unknown>>(sql),
  )
  const columns = fields.map((field) => field.name)
  return table(
    columns,
    rows.map((row) => columns.map((column) => String(row[column] ?? ''))),
  )
}
