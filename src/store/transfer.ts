import { escapeIdentifier, type Pool, type PoolClient } from 'pg'
import * as z from 'zod'
import { SettingsError } from '../errors.ts'
import { appliedMigrations } from './migrate.ts'
import { transaction } from './pool.ts'

/**
 * All rows of our tables as lines of JSON: first the migrations that made the tables, then rows as PostgreSQL writes them,
 * so that nothing of a value is lost. Every version of PostgreSQL reads what another wrote.
 */
export const Head = z.object({
  migrations: z.array(z.string()).min(1),
  /** Whether an `End` follows: earlier versions wrote none. */
  isCounted: z.boolean().default(false),
})
export const Rows = z.object({
  table: z.string().regex(/^llamacloud(_sync)?\./),
  /** In the order of the values in each row. Earlier versions wrote none: they are those of the table. */
  columns: z.array(z.string()).optional(),
  rows: z.array(z.string()),
})
/** The last line: how many rows came before it. */
export const End = z.object({ total: z.number() })

const ROWS_A_LINE = 200
/** A longer row has a line of its own: of those, 200 could take more memory than there is (I11). */
const LONGEST_SHARED = 65_536
export const NO_LIMIT = { statementTimeout: 0, idleTimeout: 0 }

export interface Table {
  readonly name: string
  /** The columns of the primary key. The sums have none, and no row that is long. */
  readonly key: readonly string[]
  readonly columns: readonly string[]
}

export const TABLES = `
select format('%I.%I', nspname, relname) as name, array(
  select attname::text
  from pg_index join pg_attribute on attrelid = indrelid and attnum = any (indkey)
  where indrelid = tables.oid and indisprimary
) as key, array(
  select attname::text from pg_attribute
  where attrelid = tables.oid and attnum > 0 and not attisdropped order by attnum
) as columns
from pg_class as tables join pg_namespace on pg_namespace.oid = relnamespace
where nspname in ('llamacloud', 'llamacloud_sync') and relkind in ('r', 'p') and not relispartition
  and (nspname, relname) <> ('llamacloud_sync', 'migrations')
order by name`

/** Hands all lines to `write`, as of one moment. Returns how many rows there were. */
export function exportRows(pool: Pool, write: (line: string) => Promise<void>): Promise<number> {
  return transaction(
    pool,
    async (client) => {
      const migrations = [...(await appliedMigrations(client))]
      if (migrations.length === 0)
        throw new SettingsError('The database has no tables of llamacloud-sync: there is nothing to export.')
      await write(JSON.stringify({ migrations, isCounted: true } satisfies z.infer<typeof Head>))
      const { rows: tables } = await client.query<Table>(TABLES)
      if (!tables.some(({ name }) => name.startsWith('llamacloud.')))
        throw new SettingsError(
          'The schema llamacloud has no tables: their rows are lost. Restore a backup first.',
        )
      let count = 0
      for (const table of tables) count += await exportTable(client, table, write)
      await write(JSON.stringify({ total: count } satisfies z.infer<typeof End>))
      return count
    },
    { ...NO_LIMIT, snapshot: true },
  )
}

async function exportTable(
  client: PoolClient,
  { name, key, columns: all }: Table,
  write: (line: string) => Promise<void>,
) {
  const isShort = key.length === 0 ? 'true' : `octet_length(each::text) <= ${LONGEST_SHARED}`
  const columns = key.map((column) => `each.${escapeIdentifier(column)}`)
  const keys = columns.map((column) => `${column}::text`).join()
  await client.query(
    `declare exported no scroll cursor for
    select case when ${isShort} then each::text end as row, array[${keys}]::text[] as key from ${name} as each`,
  )
  const wanted = columns.map((column, index) => `${column} = $${index + 1}`).join(' and ')
  const long = `select each::text as row from ${name} as each where ${wanted}`
  const writeRows = (rows: string[]) =>
    write(JSON.stringify({ table: name, columns: [...all], rows } satisfies z.infer<typeof Rows>))
  for (let count = 0; ; ) {
    const { rows } = await client.query<{ row: string | null; key: string[] }>(
      `fetch ${ROWS_A_LINE} from exported`,
    )
    if (rows.length === 0) {
      await client.query('close exported')
      return count
    }
    count += rows.length
    const short = rows.flatMap(({ row }) => row ?? [])
    if (short.length > 0) await writeRows(short)
    for (const { key } of rows.filter(({ row }) => row === null))
      await writeRows((await client.query<{ row: string }>(long, key)).rows.map(({ row }) => row))
  }
}
