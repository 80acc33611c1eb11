import pg from 'pg'

/** An empty database of a name that starts so, UTF-8 unless told, or a copy of another one. Returns its name. */
export function createDatabase(
  serverUrl: string,
  prefix: string,
  template: string,
  encoding = 'UTF8',
): Promise<string> {
  // The locale of the server may want another encoding.
  const locale = encoding === 'UTF8' ? '' : `locale_provider libc lc_collate 'C' lc_ctype 'C'`
  return asAdministrator(serverUrl, async (client) => {
    // A transaction's number occurs once in the life of a server: unique over processes, runs and machines.
    const { rows } = await client.query<{ name: string }>(
      `select '${prefix}_' || pg_current_xact_id()::text as name`,
    )
    const { name } = rows[0]!
    await client.query(`create database ${name} template ${template} encoding '${encoding}' ${locale}`)
    return name
  })
}

/** Whoever else is still connected to it. */
export function dropDatabase(serverUrl: string, name: string): Promise<void> {
  return asAdministrator(serverUrl, async (client) => {
    await client.query(`drop database ${name} with (force)`)
  })
}

export function urlOf(serverUrl: string, name: string): string {
  return Object.assign(new URL(serverUrl), { pathname: `/${name}` }).href
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
