import type { Pool } from 'pg'
import { knownMigrations, readMigration } from './migration-files.ts'
import { query } from './query.ts'

/** Something that the migrations make, as SQL names it. */
export interface Made {
  readonly kind: 'table' | 'view' | 'column' | 'function' | 'index'
  readonly schema: string
  readonly name: string
  /** Of a column; else empty. */
  readonly column: string
}

const NAME = '(llamacloud\\w*)\\.(\\w+)(?:\\.(\\w+))?'
/** All that they make has a comment, but for functions and indexes. */
const MADE = new RegExp(
  `^(?:comment on (table|view|column)|create (?:or replace )?(function)) ${NAME}`,
  'gim',
)
const DROPPED = new RegExp(`^(?:drop table|alter table) ${NAME}(?: drop column (\\w+))?;`, 'gim')
const INDEXED = new RegExp(
  `^(?:create (?:unique )?index (?:concurrently )?(?:if not exists )?(?<made>\\w+) on ${NAME}|` +
    'drop index \\w+\\.(?<dropped>\\w+)|alter index \\w+\\.(?<from>\\w+) rename to (?<to>\\w+))',
  'gim',
)

/** What is there after all migrations, each once. */
export async function madeByMigrations(): Promise<readonly Made[]> {
  const migrations = await Promise.all((await knownMigrations()).map(readMigration))
  const text = migrations
    .flatMap(({ indexes, statements }) => [...indexes.map(({ statement }) => statement), ...statements])
    .join('\n')
    .replaceAll('"', '')
  const drops = [...text.matchAll(DROPPED)]
  const isLeft = ({ schema, name, column }: Omit<Made, 'kind'>) =>
    !drops.some(
      ([, ofSchema, table, , dropped]) =>
        schema === ofSchema && name === table && (dropped === undefined || dropped === column),
    )
  const made = [...text.matchAll(MADE)].map(([, commented, called, schema = '', name = '', column = '']) => ({
    kind: (commented ?? called ?? '').toLowerCase() as Made['kind'],
    schema,
    name,
    column,
  }))
  const indexes = [...indexesIn(text)].filter(([, table]) => isLeft(table))
  return [
    ...new Map(made.filter(isLeft).map((each) => [JSON.stringify(each), each])).values(),
    ...indexes.map(([name, { schema }]) => ({ kind: 'index' as const, schema, name, column: '' })),
  ]
}

/** Names of indexes to their tables. */
function indexesIn(text: string): Map<string, Omit<Made, 'kind'>> {
  const indexes = new Map<string, Omit<Made, 'kind'>>()
  for (const { groups = {}, 2: schema = '', 3: name = '' } of text.matchAll(INDEXED)) {
    const { made, dropped, from, to } = groups
    const renamed = from === undefined ? undefined : indexes.get(from)
    if (made !== undefined) indexes.set(made, { schema, name, column: '' })
    if (to !== undefined && renamed) indexes.set(to, renamed)
    indexes.delete(dropped ?? from ?? '')
  }
  return indexes
}

/** Tables without a key of their own show whole rows to those who replicate them. */
const GONE = `
with made as (select * from json_to_recordset($1) as made(kind text, schema text, name text, "column" text)),
known as (
  select made.*, (select oid from pg_class where relname = made.name and relnamespace = to_regnamespace(made.schema)) as oid
  from made
)
select format('%s %I.%I', kind, schema, name) as what from known
where kind in ('table', 'view') and oid is null
union all
select format('column %I of %I.%I', "column", schema, name) from known
where kind = 'column' and oid is not null
  and not exists (select from pg_attribute where attrelid = oid and attname = "column" and not attisdropped)
union all
select format('function %I.%I', schema, name) from known
where kind = 'function'
  and not exists (select from pg_proc where proname = known.name and pronamespace = to_regnamespace(known.schema))
union all
select format('index %I.%I', schema, name) from known
where kind = 'index' and not exists (select from pg_index where indexrelid = oid and indisvalid)
union all
select format('primary key of %I.%I', schema, name) from known join pg_class as class using (oid)
where kind = 'table' and relreplident = 'd'
  and not exists (select from pg_index where indrelid = class.oid and indisprimary and indisvalid)
`

/** What the migrations made and somebody dropped, renamed or put another thing in the place of. */
export async function whatIsGone(pool: Pool): Promise<string[]> {
  const made = JSON.stringify(await madeByMigrations())
  const rows = await query<{ what: string }>(pool, GONE, [made])
  return rows.map(({ what }) => what)
}
