import type pg from 'pg'
import { Field, type Fields, type List } from '../../src/lists/list.ts'
import type { World } from '../../src/simulator/world.ts'
import {
  formatJson,
  isJsonObject,
  type JsonObject,
  type JsonValue,
  parseJson,
} from '../../src/values/json.ts'
import { storedJobs } from '../support/compare.ts'
import { comparable, expectedPayload, withoutUnstored } from '../support/reassemble.ts'
import type { SimulationDatabase } from './database.ts'
import type { Life } from './draw-jobs.ts'
import type { DrawnList } from './lists.ts'

export interface Difference {
  /** `missing`: in the API only. `surplus`: in the tables only. `lost`: an item without a usable id that is not kept. */
  readonly kind: 'missing' | 'surplus' | 'differs' | 'lost'
  readonly id: string
  readonly text: string
}

type Lives = readonly Pick<Life, 'id' | 'isReject'>[]

/** I8: the tables equal the API, both ways and field by field, and rejects hold all the rest. */
export async function differences(
  { url, observer, drop }: Pick<SimulationDatabase, 'url' | 'observer' | 'drop'>,
  world: World,
  { lives, list: { list } }: { readonly lives: Lives; readonly list: Pick<DrawnList, 'list'> },
  { rejects }: { readonly rejects: readonly string[] },
): Promise<Difference[]> {
  const stored = await storedJobs({ url, pool: observer, drop }, list)
  const shown = shownJobs(world, lives, list)
  const found: Difference[] = []
  for (const id of shown.keys())
    if (!stored.has(id)) found.push({ kind: 'missing', id, text: `I8: ${id} is missing` })
  for (const id of stored.keys())
    if (!shown.has(id))
      found.push({ kind: 'surplus', id, text: `I8: ${id} is stored and the API has no such job` })
  const pairs = [...shown].flatMap(([id, payload]) => {
    const row = stored.get(id)
    if (row === undefined || row === payload) return []
    return [{ id, payload, row: comparable(withoutKept(objectIn(row), objectIn(payload), list.fields)) }]
  })
  return [...found, ...(await differing(observer, pairs)), ...lostRejects(world, lives, { list, rejects })]
}

/** What is known late stays, also where the API does not tell it any more: then there is nothing to compare. */
function withoutKept(stored: JsonObject, shown: JsonObject, fields: Fields): JsonObject {
  const entries = Object.entries(stored).flatMap(([name, value]): [string, JsonValue][] => {
    const [field, told] = [Object.hasOwn(fields, name) ? fields[name] : undefined, shown[name]]
    if (field instanceof Field) return field.options.late && told === undefined ? [] : [[name, value]]
    if (typeof field !== 'object' || !isJsonObject(value) || (told !== undefined && !isJsonObject(told)))
      return [[name, value]]
    const inner = withoutKept(value, told ?? {}, field)
    return told === undefined && Object.keys(inner).length === 0 ? [] : [[name, inner]]
  })
  return Object.assign(Object.create(null), Object.fromEntries(entries))
}

const objectIn = (text: string) => parseJson(text) as JsonObject

interface Pair {
  readonly id: string
  readonly payload: string
  readonly row: string
}

/** PostgreSQL writes numbers in its own way: 1e-400 with all its zeros. What differs at each reading is left out (A21). */
async function differing(observer: pg.Pool, pairs: readonly Pair[]): Promise<Difference[]> {
  const { rows } = await observer.query<{ index: number }>(
    `select ordinal::int - 1 as index from unnest($1::text[], $2::text[]) with ordinality as pair(api, stored, ordinal)
    where api::jsonb - 'preview' <> stored::jsonb - 'preview'`,
    [pairs.map(({ payload }) => payload), pairs.map(({ row }) => row)],
  )
  return rows.map(({ index }) => {
    const { id, payload, row } = pairs[index]!
    return { kind: 'differs', id, text: `I8: ${id} differs:\n    API    ${payload}\n    tables ${row}` }
  })
}

function lostRejects(
  world: World,
  lives: Lives,
  { list, rejects }: { readonly list: List; readonly rejects: readonly string[] },
): Difference[] {
  const kept = new Set(rejects.map(withoutPreview))
  return lives.flatMap(({ id, isReject }) => {
    const item = isReject ? world.get(id) : undefined
    if (item === undefined || kept.has(keptText(item, list))) return []
    return [{ kind: 'lost', id, text: `I1: the item ${id} has no usable id and is not among the rejects` }]
  })
}

function keptText(item: unknown, { fields }: List): string {
  const received = parseJson(JSON.stringify(item)) as JsonObject
  return formatJson(withoutUnstored(received, fields)).toWellFormed()
}

function withoutPreview(payload: string): string {
  return payload.replace(/,"preview":\{"url":"[^"]*","kind":"image\/png"\}/, '')
}

/** The jobs that the API shows now and that can be stored, by id, as tables can hold them. */
function shownJobs(world: World, lives: Lives, list: List): Map<string, string> {
  const shown = new Map<string, string>()
  for (const { id, isReject } of lives) {
    const payload = isReject ? undefined : world.get(id)
    if (payload === undefined) continue
    shown.set(id, comparable(expectedPayload(parseJson(JSON.stringify(payload)) as JsonObject, list)))
  }
  return shown
}
