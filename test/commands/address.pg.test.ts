import { createPrivateKey } from 'node:crypto'
import { chmodSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { describe, expect, test } from 'vitest'
import { openPool } from '../../src/store/pool.ts'
import { serve } from '../quick/api/http-server.ts'
import { emptyDatabase, KEY, settingsFor, startApi } from '../quick/commands/support.ts'
import { createAuthority } from '../support/authority.ts'
import { logLines, runCli, temporaryDirectory } from '../support/cli.ts'
import type { TestDatabase } from '../support/database.ts'
import { plainFront, refusingPooler, socketFront, tlsFront, watchedFront } from '../support/fronts.ts'
import { hasPgBouncer, throughPgBouncer } from '../support/pgbouncer.ts'

/** No command but this one needs only the database; it says in its log what it did. */
async function migrate(url: string, more: Readonly<Record<string, string>> = {}, cwd?: string) {
  const env = { DATABASE_URL: url, LOG_FORMAT: 'json', ...more }
  const end = await runCli(['migrate'], { env, ...(cwd && { cwd }) })
  expect(end.stderr).not.toContain('DeprecationWarning')
  return { ...end, last: String(end.code === 2 ? end.stderr : (logLines(end).at(-1)?.msg ?? '')) }
}

function withQuery(database: TestDatabase, query: Readonly<Record<string, string>>, port?: number): string {
  const url = new URL(database.url)
  url.searchParams.delete('sslmode')
  if (port !== undefined) Object.assign(url, { hostname: '127.0.0.1', port })
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value)
  return url.href.replaceAll('+', '%20')
}

/** PostgreSQL with TLS, by a certificate of an authority that nobody knows. */
async function withTls(names = 'DNS:localhost,IP:127.0.0.1') {
  const [database, directory] = [await emptyDatabase(), await temporaryDirectory()]
  const authority = createAuthority(directory)
  const port = await tlsFront(database.url, authority.issue(names))
  return { database, directory, authority, port, url: (query = {}) => withQuery(database, query, port) }
}

/** What doctor says of the database that fails, or of its encryption. */
async function doctor(url: string, more: Readonly<Record<string, string>> = {}) {
  const end = await runCli(['doctor', '--json'], {
    env: settingsFor(await startApi(), { DATABASE_URL: url, ...more }),
  })
  const { findings }: { findings: { check: string; status: string; found: string; cure?: string }[] } =
    JSON.parse(end.stdout)
  return {
    failed: findings.find(({ status }) => status === 'failed'),
    of: (name: string) => findings.find(({ check }) => check === name),
  }
}

