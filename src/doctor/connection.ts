import type { PoolClient } from 'pg'
import pg from 'pg'

/** What the checks of the database need of a connection. */
export interface Connection {
  /** A host name, an address, or the directory of a socket. */
  readonly host: string
  readonly user: string
  readonly encrypted: boolean
  /** Whether whoever set the address said that no encryption is wanted. */
  readonly unencryptedOnPurpose: boolean
  /** The number that the other side named for itself when the connection began. */
  readonly processId: number | undefined
  query<Row extends pg.QueryResultRow>(statement: string, values?: unknown[]): Promise<Row[]>
}

/** A connection of the pool as the checks see it. The caller releases the client. */
export function connectionOf(url: string, client: PoolClient): Connection {
  const { host, user } = new pg.Client({ connectionString: url })
  const processId: unknown = Reflect.get(client, 'processID')
  return {
    host,
    user: user ?? '',
    encrypted: isEncrypted(client),
    unencryptedOnPurpose: URL.canParse(url) && new URL(url).searchParams.get('sslmode') === 'disable',
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
