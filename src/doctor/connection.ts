import type { PoolClient, QueryResultRow } from 'pg'
import pg from 'pg'
import { connectionOptions } from '../store/connection-options.ts'
import { parseConnectionString } from '../store/connection-string.ts'
import { wrongEncoding } from '../store/encoding.ts'
import type { Obstacle } from '../store/obstacle.ts'
import { whyReadOnly } from '../store/read-only.ts'
import { whatHidesFromWorker } from '../store/row-security.ts'

/** What the checks of the database need of a connection. */
export interface Connection {
  /** A host name, an address, or the directory of a socket. */
  readonly host: string
  readonly encrypted: boolean
  /** Whether the certificate of the server is checked, where the connection is encrypted. */
  readonly checked: boolean
  /** Whether DATABASE_URL asks for no encryption. */
  readonly unencryptedOnPurpose: boolean
  /** The process number that the other side gave when the connection began. */
  readonly processId: number | undefined
  /** Undefined where writing is allowed. */
  whyReadOnly(): Promise<Obstacle | undefined>
  /** Undefined where the database is in UTF8. */
  wrongEncoding(): Promise<Obstacle | undefined>
  /** Undefined where no policy applies to the worker. */
  whatHides(): Promise<Obstacle | undefined>
  /** With the settings of the session as they are. */
  query<Row extends QueryResultRow>(statement: string, values?: unknown[]): Promise<Row[]>
}

/** A connection of the pool as the checks see it. The caller releases the client. */
export function connectionOf(url: string, client: PoolClient): Connection {
  const options = connectionOptions(url)
  const { host } = new pg.Client(options)
  const processId: unknown = Reflect.get(client, 'processID')
  return {
    host,
    encrypted: isEncrypted(client),
    checked: typeof options.ssl === 'object' && options.ssl.rejectUnauthorized === true,
    unencryptedOnPurpose: parseConnectionString(url)?.sslmode === 'disable',
    whyReadOnly: () => whyReadOnly(client),
    wrongEncoding: () => wrongEncoding(client),
    whatHides: () => whatHidesFromWorker(client),
    processId: typeof processId === 'number' ? processId : undefined,
    query: async (statement, values) => (await client.query(statement, values)).rows,
  }
}

/** pg replaces the plain socket of a connection by a TLS one when the server agrees to encrypt. */
function isEncrypted(client: PoolClient): boolean {
  const connection: unknown = Reflect.get(client, 'connection')
  const stream: unknown =
    typeof connection === 'object' && connection !== null ? Reflect.get(connection, 'stream') : undefined
  return typeof stream === 'object' && stream !== null && Reflect.get(stream, 'encrypted') === true
}