describe('TLS as libpq means it', () => {
  test('require works with a certificate that nobody knows, stderr stays JSON lines, doctor says what is not checked', async () => {
    const { url } = await withTls()
    const end = await migrate(url({ sslmode: 'require' }))
    expect(end.code).toBe(0)
    expect(() => logLines(end)).not.toThrow()
    const found = (await doctor(url({ sslmode: 'require' }))).of('encryption')
    expect(found).toMatchObject({
      status: 'ok',
      found: expect.stringMatching(/sslmode=verify-full checks it/),
    })
  })

  test('verify-full: the cure of doctor works, as parameters and as PG* variables', async () => {
    const { url, authority } = await withTls()
    const { failed } = await doctor(url({ sslmode: 'verify-full' }))
    expect(failed).toMatchObject({ check: 'database', cure: expect.stringMatching(/sslrootcert=FILE/) })
    const mended = url({ sslmode: 'verify-full', sslrootcert: authority.file })
    expect((await migrate(mended)).code).toBe(0)
    expect((await doctor(mended)).of('encryption')!.found).toMatch(/certificate is checked/)
    const variables = { PGSSLMODE: 'verify-full', PGSSLROOTCERT: authority.file }
    expect(await migrate(url(), variables)).toMatchObject({ code: 0 })
  })

  test('sslrootcert=system: the authorities of the machine', async () => {
    const { url, authority } = await withTls()
    const system = url({ sslmode: 'verify-full', sslrootcert: 'system' })
    expect((await migrate(system, { SSL_CERT_FILE: authority.file })).code).toBe(0)
    expect((await migrate(url({ sslmode: 'require', sslrootcert: 'system' }))).last).toMatch(
      /sslrootcert=system needs sslmode=verify-full/,
    )
  })

  test('another name in the certificate: verify-full refuses it, verify-ca and require with an authority do not', async () => {
    const { url, authority } = await withTls('DNS:elsewhere.example')
    const of = (sslmode: string) => migrate(url({ sslmode, sslrootcert: authority.file }))
    expect((await of('verify-full')).last).toMatch(
      /host name in DATABASE_URL that the certificate is issued for/,
    )
    expect((await of('verify-ca')).code).toBe(0)
    expect((await of('require')).code).toBe(0)
  })

  test('another authority is refused by require as by verify-ca', async () => {
    const { url } = await withTls()
    const other = createAuthority(await temporaryDirectory())
    expect((await migrate(url({ sslmode: 'require', sslrootcert: other.file }))).code).toBe(1)
  })

  test('a certificate of the client: it works where all of it fits together, and what does not is named', async () => {
    const { url, directory, authority } = await withTls()
    const file = (name: string, text: string) => {
      writeFileSync(join(directory, name), text)
      return join(directory, name)
    }
    const [own, other] = [authority.issue('DNS:worker'), authority.issue('DNS:other')]
    const pass = { type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'pass-of-a-key' } as const
    const locked = file('locked.key', createPrivateKey(own.key).export(pass).toString())
    const [sslcert, sslkey] = [file('client.pem', own.cert), file('client.key', own.key)]
    const of = (parameters: object) => migrate(url({ sslmode: 'require', ...parameters }))
    expect((await of({ sslcert, sslkey })).code).toBe(0)
    expect((await of({ sslcert, sslkey: locked, sslpassword: 'pass-of-a-key' })).code).toBe(0)
    for (const [parameters, told] of [
      [{ sslcert, sslkey: locked, sslpassword: 'mistyped' }, 'sslpassword does not open the key'],
      [{ sslcert, sslkey: locked }, 'sslpassword does not open the key'],
      [{ sslcert, sslkey: file('other.key', other.key) }, 'sslkey does not name the key of the certificate'],
      [{ sslcert }, 'sslcert=FILE and sslkey=FILE need each other'],
      [
        { sslcert: file('broken.pem', own.cert.slice(0, 200) + own.cert.slice(400)), sslkey },
        'cannot be used (ERR_',
      ],
      [{ sslmode: 'disable', channel_binding: 'require' }, 'channel_binding=require needs TLS'],
    ] as const) {
      const end = await of(parameters)
      expect([end.code, end.last]).toEqual([2, expect.stringContaining(told)])
      expect(end.last).not.toMatch(/pass-of-a-key|mistyped/)
    }
  })

  test('a server without TLS: doctor says so, and its cure works', async () => {
    const database = await emptyDatabase()
    const port = await plainFront(database.url)
    const { failed } = await doctor(withQuery(database, { sslmode: 'verify-full' }, port))
    expect(failed).toMatchObject({
      check: 'database',
      cure: expect.stringMatching(/^The server has no TLS.*sslmode=disable/),
    })
    expect((await migrate(withQuery(database, { sslmode: 'disable' }, port))).code).toBe(0)
  })

  test('a warning of Node.js is a JSON line', async () => {
    const { url } = await withTls()
    const end = await migrate(url({ sslmode: 'verify-full' }), { NODE_TLS_REJECT_UNAUTHORIZED: '0' })
    expect(logLines(end).map(({ level, msg }) => `${level} ${msg}`)).toContainEqual(
      expect.stringMatching(/^warn Warning: Setting the NODE_TLS_REJECT_UNAUTHORIZED/),
    )
  })
})

