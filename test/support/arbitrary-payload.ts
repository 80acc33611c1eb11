import fc from 'fast-check'
import { Field, type Fields, type FieldType, type List } from '../../src/lists/list.ts'
import type { JsonObject, JsonValue } from '../../src/values/json.ts'
import { parseJson } from '../../src/values/json.ts'

/** Numbers that PostgreSQL's numeric, and so jsonb, cannot hold. */
export const TOO_LARGE_FOR_NUMERIC = new Set([
  '1e131072',
  '-1e200000',
  '1e-16384',
  '0.5e-16383',
  '1e99999999999999999999',
  '1e-99999999999999999999',
  `1${'0'.repeat(131_072)}`,
])

const numberSource = fc.oneof(
  fc.constantFrom(
    '0',
    '-0',
    '12345678901234567890',
    '-0.1234567890123456789012',
    '0.8712345678901234',
    '1e999',
    '-1e400',
    '1e-400',
    '1e131071',
    '1e-16383',
    '5e-324',
    '1.7976931348623157e308',
    '1.50',
    '1E+2',
    ...TOO_LARGE_FOR_NUMERIC,
  ),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map(JSON.stringify),
  fc.integer().map(String),
  fc.bigInt().map(String),
)

const hostileText = fc.string({
  unit: fc.constantFrom('\0', '\ud800', '\udc00', '\ufffd', '\u{1f600}', '"', '\\', '\n', 'a', '1', 'é', ':'),
  maxLength: 8,
})
const text = fc.oneof(hostileText, fc.string({ unit: 'binary', maxLength: 20 }))
const key = fc.oneof(
  hostileText,
  fc.constantFrom('__proto__', 'constructor', 'toJSON', 'source', 'id', 'type', 'result'),
)

/** Any JSON value, as `parseJson` gives it. */
export const anyJson: fc.Arbitrary<JsonValue> = fc.letrec<{ value: JsonValue }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom(null, true, false),
    numberSource.map(parseJson),
    text,
    fc.array(tie('value'), { maxLength: 4 }),
    fc.array(fc.tuple(key, tie('value')), { maxLength: 4 }).map(objectOf),
  ),
})).value

const object = fc.array(fc.tuple(key, anyJson), { maxLength: 4 }).map(objectOf)

/** Unlike assignment, this takes `__proto__` for a key like any other. */
function objectOf(entries: [string, JsonValue][]): JsonObject {
  return Object.fromEntries(entries)
}

const timestamp = fc.constantFrom(
  '2025-06-01T12:34:56.123456Z',
  '2025-06-01T12:34:56.1234567Z',
  '2025-06-01T12:34:56',
  '2025-06-01 12:34:56+02:00',
  '0001-01-01T00:00:00Z',
  '2099-12-31T23:59:59.999999Z',
  '9999-12-31T23:59:59.999999Z',
  '9999-12-31T23:59:59-01:00',
  '2025-02-30T00:00:00Z',
  'infinity',
)

const sometimes = (usual: fc.Arbitrary<JsonValue>): fc.Arbitrary<JsonValue> =>
  fc.oneof({ weight: 3, arbitrary: usual }, { weight: 1, arbitrary: anyJson })

/** An object with any of these fields and any others. */
const optional = (fields: Record<string, fc.Arbitrary<JsonValue>>): fc.Arbitrary<JsonObject> =>
  fc
    .tuple(object, fc.record<Record<string, JsonValue>>(fields, { requiredKeys: [] }))
    .map(([unknown, known]) => objectOf([...Object.entries(unknown), ...Object.entries(known as JsonObject)]))

const rule = optional({ type: sometimes(text), description: sometimes(text) })
const configuration = optional({
  rules: sometimes(fc.array(sometimes(rule), { maxLength: 3 })),
  mode: sometimes(fc.constant('FAST')),
  parsing_configuration: sometimes(
    optional({ lang: sometimes(text), max_pages: sometimes(fc.integer()), target_pages: sometimes(text) }),
  ),
})
const result = optional({
  type: sometimes(text),
  reasoning: sometimes(text),
  confidence: sometimes(numberSource.map(parseJson)),
})

const knownFields = optional({
  configuration: sometimes(configuration),
  document_input_type: sometimes(fc.constant('file_id')),
  file_input: sometimes(text),
  project_id: sometimes(text),
  status: sometimes(fc.constantFrom('PENDING', 'COMPLETED', 'THROTTLED')),
  user_id: sometimes(text),
  configuration_id: sometimes(text),
  created_at: sometimes(timestamp),
  error_message: sometimes(text),
  parse_job_id: sometimes(text),
  result: sometimes(result),
  transaction_id: sometimes(text),
  updated_at: sometimes(timestamp),
})

/** An item with a usable id, and anything JSON can say in all other fields. */
export const anyItem: fc.Arbitrary<JsonObject> = fc
  .tuple(knownFields, fc.uuid())
  .map(([fields, id]) => objectOf([...Object.entries(fields), ['id', id]]))

const USUAL: Readonly<Record<FieldType, fc.Arbitrary<JsonValue>>> = {
  text,
  key: text,
  moment: timestamp,
  share: numberSource.map(parseJson),
  number: numberSource.map(parseJson),
  json: anyJson,
  shared: object,
}

const membersOf = (fields: Fields): Record<string, fc.Arbitrary<JsonValue>> =>
  Object.fromEntries(
    Object.entries(fields).map(([name, field]) => [
      name,
      typeof field === 'symbol' ? anyJson : memberOf(field),
    ]),
  )

const memberOf = (field: Field | Fields): fc.Arbitrary<JsonValue> =>
  sometimes(field instanceof Field ? USUAL[field.type] : optional(membersOf(field)))

/** The same for any list that is declared. */
export function anyItemOf({ fields }: Pick<List, 'fields'>): fc.Arbitrary<JsonObject> {
  const status = sometimes(fc.constantFrom('PENDING', 'completed', 'THROTTLED'))
  return fc
    .tuple(optional({ ...membersOf(fields), status }), fc.uuid())
    .map(([members, id]) => objectOf([...Object.entries(members), ['id', id]]))
}
