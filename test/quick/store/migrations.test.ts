import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const FOLDER = join(import.meta.dirname, '../../../migrations')
const migrations = readdirSync(FOLDER).filter((name) => name.endsWith('.sql'))

/** Those before made their tables. */
const onStoredJobs = migrations.filter((name) => name > '0007')

test('I14: an index on a table that may be large is built while others write', () => {
  const plain = onStoredJobs.flatMap((name) => {
    const text = readFileSync(join(FOLDER, name), 'utf8')
    const made = new Set([...text.matchAll(/create table "llamacloud"\."(\w+)"/gi)].map(([, table]) => table))
    const built = [...text.matchAll(/^create (?:unique )?index "\w+" on "llamacloud"\."(\w+)".*$/gim)]
    return built.filter(([, table]) => !made.has(table)).map(([statement]) => statement)
  })
  expect(onStoredJobs.length).toBeGreaterThan(3)
  expect(plain).toEqual([])
})

test('I14: readers are kept out by a lock that lets them pass while it waits, and by nothing before it', () => {
  const early = onStoredJobs.flatMap((name) => {
    const statements = readFileSync(join(FOLDER, name), 'utf8')
      .replaceAll(/--(?!> ).*$/gm, '')
      .split('--> statement-breakpoint')
    const made = new Set(
      statements.flatMap((text) => /create table "?(\w+)"?\."?(\w+)"?/i.exec(text)?.[2] ?? []),
    )
    const lock = statements.findIndex((text) => /lock table[^;]*\sin access exclusive mode/i.test(text))
    return statements.flatMap((text, place) => {
      const [, table = ''] =
        /(?:alter table|drop table|create or replace view) "?\w+"?\."?(\w+)"?/i.exec(text) ?? []
      const keepsOut = table !== '' && !made.has(table) && !/add constraint/i.test(text)
      return keepsOut && (lock < 0 || place < lock) ? [`${name}: ${text.trim().slice(0, 80)}`] : []
    })
  })
  expect(early).toEqual([])
})

test("a migration says E'…' where a backslash is: what a plain text means with one is a setting", () => {
  const plain = migrations.flatMap((name) => {
    const text = readFileSync(join(FOLDER, name), 'utf8').replaceAll(/--.*$/gm, '')
    const literals = [...text.matchAll(/(E?)'(?:[^']|'')*'/gi)]
    return literals.filter(([literal, e]) => e === '' && literal.includes('\\')).map(([literal]) => literal)
  })
  expect(migrations.length).toBeGreaterThan(5)
  expect(plain).toEqual([])
})