describe('what libpq users write', () => {
  test('a socket in the parameters, in the place of the host, and in PGHOST', async () => {
    const [database, directory] = [await emptyDatabase(), await temporaryDirectory()]
    await socketFront(database.url, directory)
    const { username, password, pathname } = new URL(database.url)
    const end = await migrate(
      `postgresql://${username}:${password}@${pathname}?host=${directory}&sslmode=require`,
    )
    expect(end.code).toBe(0)
    expect(logLines(end)[0]!.msg).toBe(`using database ${pathname.slice(1)} at ${directory}`)
    const encoded = encodeURIComponent(directory)
    expect((await migrate(`postgresql://${username}:${password}@${encoded}${pathname}`)).code).toBe(0)
    const PG = { PGHOST: directory, PGUSER: username, PGDATABASE: pathname.slice(1) }
    expect((await migrate('postgresql://', { ...PG, PGPASSWORD: decodeURIComponent(password) })).code).toBe(0)
  })

  test('user, password, port and dbname as parameters; what tunes the connection is let be', async () => {
    const database = await emptyDatabase()
    const { username, password, hostname, port, pathname } = new URL(database.url)
    const login = `user=${username}&password=${password}&port=${port || 5432}&dbname=${pathname.slice(1)}`
    const tuning =
      'connect_timeout=10&keepalives_idle=30&target_session_attrs=read-write&channel_binding=prefer'
    const end = await migrate(`postgres://${hostname}?${login}&${tuning}&application_name=mine`)
    expect(end.code).toBe(0)
  })

  test('.env with a byte-order mark: PGPASSWORD in it counts, though the driver never sees it', async () => {
    const [database, directory] = [await emptyDatabase(), await temporaryDirectory()]
    const url = new URL(database.url)
    const password = decodeURIComponent(url.password)
    url.password = ''
    writeFileSync(join(directory, '.env'), `\uFEFFDATABASE_URL=${url.href}\nPGPASSWORD=${password}\n`)
    expect((await migrate('', {}, directory)).code).toBe(0)
  })

  test('PGPASSFILE works, and what the driver prints of one that others can read is a JSON line', async () => {
    const [database, directory] = [await emptyDatabase(), await temporaryDirectory()]
    const url = new URL(database.url)
    const PGPASSFILE = join(directory, 'pgpass')
    writeFileSync(PGPASSFILE, `*:*:*:*:${decodeURIComponent(url.password)}\n`, { mode: 0o644 })
    url.password = ''
    const refused = await migrate(url.href, { PGPASSFILE })
    expect(logLines(refused).map(({ level, msg }) => `${level} ${msg}`)).toContainEqual(
      expect.stringMatching(/^warn WARNING: password file .* has group or world access/),
    )
    expect(refused.last).toMatch(/PGPASSFILE, a file that only its owner can read/)
    chmodSync(PGPASSFILE, 0o600)
    expect((await migrate(url.href, { PGPASSFILE })).code).toBe(0)
  })

  test('no password where the server wants one: doctor says so', async () => {
    const database = await emptyDatabase()
    const url = new URL(database.url)
    url.password = ''
    const { failed } = await doctor(url.href)
    expect(failed!.cure).toMatch(/^DATABASE_URL has no password/)
    const [{ cure }] = [(await doctor(database.url)).of('database')!]
    expect(cure).toBeUndefined()
  })

  test('a login that the driver broke off is closed by us, not a minute later by the server', async () => {
    const database = await emptyDatabase()
    const { port, firstToEnd } = await watchedFront(database.url)
    const url = new URL(withQuery(database, {}, port))
    url.password = ''
    const pool = openPool(url.href, { max: 1, applicationName: 'test' })
    await expect(pool.query('select')).rejects.toThrow(/client password must be a string/)
    expect(await firstToEnd).toBe('client')
    await pool.end()
  })
})

