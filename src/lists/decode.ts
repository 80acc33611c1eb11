import type { DecodedItem } from '../sync/job-list.ts'
import { formatTimestamp, isCanonicalTimestamp, parseTimestamp } from '../values/instant.ts'
import { ExactNumber, isJsonObject, type JsonObject, type JsonValue } from '../values/json.ts'
import { fieldsIn, type Job, MOST_QUANTITY, propertyOf, type Value } from './columns.ts'
import { jsonbText, storableText } from './jsonb.ts'
import { Field, type Fields, type FieldType, type List } from './list.ts'
import type { Shared } from './shared.ts'

// An entry of an index has a limit of some 2,700 bytes; real ids have 40.
const MAX_KEY_BYTES = 512

/**
 * A function from an item of the list to a job. Only an item without a usable id is rejected; any other value that its
 * column cannot hold is null there and verbatim in `extra` (I9, A9).
 */
export function createJobDecoder(
  list: Pick<List, 'fields' | 'shared'>,
): (item: JsonValue) => DecodedItem<Job> {
  const share = list.shared?.decoder()
  const shape = shapeOf(list.fields, (field) => readerOf(field, share))
  // By way of JSON: V8 gives a parsed object room for all of its members, and its copies as well.
  const properties = fieldsIn(list.fields).map((field) => [propertyOf(field), null])
  const nothing: Draft = JSON.parse(JSON.stringify({ ...Object.fromEntries(properties), extra: null }))
  return (item) => {
    if (!isJsonObject(item)) return { reject: 'the item is not an object' }
    const { id } = item
    const fault = faultOfId(id)
    if (fault !== undefined) return { reject: `the id ${fault}` }
    const job = { ...nothing }
    const extra = decodeObject(item, shape, job)
    job.extra = isEmpty(extra) ? null : jsonbText(extra)
    return { job: job as Job }
  }
}

function faultOfId(id: JsonValue | undefined): string | undefined {
  if (id === undefined || id === null) return 'is missing'
  if (typeof id !== 'string') return 'is not text'
  if (id === '') return 'is empty'
  if (isTooLong(id)) return `is longer than ${MAX_KEY_BYTES} bytes`
  if (storableText(id) !== id) return 'holds a NUL character or half of a surrogate pair'
  return undefined
}

function isTooLong(text: string): boolean {
  return text.length > MAX_KEY_BYTES || Buffer.byteLength(text) > MAX_KEY_BYTES
}

type Draft = Record<string, Value | Shared>
/** Reads a field of an object. What the column cannot hold, it keeps in `extra`. */
type Reader = (object: JsonObject, name: string, extra: JsonObject) => Value | Shared

/** How an object of the payload is taken apart. */
interface Shape {
  /** Names that do not go to `extra` by themselves. */
  readonly known: ReadonlySet<string>
  readonly leaves: readonly { readonly name: string; readonly property: string; readonly read: Reader }[]
  readonly inner: readonly { readonly name: string; readonly shape: Shape }[]
}

function shapeOf(fields: Fields, reader: (field: Field) => Reader): Shape {
  const entries = Object.entries(fields)
  return {
    known: new Set(Object.keys(fields)),
    leaves: entries.flatMap(([name, field]) =>
      field instanceof Field ? [{ name, property: propertyOf(field), read: reader(field) }] : [],
    ),
    inner: entries.flatMap(([name, field]) =>
      field instanceof Field || typeof field === 'symbol' ? [] : [{ name, shape: shapeOf(field, reader) }],
    ),
  }
}

/** Fills the job in, and returns what no column holds. */
function decodeObject(object: JsonObject, { known, leaves, inner }: Shape, job: Draft): JsonObject {
  const extra: JsonObject = Object.create(null) // so that a field named `__proto__` is a field like any other
  for (const key of Object.keys(object)) {
    if (!known.has(key)) extra[key] = object[key] ?? null
  }
  for (const { name, property, read } of leaves) job[property] = read(object, name, extra)
  for (const { name, shape } of inner) decodeInner(object[name] ?? null, name, shape, { job, extra })
  return extra
}

function decodeInner(
  value: JsonValue,
  name: string,
  shape: Shape,
  { job, extra }: { readonly job: Draft; readonly extra: JsonObject },
): void {
  if (value === null) return
  // An object whose columns would all be null could not be told from none at all: it is kept whole.
  if (!isJsonObject(value) || !tells(value, shape)) {
    extra[name] = value
    return
  }
  const rest = decodeObject(value, shape, job)
  if (!isEmpty(rest)) extra[name] = rest
}

function tells(object: JsonObject, { known }: Shape): boolean {
  for (const name of known) if ((object[name] ?? null) !== null) return true
  return false
}

function readerOf({ type }: Field, share: ((raw: JsonObject) => Shared) | undefined): Reader {
  if (type !== 'shared') return READERS[type]
  return (object, name, extra) => {
    const value = object[name]
    if (share && isJsonObject(value)) return share(value)
    keep(object, name, extra)
    return null
  }
}

const READERS: Readonly<Record<Exclude<FieldType, 'shared'>, Reader>> = {
  text: (object, name, extra) => {
    const value = object[name]
    if (typeof value === 'string') return storableText(value)
    keep(object, name, extra)
    return null
  },
  key: keyField,
  moment: (object, name, extra) => {
    const value = object[name]
    if (typeof value === 'string' && isCanonicalTimestamp(value)) return value
    const timestamp = typeof value === 'string' ? parseTimestamp(value) : undefined
    if (!timestamp?.exact) keep(object, name, extra)
    return timestamp ? formatTimestamp(timestamp) : null
  },
  share: (object, name, extra) => numberField(object, name, extra, { least: 0, most: 1 }),
  number: (object, name, extra) =>
    numberField(object, name, extra, { least: -MOST_QUANTITY, most: MOST_QUANTITY }),
  json: (object, name) => {
    const value = object[name] ?? null
    return value === null ? null : jsonbText(value)
  },
}

/** Text that is grouped and looked up by: an index has to hold it. */
function keyField(object: JsonObject, name: string, extra: JsonObject): string | null {
  const value = object[name]
  if (typeof value === 'string' && !isTooLong(value)) return storableText(value)
  keep(object, name, extra)
  return null
}

function numberField(
  object: JsonObject,
  name: string,
  extra: JsonObject,
  { least, most }: { readonly least: number; readonly most: number },
): number | null {
  const value = object[name]
  const isExact = typeof value === 'number'
  const nearest = isExact ? value : value instanceof ExactNumber ? Number(value.source) : Number.NaN
  const held = nearest >= least && nearest <= most ? nearest : null
  if (!isExact || held === null) keep(object, name, extra)
  return held
}

/** Keeps a field verbatim, unless it is absent or null: that is what the null of its column says. */
function keep(object: JsonObject, name: string, extra: JsonObject): void {
  const value = object[name]
  if (value !== undefined && value !== null) extra[name] = value
}

function isEmpty(object: JsonObject): boolean {
  for (const _ in object) return false
  return true
}
