import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { queriesIn, withAnswers } from '../../../scripts/doc-queries.ts'
import { answer } from '../../../src/commands/answer.ts'
import type { TestDatabase } from '../../support/database.ts'
import { createDemoDatabase } from './demo-database.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await createDemoDatabase()
})
afterAll(() => database?.drop())

/** The type `text` in pg_type. */
const TEXT = 25

const pageText = (page: string) => readFileSync(new URL(`../../../${page}`, import.meta.url), 'utf8')

/** In a session of this time zone: what days and hours the documentation shows must not depend on the reader's. */
async function answerIn(timezone: string, sql: string): Promise<string> {
  const client = await database.pool.connect()
  try {
    await client.query(`set timezone to '${timezone}'`)
    return await answer(client, sql)
  } finally {
    client.release(true)
  }
}

// If an answer changed for a reason: npm run docs:answers
describe.each(['docs/cookbook.md', 'README.md'])('%s', (page) => {
  const queries = queriesIn(pageText(page)).map((query) => ({ ...query, title: query.sql.split('\n')[0] }))

  test('shows no SQL without its answer', () => {
    const fences = pageText(page).match(/^```sql$/gm) ?? []
    expect(queries).toHaveLength(fences.length)
    expect(queries.length).toBeGreaterThan(0)
  })

  test.each(queries)('answers as it says, in any time zone: $title', async ({ sql, answer: shown }) => {
    expect(await answerIn('UTC', sql)).toBe(shown)
    expect(await answerIn('Pacific/Kiritimati', sql)).toBe(shown)
  })
})

test.each(queriesIn(pageText('docs/cookbook.md')).map(({ sql }) => sql))(
  'times are no text, so that a chart has a time axis: %s',
  async (sql) => {
    const { fields, rows } = await database.pool.query<Record<string, unknown>>(sql)
    const texts = fields.filter(({ dataTypeID }) => dataTypeID === TEXT)
    const times = texts.filter(({ name }) => rows.some((row) => /^\d{4}-\d\d\b/.test(String(row[name]))))
    expect(times.map(({ name }) => name)).toEqual([])
  },
)

test('the cookbook has its questions, numbered', () => {
  const numbers = [...pageText('docs/cookbook.md').matchAll(/^### (\d+)\. /gm)].map((match) =>
    Number(match[1]),
  )
  expect(numbers).toEqual(Array.from({ length: 32 }, (_, index) => index + 1))
})

test('answers are put below their queries and nothing else changes', () => {
  const page = 'a\n\n```sql\none\n```\n\n```text\nold\n```\n\nb\n\n```sql\ntwo\n```\n\n```text\n```\n'
  const filled = withAnswers(page, ['$1 new', 'x\ny'])
  expect(queriesIn(filled)).toEqual([
    { sql: 'one', answer: '$1 new' },
    { sql: 'two', answer: 'x\ny' },
  ])
  expect(filled).toBe(page.replace('old', '$$1 new').replace('```text\n```', '```text\nx\ny\n```'))
})
