import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const SOURCE = join(import.meta.dirname, '../../../src')

/** Statements by themselves, which no setting of a role or a database can change: they name all that they use by schema. */
const BARE = [
  // Whether a transaction can be had at all: begin, the number of the process, commit.
  'doctor/database.ts: connection',
  'doctor/database.ts: connection',
  'doctor/database.ts: connection',
  // Whether anybody answers: an empty select.
  'doctor/examine.ts: database.pool',
  // A server of our own.
  'embedded-postgres/embedded.ts: connection',
  'embedded-postgres/embedded.ts: connection',
]

/** Where connections are taken out of a pool, or made. */
const CONNECTS = [
  'doctor/examine.ts: pool',
  'embedded-postgres/server.ts: client',
  'store/client.ts: super',
  'store/client.ts: super',
  // An index is built concurrently outside of a transaction only.
  'store/concurrent-index.ts: pool',
  'store/pool.ts: pool',
  // What a commit waits for that holds its own connection.
  'store/standby-away.ts: client',
]

function find(pattern: RegExp): string[] {
  const paths = readdirSync(SOURCE, { recursive: true, encoding: 'utf8' }).filter((path) =>
    /\.c?ts$/.test(path),
  )
  return paths
    .sort()
    .flatMap((path) =>
      [...readFileSync(join(SOURCE, path), 'utf8').matchAll(pattern)].map(([text]) => `${path}: ${text}`),
    )
}

test('every statement runs in a transaction that sets what it depends on: no bare query is left', () => {
  const receivers = find(/[\w.\])]+(?=\.query[<(])/g)
  expect(receivers.filter((text) => !text.endsWith(': client'))).toEqual(BARE)
})

test('every statement is written down in SQL: drizzle only declares tables', () => {
  expect(find(/drizzle-orm|drizzle\(/g)).toEqual([])
})

test('a connection is taken out of the pool in one place, which begins a transaction, and by doctor', () => {
  expect(find(/[\w.]+(?=\.connect\()/g)).toEqual(CONNECTS)
})
