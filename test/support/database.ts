import pg from 'pg'
import { inject } from 'vitest'
import { openPool } from '../../src/store/pool.ts'

export interface TestDatabase {
  readonly url: string
  /** Of the product's kind. */
  readonly pool: pg.Pool
  /** Ends the pool and drops the database, whoever else is still connected to it. */
  drop(): Promise<void>
}

/** A fresh, empty UTF-8 database on the test server. Call `drop` when done with it. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const serverUrl = inject('postgresUrl')
  const name = await asAdministrator(serverUrl, async (client) => {
    // A transaction's number occurs once in the life of a server: unique over processes, runs and machines.
    const { rows } = await client.query<{ name: string }>(
      `select 'llamacloud_test_' || pg_current_xact_id()::text as name`,
    )
    const unique = rows[0]!.name
    await client.query(`create database ${unique} template template0 encoding 'UTF8'`)
    return unique
  })
  const url = new URL(serverUrl)
  url.pathname = `/${name}`
  const pool = openPool(url.href, { max: 10, applicationName: 'llamacloud-sync test' })
  return { url: url.href, pool, drop: () => drop(serverUrl, name, pool) }
}

async function drop(serverUrl: string, name: string, pool: pg.Pool): Promise<void> {
  const leaked = pool.totalCount - pool.idleCount
  // `end` waits for clients that were never released: forever, which would hide why the test failed.
  if (leaked === 0) await pool.end()
  await asAdministrator(serverUrl, (client) => client.query(`drop database ${name} with (force)`))
  if (leaked > 0) throw new Error(`${leaked} clients of the test's pool were never released`)
}

async function asAdministrator<T>(serverUrl: string, use: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: serverUrl })
  await client.connect()
  try {
    return await use(client)
  } finally {
    await client.end()
  }
}
