import { expect, test } from 'vitest'
import { createTestDatabase } from '../../support/database.ts'

test('a test database is empty, UTF-8, its own, and gone after drop', async () => {
  const [one, two] = await Promise.all([createTestDatabase(), createTestDatabase()])
  await one.pool.query('create table only_in_one (id int)')
  const { rows } = await two.pool.query(
    `select current_database() as name, current_setting('server_encoding') as encoding,
       to_regclass('only_in_one') as table_of_the_other`,
  )
  expect(rows).toEqual([
    { name: new URL(two.url).pathname.slice(1), encoding: 'UTF8', table_of_the_other: null },
  ])
  await one.drop()
  const gone = await two.pool.query('select 1 from pg_database where datname = $1', [
    new URL(one.url).pathname.slice(1),
  ])
  expect(gone.rowCount).toBe(0)
  await two.drop()
})

test('drop does not wait for a client that was never released, and says so', async () => {
  const database = await createTestDatabase()
  await database.pool.connect()
  await expect(database.drop()).rejects.toThrow('1 clients of the test')
})
