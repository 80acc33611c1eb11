import { isJsonObject, type JsonValue } from '../values/json.ts'
import { Field, type Fields, NOT_STORED } from './list.ts'

/**
 * Takes the fields of these columns, and those that are never stored, out of an item, in place. To be called before anything else looks at it, so that what is
 * stored, rejected and compared is all the same.
 */
export function omit(item: JsonValue, fields: Fields, columns: ReadonlySet<string>): void {
  if (!isJsonObject(item)) return
  for (const [name, field] of Object.entries(fields)) {
    if (field === NOT_STORED) delete item[name]
    else if (!(field instanceof Field)) omit(item[name] ?? null, field, columns)
    else if (columns.has(field.column)) delete item[name]
  }
}

/** Whether some field is never stored. */
export function hasUnstored(fields: Fields): boolean {
  return Object.values(fields).some(
    (field) => field === NOT_STORED || (!(field instanceof Field) && hasUnstored(field)),
  )
}
