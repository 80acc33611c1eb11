import { type ClientBase, escapeIdentifier } from 'pg'
import { SettingsError } from '../errors.ts'
import { IN_UTF8 } from './cures.ts'
import type { Obstacle } from './obstacle.ts'

const ENCODING = `
select pg_catalog.current_setting('server_encoding') as encoding, current_database() as database, current_user as "user"`

interface Found {
  readonly encoding: string
  readonly database: string
  readonly user: string
}

/** An encoding that cannot store every text of the API (A10), and how to create a database that can. Undefined for UTF8. */
export async function wrongEncoding(client: Pick<ClientBase, 'query'>): Promise<Obstacle | undefined> {
  const { rows } = await client.query<Found>(ENCODING)
  const [row] = rows
  if (row === undefined || row.encoding === 'UTF8') return undefined
  const { encoding, database, user } = row
  const name = escapeIdentifier(`${beginningOf(database)}_utf8`)
  return {
    found: `the database ${database} uses the encoding ${encoding}, which cannot store every text`,
    cure:
      `create database ${name} owner ${escapeIdentifier(user)} ${IN_UTF8}; ` +
      'then point DATABASE_URL at it (the commands `export` and `import` move what is stored)',
  }
}

/** PostgreSQL would cut a longer name at 63 bytes, and so down to one that is there already. */
function beginningOf(database: string): string {
  const [name] = new TextDecoder().decode(Buffer.from(database).subarray(0, 58)).split('\ufffd')
  return name ?? ''
}

/** @throws SettingsError before anything is written that could not be read again */
export async function assertUtf8(client: Pick<ClientBase, 'query'>): Promise<void> {
  const wrong = await wrongEncoding(client)
  if (wrong !== undefined)
    throw new SettingsError(`Nothing was written: ${wrong.found}. Create another database: ${wrong.cure}.`)
}
