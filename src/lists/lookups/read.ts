import type { Pool } from 'pg'
import type { Api, SendPage } from '../../api/client.ts'
import { MOST_ITEMS } from '../../api/page-size.ts'
import { saveNames } from '../../store/lookups.ts'
import type { Scope } from '../../store/source-row.ts'
import { parseTimestamp } from '../../values/instant.ts'
import { isJsonObject, type JsonObject, type JsonValue } from '../../values/json.ts'
import { MOST_QUANTITY } from '../columns.ts'
import { storableText } from '../jsonb.ts'

export interface Reading extends Pick<Scope, 'projectId' | 'organizationId'> {
  readonly api: Pick<Api, 'readPage'>
  readonly pool: Pool
}

/** An id that is longer fits no index. */
const LONGEST_ID = 500

/** What is stored beside the id: each is a property of the item and a column, of this type in PostgreSQL. */
export type Columns = Readonly<Record<string, keyof typeof READERS>>

export interface Names {
  readonly table: string
  readonly columns: Columns
}

interface PageRead {
  /** Of the next one. */
  readonly token: string | null
  readonly items: number
}

/** Reads and stores one page. */
export async function readPage(
  { api, pool }: Reading,
  { table, columns, send }: Names & { readonly send: SendPage },
  signal: AbortSignal,
): Promise<PageRead> {
  // Not retried: the next hour does. What comes is small, and may be read while a page waits for its commit.
  const asked = { items: MOST_ITEMS, signal, attempts: 'one', aside: true } as const
  const { items, nextPageToken } = await api.readPage(send, asked)
  const usable = items.filter(isUsable)
  const ids = usable.map(({ id }) => id)
  const values = Object.entries(columns).map(([name, type]) =>
    usable.map((item) => READERS[type](item[name])),
  )
  await saveNames(pool, { table, columns }, ids, values)
  return { token: nextPageToken, items: usable.length }
}

function isUsable(item: JsonValue): item is JsonObject & { readonly id: string } {
  if (!isJsonObject(item) || typeof item.id !== 'string') return false
  return item.id !== '' && item.id.length <= LONGEST_ID && storableText(item.id) === item.id
}

/** By the type in PostgreSQL. What such a column cannot hold is null (I9). */
const READERS = {
  text: (value: JsonValue | undefined) => (typeof value === 'string' ? storableText(value) : null),
  'double precision': (value: JsonValue | undefined) =>
    typeof value === 'number' && Math.abs(value) <= MOST_QUANTITY ? String(value) : null,
  date: (value: JsonValue | undefined) =>
    typeof value === 'string' && parseTimestamp(`${value}T00:00:00Z`) ? value : null,
}
