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

/** What a table and each of its columns mean, for people: becomes the comments in the database. */
export interface TableComments<Column extends string = string> {
  readonly table: string
  readonly columns: Readonly<Record<Column, string>>
}

/** The same of a view, of the schema `llamacloud` where none is named. Views are written in SQL, so columns have their names there. */
export interface ViewComments {
  readonly schema?: string
  /** Of a table that has the columns of a view. */
  readonly kind?: 'TABLE' | 'VIEW'
  readonly view: string
  readonly comment: string
  readonly columns: Readonly<Record<string, string>>
}
