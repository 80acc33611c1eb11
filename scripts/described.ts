import { getTableColumns } from 'drizzle-orm'
import { getTableConfig, type PgTable } from 'drizzle-orm/pg-core'
import * as classifyComments from '../src/lists/classify/comments.ts'
import * as classifyMoreViewComments from '../src/lists/classify/more-view-comments.ts'
import * as classifyTables from '../src/lists/classify/schema.ts'
import * as classifySumsComments from '../src/lists/classify/sums-comments.ts'
import * as classifyViewComments from '../src/lists/classify/view-comments.ts'
import type { TableComments, ViewComments } from '../src/store/columns.ts'
import * as storeComments from '../src/store/comments.ts'
import * as storeTables from '../src/store/schema.ts'
import * as storeViewComments from '../src/store/view-comments.ts'

/** Comments by what they are of: `TABLE llamacloud.classify_jobs`, `COLUMN llamacloud.classify_jobs.id`. */
export type Comments = ReadonlyMap<string, string>

/** The comments that the records of the code say there should be. */
export function describedComments(): Comments {
  const tables: Readonly<Record<string, object>> = { ...classifyTables, ...storeTables }
  const ofTables: Readonly<Record<string, TableComments>> = { ...classifyComments, ...storeComments }
  const ofViews = Object.values<ViewComments>({
    ...classifyViewComments,
    ...classifySumsComments,
    ...classifyMoreViewComments,
    ...storeViewComments,
  })
  const entries = [
    ...Object.entries(ofTables).flatMap(([name, comments]) => {
      const table = tables[name.replace(/Comments$/, '')]
      if (!table) throw new Error(`${name} is of no table`)
      return entriesOfTable(table as PgTable, comments)
    }),
    ...ofViews.flatMap(entriesOfView),
  ]
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
