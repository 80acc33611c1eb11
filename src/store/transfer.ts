import { escapeIdentifier, type Pool, type PoolClient } from 'pg'
import * as z from 'zod'
import { SettingsError } from '../errors.ts'
import { appliedMigrations, knownMigrations, migrateWithin } from './migrate.ts'
import { transaction } from './pool.ts'

/**
 * All rows of our tables as lines of JSON: first the migrations that made the tables, then rows as PostgreSQL writes them,
 * so that nothing of a value is lost. Every version of PostgreSQL reads what another wrote.
 */
const Head = z.object({
  migrations: z.array(z.string()).min(1),
  /** Whether an `End` follows: earlier versions wrote none. */
  isCounted: z.boolean().default(false),
})
const Rows = z.object({ table: z.string().regex(/^llamacloud(_sync)?\./), rows: z.array(z.string()) })
/** The last line: how many rows came before it. */
const End = z.object({ total: z.number() })

const ROWS_A_LINE = 200
/** A longer row has a line of its own: of those, 200 could take more memory than there is (I11). */
const LONGEST_SHARED = 65_536
const NO_LIMIT = { statementTimeout: 0, idleTimeout: 0 }

interface Table {
  readonly name: string
  /** The columns of the primary key. The sums have none, and no row that is long. */
  readonly key: readonly string[]
}

/** What others refer to comes first. */
const TABLES = `
with recursive tables as (
  select c.oid, format('%I.%I', n.nspname, c.relname) as name
  from pg_catalog.pg_class as c join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
  where n.nspname in ('llamacloud', 'llamacloud_sync') and c.relkind in ('r', 'p') and not c.relispartition
    and (n.nspname, c.relname) <> ('llamacloud_sync', 'migrations')
), depths as (
  select oid, 0 as depth from tables
  union all
  select k.conrelid, depth + 1 from depths join pg_catalog.pg_constraint as k on k.confrelid = depths.oid
  where k.contype = 'f' and k.conrelid <> k.confrelid
)
select name, array(
  select a.attname::text
  from pg_catalog.pg_index as i join pg_catalog.pg_attribute as a on a.attrelid = i.indrelid and a.attnum = any (i.indkey)
  where i.indrelid = tables.oid and i.indisprimary
) as key
from tables join depths using (oid) group by oid, name order by max(depth), name`

/** Goes on from the greatest number of each column that numbers itself. */
const CONTINUE = `
do $$ declare numbered record; begin
  for numbered in
    select a.attrelid::regclass as name, a.attname as column
    from pg_catalog.pg_attribute as a join pg_catalog.pg_class as c on c.oid = a.attrelid
    where a.attidentity <> '' and c.relnamespace in ('llamacloud'::regnamespace, 'llamacloud_sync'::regnamespace)
  loop
    execute format('select setval(pg_get_serial_sequence(%L, %L), max(%I)) from %s having count(*) > 0',
      numbered.name, numbered.column, numbered.column, numbered.name);
  end loop;
end $$`

/** An import brings what the triggers made along. */
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

async function exportTable(client: PoolClient, { name, key }: Table, write: (line: string) => Promise<void>) {
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
    write(JSON.stringify({ table: name, rows } satisfies z.infer<typeof Rows>))
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

export interface Imported {
  readonly rows: number
  /** Tables that this program did not make: somebody put them into its schemas. */
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
      await client.query(TRIGGERS('enable'))
      await client.query(CONTINUE)
      await migrateWithin(client, await knownMigrations())
      return imported
    },
    NO_LIMIT,
  )
}

async function importLines(client: PoolClient, lines: AsyncIterable<string>): Promise<Imported> {
  const [counts, leftOut] = [{ read: 0, stored: 0 }, new Set<string>()]
  let head: z.infer<typeof Head> | undefined
  let tables: ReadonlySet<string> = new Set()
  let total: number | undefined
  for await (const line of lines) {
    if (head === undefined) {
      head = parse(Head, line)
      tables = await makeTables(client, head)
      continue
    }
    const content = parse(z.union([Rows, End]), line)
    if (total !== undefined) throw incomplete()
    if ('total' in content) {
      total = content.total
      continue
    }
    counts.read += content.rows.length
    if (tables.has(content.table)) counts.stored += await importTable(client, content)
    else leftOut.add(content.table)
  }
  if (head === undefined || (head.isCounted && total !== counts.read)) throw incomplete()
  return { rows: counts.stored, leftOut: [...leftOut] }
}

/** Returns the names of the tables. */
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
  const { rows } = await client.query<Table>(TABLES)
  return new Set(rows.map(({ name }) => name))
}

async function importTable(client: PoolClient, { table, rows }: z.infer<typeof Rows>): Promise<number> {
  const statement = `insert into ${table} overriding system value select * from unnest($1::text[]::${table}[])`
  return (await client.query(statement, [rows])).rowCount ?? 0
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
