import { getTableColumns } from 'drizzle-orm'
import { getTableConfig, type PgTable } from 'drizzle-orm/pg-core'
import * as lists from '../src/lists/schemas.ts'
import type { TableComments, ViewComments } from '../src/store/columns.ts'
import * as storeComments from '../src/store/comments.ts'
import * as storeTables from '../src/store/schema.ts'
import * as storeViewComments from '../src/store/view-comments.ts'

/** Comments by what they are of: `TABLE llamacloud.classify_jobs`, `COLUMN llamacloud.classify_jobs.id`. */
export type Comments = ReadonlyMap<string, string>

/** The comments that the records of the code say there should be. */
export function describedComments(): Comments {
  const all: Readonly<Record<string, object>> = {
    ...lists,
    ...storeTables,
    ...storeComments,
    ...storeViewComments,
  }
  const comments = Object.entries(all).filter(([name]) => name.endsWith('Comments'))
  const entries = comments.flatMap(([name, each]) => {
    if ('view' in each) return entriesOfView(each as ViewComments)
    const table = all[name.replace(/Comments$/, '')]
    if (!table) throw new Error(`${name} is of no table`)
    return entriesOfTable(table as PgTable, each as TableComments)
  })
  return new Map(entries)
}

function entriesOfTable(table: PgTable, comments: TableComments): [string, string][] {
  const { schema, name } = getTableConfig(table)
  const columns = Object.entries(getTableColumns(table)).map(([property, column]): [string, string] => [
    `COLUMN ${schema}.${name}.${column.name}`,
    comments.columns[property] ?? '',
  ])
  return [[`TABLE ${schema}.${name}`, comments.table], ...columns]
}

function entriesOfView({
  schema = 'llamacloud',
  kind = 'VIEW',
  view,
  comment,
  columns,
}: ViewComments): [string, string][] {
  const ofColumns = Object.entries(columns).map(([column, text]): [string, string] => [
    `COLUMN ${schema}.${view}.${column}`,
    text,
  ])
  return [[`${kind} ${schema}.${view}`, comment], ...ofColumns]
}
