import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readSchemas, SCHEMAS, type Schema } from '../../../scripts/catalogue.ts'
import { dataDictionary } from '../../../scripts/data-dictionary.ts'
import { describedComments } from '../../../scripts/described.ts'
import { commentStatements, liveComments } from '../../../scripts/live-comments.ts'
import { dumpSchemas } from '../../../scripts/schema-dump.ts'
import type { TestDatabase } from '../../support/database.ts'
import { createMigratedDatabase } from '../../support/migrated-database.ts'

let database: TestDatabase
let schemas: Schema[]
let major: number
beforeAll(async () => {
  database = await createMigratedDatabase()
  schemas = await readSchemas(database.pool, SCHEMAS)
  const { rows } = await database.pool.query<{ number: number }>(
    `select current_setting('server_version_num')::int / 10000 as number`,
  )
  major = rows[0]!.number
})
afterAll(() => database?.drop())

const fileText = (name: string) => readFile(new URL(`../../../${name}`, import.meta.url), 'utf8')

test('every table, view and column has its comment in the database', () => {
  const live = liveComments(schemas)
  expect(live.size).toBeGreaterThan(100)
  expect([...live].filter(([, text]) => text.length < 8)).toEqual([])
  expect(Object.fromEntries(live)).toEqual(Object.fromEntries(describedComments()))
  expect(commentStatements(live, describedComments())).toEqual([])
})

test('a comment that differs becomes a statement, and one too many is removed', () => {
  const live = new Map([
    ['TABLE a.b', 'old'],
    ['COLUMN a.b.c', 'same'],
    ['COLUMN a.b.d', 'no longer wanted'],
  ])
  const wanted = new Map([
    ['TABLE a.b', "it's new"],
    ['COLUMN a.b.c', 'same'],
  ])
  expect(commentStatements(live, wanted)).toEqual([
    "COMMENT ON TABLE a.b IS 'it''s new';",
    'COMMENT ON COLUMN a.b.d IS NULL;',
  ])
})

test('test/schema.sql is what the migrations make', async () => {
  // Before 16, PostgreSQL names the table of a column even where there is only one.
  const unqualified = (text: string) => text.replaceAll(/\b(?!llamacloud)[a-z_]+\.(?=[a-z_])/g, '')
  const comparable = major < 16 ? unqualified : (text: string) => text
  expect(comparable(dumpSchemas(schemas))).toBe(comparable(await fileText('test/schema.sql')))
})

test('docs/data-dictionary.md is what the comments say', async () => {
  expect(dataDictionary(schemas)).toBe(await fileText('docs/data-dictionary.md'))
})

test('what is in the schemas is in the dump: a column, a default, a check, an index, a view, a comment', async () => {
  const other = await createMigratedDatabase()
  try {
    await other.pool.query(`
      alter table llamacloud.classify_jobs add "Odd name" numeric(4, 1) not null default 1.5 check ("Odd name" > 0);
      create index odd on llamacloud.classify_jobs (status);
      create view llamacloud.odd_view with (security_invoker = true) as select 1 as one;
      comment on view llamacloud.odd_view is 'It''s odd.';`)
    const before = new Set(dumpSchemas(schemas).split('\n'))
    const after = dumpSchemas(await readSchemas(other.pool, SCHEMAS)).split('\n')
    const added = after.filter((line) => !before.has(line)).join('\n')
    expect(added).toContain('"Odd name" numeric(4,1) not null default 1.5')
    expect(added).toMatch(/constraint .* CHECK/)
    expect(added).toContain('CREATE INDEX odd ON llamacloud.classify_jobs USING btree (status);')
    expect(added).toContain('create view llamacloud.odd_view with (security_invoker=true) as')
    expect(added).toContain(`comment on view llamacloud.odd_view is 'It''s odd.';`)
  } finally {
    await other.drop()
  }
})
