import type pg from 'pg'
import { inject } from 'vitest'
import { openPool } from '../../src/store/pool.ts'
import { createDatabase, dropDatabase, urlOf } from './databases.ts'

export interface TestDatabase {
  readonly url: string
  /** Of the product's kind. */
  readonly pool: pg.Pool
  /** Ends the pool and drops the database, whoever else is still connected to it. */
  drop(): Promise<void>
}

/** A fresh, empty database on the test server, UTF-8 unless told, or a copy of another one. Call `drop` when done with it. */
export async function createTestDatabase(template = 'template0', encoding?: string): Promise<TestDatabase> {
  const serverUrl = inject('postgresUrl')
  const name = await createDatabase(serverUrl, 'llamacloud_test', template, encoding)
  const url = urlOf(serverUrl, name)
  const pool = openPool(url, { max: 10, applicationName: 'llamacloud-sync test' })
  return { url, pool, drop: () => drop(serverUrl, name, pool) }
}

async function drop(serverUrl: string, name: string, pool: pg.Pool): Promise<void> {
  const leaked = pool.totalCount - pool.idleCount
  // `end` waits for clients that were never released: forever, which would hide why the test failed.
  if (leaked === 0) await pool.end()
  await dropDatabase(serverUrl, name)
  if (leaked > 0) throw new Error(`${leaked} clients of the test's pool were never released`)
}
