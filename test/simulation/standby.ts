import type pg from 'pg'

/** What a standby holds: the tables as they were when they were last replicated. */
export interface Standby {
  replicate(): Promise<void>
  /** It takes the place of the primary. Nobody is connected. */
  takeOver(): Promise<void>
}

const COLUMNS = `
select string_agg(quote_ident(attname), ', ' order by attnum) as columns
from pg_attribute where attrelid = $1::regclass and attnum > 0 and not attisdropped and attgenerated = ''
`
const SEQUENCES = `
select quote_ident(schemaname) || '.' || quote_ident(sequencename) as name from pg_sequences
where schemaname in ('llamacloud', 'llamacloud_sync')
`

/** `tables`: children before their parents. */
export async function createStandby(pool: pg.Pool, tables: readonly string[]): Promise<Standby> {
  await pool.query(
    'create schema standby; create table standby.sequences (name text, value bigint, is_called boolean)',
  )
  const known: { readonly table: string; readonly copy: string; readonly columns: string }[] = []
  for (const table of tables) {
    const copy = `standby."${table}"`
    await pool.query(`create table ${copy} (like ${table})`)
    const { rows } = await pool.query<{ columns: string }>(COLUMNS, [table])
    known.push({ table, copy, columns: rows[0]!.columns })
  }
  const fill = (to: 'table' | 'copy', from: 'table' | 'copy') => (each: (typeof known)[number]) =>
    `insert into ${each[to]} (${each.columns}) overriding system value select ${each.columns} from ${each[from]}`
  const { rows: sequences } = await pool.query<{ name: string }>(SEQUENCES)
  const keep = sequences.map(
    ({ name }) => `insert into standby.sequences select '${name}', last_value, is_called from ${name}`,
  )
  const replicate = [
    ...known.map(({ copy }) => `delete from ${copy}`),
    'delete from standby.sequences',
    ...known.map(fill('copy', 'table')),
    ...keep,
  ]
  const takeOver = [
    'begin',
    'set local session_replication_role = replica',
    ...known.map(({ table }) => `delete from ${table}`),
    ...known.map(fill('table', 'copy')),
    'select setval(name, value, is_called) from standby.sequences',
    'commit',
  ]
  return {
    replicate: async () => void (await pool.query(replicate.join('; '))),
    takeOver: async () => void (await pool.query(takeOver.join('; '))),
  }
}
