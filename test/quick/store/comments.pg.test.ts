import { is } from 'drizzle-orm'
import { getTableConfig, PgTable } from 'drizzle-orm/pg-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import * as lists from '../../../src/lists/schemas.ts'
import type { TableComments, ViewComments } from '../../../src/store/columns.ts'
import * as storeComments from '../../../src/store/comments.ts'
import * as storeSchema from '../../../src/store/schema.ts'
import type { TestDatabase } from '../../support/database.ts'
import { createMigratedDatabase } from '../../support/migrated-database.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await createMigratedDatabase()
})
afterAll(() => database.drop())

const COMMENTS = `
select
  namespace.nspname || '.' || class.relname as "table",
  coalesce(attribute.attname, '') as "column",
  coalesce(col_description(class.oid, attribute.attnum), obj_description(class.oid, 'pg_class')) as comment
from pg_class as class
join pg_namespace as namespace on namespace.oid = class.relnamespace
join lateral (
  select attname, attnum from pg_attribute where attrelid = class.oid and attnum > 0 and not attisdropped
  union all select null, 0
) as attribute on true
where namespace.nspname in ('llamacloud', 'llamacloud_sync') and class.relkind in ('r', 'p')
`

interface Comment {
  readonly table: string
  /** Empty for the table itself. */
  readonly column: string
  readonly comment: string | null
}

/** The comments that the code asks for, of every table that the code knows. */
function wanted(): Comment[] {
  const comments: Record<string, object> = { ...lists, ...storeComments }
  return Object.entries({ ...lists, ...storeSchema }).flatMap(([name, table]) => {
    if (!is(table, PgTable)) return []
    const { schema, name: tableName, columns } = getTableConfig(table)
    const told = comments[`${name}Comments`] as TableComments | ViewComments
    const tableComment = 'view' in told ? told.comment : told.table
    const texts: Readonly<Record<string, string>> = told.columns
    const qualified = `${schema}.${tableName}`
    const keys = new Map(Object.entries(table).map(([key, column]) => [column, key]))
    return [
      { table: qualified, column: '', comment: tableComment },
      ...columns.map((column) => ({
        table: qualified,
        column: column.name,
        comment: texts[keys.get(column) ?? ''] ?? texts[column.name] ?? null,
      })),
    ]
  })
}

const sorted = (comments: readonly Comment[]) =>
  comments.map((each) => JSON.stringify([each.table, each.column, each.comment])).sort()

test('every table and column has the comment that the code gives it', async () => {
  const { rows } = await database.pool.query<Comment>(COMMENTS)
  const ours = rows.filter(({ table }) => table !== 'llamacloud_sync.migrations')
  expect(sorted(ours)).toEqual(sorted(wanted()))
  expect(ours.length).toBeGreaterThan(80)
})

test('nothing in the two schemas is without a comment, the record of migrations and the schemas included', async () => {
  const { rows } = await database.pool.query<Comment>(COMMENTS)
  expect(rows.filter(({ comment }) => !comment?.endsWith('.'))).toEqual([])
  const { rows: schemas } = await database.pool.query(
    `select nspname from pg_namespace
    where nspname like 'llamacloud%' and obj_description(oid, 'pg_namespace') is null`,
  )
  expect(schemas).toEqual([])
})

test('the tables of the code are those of the migrations: names, types, nulls', async () => {
  const { rows } = await database.pool.query<{ column: string }>(
    `select nspname || '.' || relname || '.' || attname || ' ' || format_type(atttypid, atttypmod) ||
      case when attnotnull then ' not null' else '' end as column
    from pg_attribute join pg_class on pg_class.oid = attrelid join pg_namespace on pg_namespace.oid = relnamespace
    where attnum > 0 and not attisdropped and relkind = 'r'
      and nspname in ('llamacloud', 'llamacloud_sync') and relname <> 'migrations'`,
  )
  const known = Object.values({ ...lists, ...storeSchema }).flatMap((table) => {
    if (!is(table, PgTable)) return []
    const { schema, name, columns } = getTableConfig(table)
    return columns.map(
      (each) => `${schema}.${name}.${each.name} ${each.getSQLType()}${each.notNull ? ' not null' : ''}`,
    )
  })
  expect(rows.map(({ column }) => column).sort()).toEqual(known.sort())
})