describe('look before you say', () => {
  test.each([
    ['XX000', 'Tenant or user not found', /pooler does not know this user/],
    ['08P01', 'no such database: shop', /pooler has no database of this name/],
    ['08004', 'endpoint is disabled. Enable it using the API and retry', /enable it in its console/],
    ['XX000', 'Max client connections reached', /pooler has no free connection/],
    ['08P01', 'server login has been failing, try again later', /pooler cannot reach the PostgreSQL/],
    [
      '28000',
      'no pg_hba.conf entry for host "10.0.0.7", user "u", database "d", no encryption',
      /sslmode=verify-full/,
    ],
    ['53300', 'too many connections for role "app"', /connection limit/],
  ])('%s %s: its words first, then what helps', async (state, words, cure) => {
    const port = await refusingPooler(state, words)
    const { failed } = await doctor(`postgresql://app:pw@127.0.0.1:${port}/shop`)
    expect(failed!.found).toContain(`${words} [${state}].`)
    expect(failed!.cure).toMatch(cure)
  })

  test.runIf(hasPgBouncer)('PgBouncer without this database, as it says it itself', async () => {
    const database = await emptyDatabase()
    const url = new URL(await throughPgBouncer(database.url, 'transaction', ['shop']))
    const { failed } = await doctor(url.href)
    expect(failed!.found).toMatch(/no such database/)
    expect(failed!.cure).toMatch(/pooler has no database of this name/)
  })

  test('default_transaction_read_only: who set it, and the cure of doctor works', async () => {
    const database = await emptyDatabase()
    const name = new URL(database.url).pathname.slice(1)
    await database.pool.query(`alter database ${name} set default_transaction_read_only = on`)
    const refused = await migrate(database.url)
    expect(refused.last).toMatch(/read-only.*\(default_transaction_read_only is on, set by: database\)/)
    const { failed } = await doctor(database.url)
    expect(failed).toMatchObject({
      check: 'rights',
      cure: `begin read write; alter database "${name}" reset default_transaction_read_only; commit;`,
    })
    const client = new pg.Client({ connectionString: database.url })
    await client.connect()
    await client.query(failed!.cure!)
    await client.end()
    expect((await migrate(database.url)).code).toBe(0)
    const byOptions = await doctor(withQuery(database, { options: '-c default_transaction_read_only=on' }))
    expect(byOptions.failed).toMatchObject({ cure: expect.stringMatching(/options in DATABASE_URL/) })
  })
})

test('LLAMA_CLOUD_CUSTOM_HEADERS in .env reaches a gateway, beside the key; I10: its value is nowhere', async () => {
  const [database, directory] = [await emptyDatabase(), await temporaryDirectory()]
  const seen: unknown[] = []
  const gateway = await serve(({ headers }, reply) => {
    seen.push([headers['x-gate'], headers.authorization])
    reply.writeHead(422).end(JSON.stringify({ detail: `no entry for ${headers['x-gate']}` }))
  })
  writeFileSync(
    join(directory, '.env'),
    'LLAMA_CLOUD_CUSTOM_HEADERS="X-Gate: gate-pass-7\nX-Team: documents"\n',
  )
  const more = { LLAMA_CLOUD_BASE_URL: gateway, DATABASE_URL: database.url, LOG_LEVEL: 'debug' }
  const end = await runCli(['sync'], { env: settingsFor(await startApi(), more), cwd: directory })
  expect(end.code).toBe(1)
  expect(seen[0]).toEqual(['gate-pass-7', `Bearer ${KEY}`])
  expect(end.stderr).toContain('no entry for [redacted]')
  expect(end.stderr).not.toContain('gate-pass-7')
})

test('I10: a key at the edge of a cut message is blanked before it is cut', async () => {
  for (const length of [270, 280, 285, 290]) {
    const port = await refusingPooler('XX000', `${'x'.repeat(length)}${KEY}${'y'.repeat(400)}`)
    const env = { DATABASE_URL: `postgresql://app:pw@127.0.0.1:${port}/shop`, LLAMA_CLOUD_API_KEY: KEY }
    const end = await runCli(['sync'], { env: { ...env, LOG_LEVEL: 'debug' } })
    expect(end.stderr).toContain('xxx')
    expect(end.stderr).not.toContain(KEY.slice(0, 6))
  }
})
