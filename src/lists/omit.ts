import { isJsonObject, type JsonValue } from '../values/json.ts'
import { Field, type Fields } from './list.ts'

/**
 * Takes the fields of these columns out of an item, in place. To be called before anything else looks at it, so that what is
 * stored, rejected and compared is all the same.
 */
export function omit(item: JsonValue, fields: Fields, columns: ReadonlySet<string>): void {
  if (!isJsonObject(item)) return
  for (const [name, field] of Object.entries(fields)) {
    if (typeof field === 'symbol') continue
    if (!(field instanceof Field)) omit(item[name] ?? null, field, columns)
    else if (columns.has(field.column)) delete item[name]
  }
}
