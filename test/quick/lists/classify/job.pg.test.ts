import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { parseDecimal } from '../../../../src/values/decimal.ts'
import { ExactNumber, isJsonObject, type JsonValue, parseJson } from '../../../../src/values/json.ts'
import { anyItem } from '../../../support/arbitrary-payload.ts'
import { createTestDatabase, type TestDatabase } from '../../../support/database.ts'
import { type ClassifyJob, decodeItem } from '../../../support/decode-item.ts'
import { comparable } from '../../../support/reassemble.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(async () => {
  await database?.drop()
})

const ROUND_TRIP = `
select
  $1::text[] as texts,
  $2::float8::text as confidence,
  to_char($3::timestamptz at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as created,
  to_char($4::timestamptz at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as updated,
  $5::jsonb::text as extra,
  $6::jsonb::text as document,
  $7::int4 as max_pages
`

interface Stored {
  readonly texts: (string | null)[]
  readonly confidence: string | null
  readonly created: string | null
  readonly updated: string | null
  readonly extra: string | null
  readonly document: string | null
  readonly max_pages: number | null
}

const textsOf = ({ configuration, ...job }: ClassifyJob) => [
  ...[job.id, job.projectId, job.userId, job.status, job.documentInputType, job.fileInput, job.parseJobId],
  ...[job.transactionId, job.configurationId, job.errorMessage, job.resultType, job.resultReasoning],
  ...[configuration?.hash ?? null, configuration?.mode ?? null, configuration?.lang ?? null],
  configuration?.targetPages ?? null,
  ...(configuration?.rules ?? []).flatMap((rule) => [rule.type, rule.description]),
]

async function roundTrip(job: ClassifyJob): Promise<Stored> {
  const { rows } = await database.pool.query<Stored>(ROUND_TRIP, [
    textsOf(job),
    job.resultConfidence,
    job.createdAt,
    job.updatedAt,
    job.extra,
    job.configuration?.document ?? null,
    job.configuration?.maxPages ?? null,
  ])
  return rows[0]!
}

/** jsonb keeps the value of a number but not its spelling: 1e400 comes back as 401 digits. */
function bySize(value: JsonValue): JsonValue {
  if (typeof value === 'number') return bySize(new ExactNumber(JSON.stringify(value)))
  if (Array.isArray(value)) return value.map(bySize)
  if (isJsonObject(value)) {
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, bySize(inner)]))
  }
  if (!(value instanceof ExactNumber)) return value
  const { whole, fraction, exponent } = parseDecimal(value.source)!
  const digits = (whole + fraction).replace(/^0+/, '')
  const significant = digits.replace(/0+$/, '')
  if (significant === '') return { number: '0' }
  const power = exponent - fraction.length + digits.length - significant.length
  return { number: `${value.source.startsWith('-') ? '-' : ''}${significant}e${power}` }
}

const sameJson = (stored: string | null, decoded: string | null) => {
  if (stored === null || decoded === null) expect(stored).toBe(decoded)
  else expect(comparable(bySize(parseJson(stored)))).toBe(comparable(bySize(parseJson(decoded))))
}

async function expectSame(job: ClassifyJob): Promise<void> {
  const stored = await roundTrip(job)
  expect(stored.texts).toEqual(textsOf(job))
  expect(stored.confidence === null ? null : Number(stored.confidence) + 0).toBe(
    job.resultConfidence === null ? null : job.resultConfidence + 0,
  )
  expect([stored.created, stored.updated]).toEqual([job.createdAt, job.updatedAt])
  expect(stored.max_pages).toBe(job.configuration?.maxPages ?? null)
  sameJson(stored.extra, job.extra)
  sameJson(stored.document, job.configuration?.document ?? null)
}

test('I9, A10, A11: PostgreSQL takes every decoded value and gives the same back', async () => {
  await fc.assert(
    fc.asyncProperty(anyItem, (item) => expectSame(decodeItem(item))),
    { seed: 6, numRuns: 1_000 },
  )
})

test.each([
  ['numbers at the limits of numeric', '[1e131071,-9.99e131071,1e-16383,0.1e-16382,12345678901234567890.10]'],
  ['numbers beyond them', '[1e131072,1e-16384,0.01e-16382,1e9999999999]'],
  ['doubles at their limits', '[5e-324,1.7976931348623157e308,-0,1e22,123456789012345680000]'],
  ['deep nesting', `${'[{"a":'.repeat(50_000)}"\\u0000"${'}]'.repeat(50_000)}`],
  ['half a megabyte of quotes', JSON.stringify('"'.repeat(500_000))],
])('A9: %s', async (_, value) => {
  await expectSame(decodeItem(parseJson(`{"id":"j","configuration":{"rules":${value}},"unknown":${value}}`)))
})

test.each(['5e-324', '-1.7976931348623157e308', '1e-400', '0.1234567890123456789012'])(
  'a confidence of %s',
  async (source) => {
    await expectSame(decodeItem(parseJson(`{"id":"j","result":{"confidence":${source}}}`)))
  },
)

test('the limits are those of PostgreSQL: one digit more is refused', async () => {
  for (const source of ['1e131072', '1e-16384']) {
    await expect(database.pool.query('select $1::jsonb', [source])).rejects.toMatchObject({ code: '22003' })
  }
})
