import { SettingsError } from '../errors.ts'
import { batches } from './batches/list.ts'
import { classify } from './classify/list.ts'
import { columnsOf } from './columns.ts'
import { extract } from './extract/list.ts'
import type { List } from './list.ts'
import { parse } from './parse/list.ts'
import { split } from './split/list.ts'

/** Every list that can be synced. */
export const LISTS: readonly List[] = [classify, parse, extract, split, batches]

/** @throws SettingsError when there is none of this name */
export function listNamed(name: string, lists: readonly List[]): List {
  const list = lists.find((each) => each.name === name)
  if (list) return list
  const names = lists.map((each) => each.name).join(', ')
  throw new SettingsError(`SYNC_LISTS: there is no list "${name}"; there are ${names}.`)
}

/** The engine goes by these. */
const NEEDED = ['id', 'project_id', 'status', 'created_at', 'updated_at', 'configuration_id']

/**
 * The columns of a list that SYNC_OMIT leaves out.
 *
 * @throws SettingsError when one of its words names no column that can be left out
 */
export function omittedOf(
  { name }: List,
  omit: readonly string[],
  lists: readonly List[],
): ReadonlySet<string> {
  const possible = lists.flatMap((list) =>
    columnsOf(list)
      .known.filter((column) => !NEEDED.includes(column.name))
      .map((column) => `${list.name}.${column.name}`),
  )
  const unknown = omit.filter((word) => !possible.includes(word))
  if (unknown.length > 0)
    throw new SettingsError(
      `SYNC_OMIT: ${unknown.join(', ')} cannot be left out. There are ${possible.join(', ')}.`,
    )
  const prefix = `${name}.`
  return new Set(omit.flatMap((word) => (word.startsWith(prefix) ? [word.slice(prefix.length)] : [])))
}
