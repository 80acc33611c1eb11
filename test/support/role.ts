import pg from 'pg'
import { onTestFinished } from 'vitest'
import type { TestDatabase } from './database.ts'

export interface Role {
  readonly name: string
  /** Quoted, where it has to be. */
  readonly sql: string
  /** The database, as this role. */
  readonly url: string
}

/** Names of settings to their values, as SQL has them. */
export type RoleSettings = Readonly<Record<string, string>>

/** A role that may log in and has these settings; it goes when the test ends, with all that it owns. */
export async function createRole(
  { url, pool }: TestDatabase,
  kind: string,
  settings: RoleSettings = {},
): Promise<Role> {
  const target = new URL(url)
  const name = `${kind}_of_${target.pathname.slice(1)}`
  const sql = pg.escapeIdentifier(name)
  Object.assign(target, { username: name, password: 'pass-of-a-role' })
  await pool.query(`create role ${sql} login password 'pass-of-a-role'`)
  onTestFinished(async () => {
    await pool.query(`drop owned by ${sql} cascade`)
    await pool.query(`drop role ${sql}`)
  })
  for (const [setting, value] of Object.entries(settings)) {
    await pool.query(`alter role ${sql} set ${setting} = ${value}`)
  }
  return { name, sql, url: target.href }
}

/** A role that owns the database, as the worker's does. */
export async function createOwner(database: TestDatabase, settings?: RoleSettings): Promise<Role> {
  const role = await createRole(database, 'owner', settings)
  const name = pg.escapeIdentifier(new URL(database.url).pathname.slice(1))
  await database.pool.query(`alter database ${name} owner to ${role.sql}`)
  onTestFinished(async () => {
    await database.pool.query(`alter database ${name} owner to current_user`)
  })
  return role
}
