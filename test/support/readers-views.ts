import type { Pool } from 'pg'

const RELATIONS = `
select relname::text as name
from pg_class
where relnamespace = 'llamacloud'::regnamespace and relkind in ('r', 'v')
order by name
`

/** A view of a reader on each of ours that names each column, and one that relies on their order and their types. */
export async function makeReadersViews(pool: Pool): Promise<string[]> {
  const { rows } = await pool.query<{ name: string }>(RELATIONS)
  const names = rows.map(({ name }) => name)
  await pool.query('create schema reader')
  for (const name of names) {
    const { rows: columns } = await pool.query<{ list: string }>(
      `select string_agg(quote_ident(attname), ', ' order by attnum) as list
      from pg_attribute where attrelid = $1::regclass and attnum > 0`,
      [`llamacloud.${name}`],
    )
    await pool.query(
      `create view reader.${name} as select ${columns[0]!.list} from llamacloud.${name};
      create view reader.all_of_${name} as select t as whole from llamacloud.${name} as t`,
    )
  }
  return names
}

/** Ages grow as one looks on; shares and percentiles depend on the order of sums, or are those of a histogram since. */
const INEXACT = /^(lag|age)|mean$|share$|_p\d+/

/** What each of the views that name their columns shows, in an order of its own. */
export async function readersRows(pool: Pool, names: readonly string[]): Promise<Map<string, string[]>> {
  const found = new Map<string, string[]>()
  for (const name of names) {
    const { rows } = await pool.query<{ row: object }>(`select to_jsonb(t) as row from reader.${name} as t`)
    const exact = rows.map(({ row }) => Object.entries(row).filter(([column]) => !INEXACT.test(column)))
    found.set(name, exact.map((entries) => JSON.stringify(Object.fromEntries(entries))).sort())
  }
  return found
}
