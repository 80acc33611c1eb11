import { escapeIdentifier, type Pool, type PoolClient } from 'pg'
import * as z from 'zod'
import { SettingsError } from '../errors.ts'
import { appliedMigrations, knownMigrations, migrateWithin } from './migrate.ts'
import { continueNumbers } from './numbers.ts'
import { transaction } from './pool.ts'
import { End, Head, NO_LIMIT, Rows, TABLES, type Table } from './transfer.ts'

const REFERENCES = `
select
  format('alter table %s drop constraint %I', conrelid::regclass, conname) as take,
  format('alter table %s add constraint %I %s', conrelid::regclass, conname, pg_get_constraintdef(oid)) as give
from pg_constraint
where contype = 'f' and connamespace in ('llamacloud'::regnamespace, 'llamacloud_sync'::regnamespace)`

const TRIGGERS = (verb: 'disable' | 'enable') => `
do $$ declare name regclass; begin
  for name in
    select distinct t.tgrelid::regclass
    from pg_catalog.pg_trigger as t join pg_catalog.pg_class as c on c.oid = t.tgrelid
    where not t.tgisinternal and c.relnamespace in ('llamacloud'::regnamespace, 'llamacloud_sync'::regnamespace)
  loop
    execute format('alter table %s ${verb} trigger user', name);
  end loop;
end $$`

export interface Imported {
  readonly rows: number
  /** Tables and columns that this program did not make: somebody put them into its schemas. */
  readonly leftOut: readonly string[]
}

/**
 * Fills a database that has no tables of ours: makes them as they were, stores the rows, and applies newer migrations. All
 * of it or nothing.
 * @throws SettingsError when there are tables, or the lines are no export, or not all of one.
 */
export function importRows(pool: Pool, lines: AsyncIterable<string>): Promise<Imported> {
  return transaction(
    pool,
    async (client) => {
      if ((await appliedMigrations(client)).size > 0) {
        throw new SettingsError(
          'The database already has the tables of llamacloud-sync: import into an empty database.',
        )
      }
      const imported = await importLines(client, lines)
      await continueNumbers(client)
      await migrateWithin(client, await knownMigrations())
      return imported
    },
    NO_LIMIT,
  )
}

async function importLines(client: PoolClient, lines: AsyncIterable<string>): Promise<Imported> {
  const [counts, leftOut] = [{ read: 0, stored: 0 }, new Set<string>()]
  let head: z.infer<typeof Head> | undefined
  let made: Awaited<ReturnType<typeof makeTables>> | undefined
  let table: Target | undefined
  let total: number | undefined
  for await (const line of lines) {
    if (head === undefined) {
      head = parse(Head, line)
      made = await makeTables(client, head)
      continue
    }
    const content = parse(z.union([Rows, End]), line)
    if (total !== undefined) throw incomplete()
    if ('total' in content) {
      total = content.total
      continue
    }
    counts.read += content.rows.length
    if (table?.name !== content.table)
      table = await targetOf(client, made?.tables.get(content.table), content)
    for (const each of table?.leftOut ?? [content.table]) leftOut.add(each)
    if (table) counts.stored += (await client.query(table.insert, [content.rows])).rowCount ?? 0
  }
  if (head === undefined || (head.isCounted && total !== counts.read)) throw incomplete()
  await client.query(`drop type if exists ${ROW}`)
  await made?.finish()
  return { rows: counts.stored, leftOut: [...leftOut] }
}

/** The tables by their names, without what holds for each row: rows come in any order, and with what the triggers made. */
async function makeTables(client: PoolClient, { migrations }: z.infer<typeof Head>) {
  const known = await knownMigrations()
  const newer = migrations.filter((name) => !known.includes(name))
  if (newer.length > 0) {
    throw new SettingsError(
      `The file was exported by a newer version of llamacloud-sync (${newer.join(', ')}): upgrade this one.`,
    )
  }
  await migrateWithin(client, migrations)
  await client.query(TRIGGERS('disable'))
  const { rows: references } = await client.query<{ take: string; give: string }>(REFERENCES)
  for (const { take } of references) await client.query(take)
  const { rows } = await client.query<Table>(TABLES)
  const finish = async () => {
    for (const { give } of references) await client.query(give)
    await client.query(TRIGGERS('enable'))
  }
  return { tables: new Map(rows.map((table) => [table.name, table])), finish }
}

interface Target {
  readonly name: string
  /** Its parameter: rows as the file has them. */
  readonly insert: string
  /** Columns in the file that the table has not. */
  readonly leftOut: readonly string[]
}

/** The type of a row as the file has it. */
const ROW = 'llamacloud_sync.imported_row'

const COLUMNS = `
select string_agg(format('%I %s', wanted.name, coalesce(format_type(atttypid, atttypmod), 'text')), ', ' order by place) as columns
from unnest($2::text[]) with ordinality as wanted(name, place)
left join pg_attribute on attrelid = $1::regclass and attname = wanted.name and attnum > 0 and not attisdropped`

/** Somebody may have added columns to the table, or put one of ours back at its end: each value goes by the name of its column. */
async function targetOf(
  client: PoolClient,
  table: Table | undefined,
  { columns }: z.infer<typeof Rows>,
): Promise<Target | undefined> {
  if (table === undefined) return undefined
  const { name } = table
  const insert = (into: string, values: string, type: string) =>
    `insert into ${name}${into} overriding system value select ${values} from unnest($1::text[]::${type}[])`
  if (columns === undefined || columns.join('\0') === table.columns.join('\0'))
    return { name, insert: insert('', '*', name), leftOut: [] }
  const { rows } = await client.query<{ columns: string }>(COLUMNS, [name, columns])
  await client.query(`drop type if exists ${ROW}; create type ${ROW} as (${rows[0]?.columns})`)
  const [ours, theirs] = [
    columns
      .filter((column) => table.columns.includes(column))
      .map(escapeIdentifier)
      .join(),
    columns.filter((column) => !table.columns.includes(column)).map(escapeIdentifier),
  ]
  return {
    name,
    insert: insert(` (${ours})`, ours, ROW),
    leftOut: theirs.map((column) => `${name}.${column}`),
  }
}

function parse<T>(schema: z.ZodType<T>, line: string): T {
  try {
    return schema.parse(JSON.parse(line))
  } catch (cause) {
    throw incomplete(cause)
  }
}

function incomplete(cause?: unknown): SettingsError {
  return new SettingsError('The file is not a complete export of `llamacloud-sync export`: export again.', {
    cause,
  })
}
