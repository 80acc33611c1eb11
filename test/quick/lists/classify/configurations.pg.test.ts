import type { PoolClient } from 'pg'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { configurations } from '../../../../src/lists/classify/configurations.ts'
import type { Configuration } from '../../../../src/lists/classify/decode-configuration.ts'
import { SharedWriter } from '../../../../src/lists/shared.ts'
import { transaction } from '../../../../src/store/pool.ts'
import type { TestDatabase } from '../../../support/database.ts'
import { createMigratedDatabase, isWaitingForLock } from '../../../support/migrated-database.ts'
import { at, configuration, seen } from './job-store.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await createMigratedDatabase()
})
beforeEach(async () => {
  await database.pool.query('truncate llamacloud.classify_configurations cascade')
})
afterAll(() => database.drop())

const invoice = { position: 0, type: 'invoice', description: 'It asks for money.' }
const other = { position: 1, type: null, description: null }
const A = configuration('a', [invoice, other])
const B = configuration('b', [])

const batch = (seconds: number, ...configurations: (Configuration | null)[]) =>
  configurations.map((each, index) => seen(seconds, { id: `job ${index}`, configuration: each }))

const hashes = async () => {
  const { rows } = await database.pool.query<{ hash: string }>(
    'select hash from llamacloud.classify_configurations order by hash',
  )
  return rows.map(({ hash }) => hash)
}

const write = (writer: SharedWriter, jobs: ReturnType<typeof batch>) =>
  transaction(database.pool, (client) => writer.write(client, jobs))

test('a configuration and its rules are stored once, as they were first seen', async () => {
  await write(new SharedWriter(configurations), batch(1, A, A, null, B, A))
  for (const writer of [new SharedWriter(configurations), new SharedWriter(configurations)]) {
    await write(writer, batch(2, B, A))
    await write(writer, batch(3, A))
  }
  const { rows } = await database.pool.query(
    `select hash, mode, lang, max_pages, target_pages, rule_count, document,
      first_seen_at = $1::timestamptz as first_seen_is_first
    from llamacloud.classify_configurations order by hash`,
    [at(1)],
  )
  const columns = { mode: 'FAST', lang: 'en', max_pages: 3, target_pages: '1,3', first_seen_is_first: true }
  expect(rows).toEqual([
    { ...columns, hash: 'a', rule_count: 2, document: { hash: 'a' } },
    { ...columns, hash: 'b', rule_count: 0, document: { hash: 'b' } },
  ])
  const rules = await database.pool.query('select * from llamacloud.classify_rules order by position')
  expect(rules.rows).toEqual([
    { configuration_hash: 'a', ...invoice },
    { configuration_hash: 'a', ...other },
  ])
})

test('a configuration without any known field', async () => {
  const nothing = { mode: null, lang: null, maxPages: null, targetPages: null, ruleCount: null, rules: [] }
  await write(new SharedWriter(configurations), batch(1, { hash: 'n', document: '{}', ...nothing }))
  expect(await hashes()).toEqual(['n'])
})

test('once known to be committed, it costs no statement', async () => {
  const writer = new SharedWriter(configurations)
  await write(writer, batch(1, A))
  await write(writer, batch(2, A)) // finds it there
  const none = { query: () => Promise.reject(new Error('a statement')) } as unknown as PoolClient
  await writer.write(none, batch(3, A, A))
  await expect(writer.write(none, batch(3, B))).rejects.toThrow('a statement')
})

test('a batch that is rolled back leaves nothing remembered', async () => {
  const writer = new SharedWriter(configurations)
  const failing = transaction(database.pool, async (client) => {
    await writer.write(client, batch(1, A, B))
    throw new Error('the lease is lost')
  })
  await expect(failing).rejects.toThrow('the lease is lost')
  expect(await hashes()).toEqual([])
  await write(writer, batch(2, A, B))
  expect(await hashes()).toEqual(['a', 'b'])
})

/** What one writer does while another's insert of the same configuration is not decided yet, and then is. */
async function whileUndecided(end: 'commit' | 'rollback'): Promise<SharedWriter> {
  const second = new SharedWriter(configurations)
  const undecided = new Error('rolled back')
  let written: Promise<void> = Promise.resolve()
  const first = transaction(database.pool, async (client) => {
    await new SharedWriter(configurations).write(client, batch(1, A))
    written = write(second, batch(2, A))
    await expect.poll(() => isWaitingForLock(database)).toBe(true)
    if (end === 'rollback') throw undecided
  })
  if (end === 'rollback') await expect(first).rejects.toBe(undecided)
  await first.catch(() => {})
  await written
  return second
}

test.each(['commit', 'rollback'] as const)('a writer waits for the %s of another', async (end) => {
  const writer = await whileUndecided(end)
  expect(await hashes()).toEqual(['a'])
  await write(writer, batch(3, A))
  expect(await hashes()).toEqual(['a'])
  const { rowCount } = await database.pool.query('select from llamacloud.classify_rules')
  expect(rowCount).toBe(2)
})

test('writers side by side, in different orders, do not deadlock and store each once', async () => {
  const all = Array.from({ length: 60 }, (_, index) => configuration(`c${index}`, [invoice, other]))
  const orders = [
    all,
    all.toReversed(),
    all.slice(30).concat(all.slice(0, 30)),
    all.slice(10, 50).toReversed(),
  ]
  await Promise.all(orders.map((order) => write(new SharedWriter(configurations), batch(1, ...order))))
  expect(await hashes()).toHaveLength(60)
})
