import { formatInstant, type Instant, parseInstant } from '../values/instant.ts'
import { customType } from './drizzle.cjs'

/** A `timestamptz` that the worker computes with: microseconds in, microseconds out, never a JavaScript Date. */
export const instant = customType<{ data: Instant; driverData: string }>({
  dataType: () => 'timestamp with time zone',
  toDriver: formatInstant,
  fromDriver: storedInstant,
})

/** @throws RangeError when it is beyond what the worker can compute with, such as infinity */
export function storedInstant(text: string): Instant {
  const value = parseInstant(text)
  if (value === undefined) throw new RangeError(`not a moment that the worker can compute with: ${text}`)
  return value
}

/** A row as the driver hands it over: these columns of it are times, as text. */
export type Stored<Row, Times extends keyof Row> = Omit<Row, Times> & Readonly<Record<Times, string | null>>

/** @throws RangeError, as `storedInstant` does */
export function withInstants<Row, Times extends keyof Row & string>(
  stored: Stored<Row, Times>,
  times: readonly Times[],
): Row {
  const read = times.map((name) => [name, stored[name] === null ? null : storedInstant(stored[name])])
  return { ...stored, ...Object.fromEntries(read) } as Row
}

/** What a table and each of its columns mean, for people: becomes the comments in the database. */
export interface TableComments<Column extends string = string> {
  readonly table: string
  readonly columns: Readonly<Record<Column, string>>
}

/** Of a table of the drizzle schema: a column without a comment does not compile. */
export type CommentsOf<T extends { _: { columns: object } }> = TableComments<keyof T['_']['columns'] & string>

/** The same of a view, of the schema `llamacloud` where none is named. Views are written in SQL, so columns have their names there. */
export interface ViewComments {
  readonly schema?: string
  /** Of a table that has the columns of a view. */
  readonly kind?: 'TABLE' | 'VIEW'
  readonly view: string
  readonly comment: string
  readonly columns: Readonly<Record<string, string>>
}
