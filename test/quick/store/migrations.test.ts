import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const FOLDER = join(import.meta.dirname, '../../../migrations')
const migrations = readdirSync(FOLDER).filter((name) => name.endsWith('.sql'))

test("a migration says E'…' where a backslash is: what a plain text means with one is a setting", () => {
  const plain = migrations.flatMap((name) => {
    const text = readFileSync(join(FOLDER, name), 'utf8').replaceAll(/--.*$/gm, '')
    const literals = [...text.matchAll(/(E?)'(?:[^']|'')*'/gi)]
    return literals.filter(([literal, e]) => e === '' && literal.includes('\\')).map(([literal]) => literal)
  })
  expect(migrations.length).toBeGreaterThan(5)
  expect(plain).toEqual([])
})
