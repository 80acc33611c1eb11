import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseEnv } from 'node:util'
import { describe, expect, test } from 'vitest'
import { KNOWN_NAMES } from '../../src/config/catalogue.ts'
import { loadSettings, readDotEnv, type Settings, withDotEnv } from '../../src/config.ts'
import { SettingsError } from '../../src/errors.ts'
import { formatInstant, MINUTE } from '../../src/values/instant.ts'

const KEY = 'llx-0123456789abcdef'

function load(env: Record<string, string | undefined>, files: Record<string, string> = {}): Settings {
  const readFile = (path: string) => {
    const text = files[path]
    if (text === undefined) throw Object.assign(new Error(`no such file, open '${path}'`), { code: 'ENOENT' })
    return text
  }
  return loadSettings(env, { readFile }, { apiKey: true })
}

function faults(env: Record<string, string | undefined>, files: Record<string, string> = {}): string[] {
  try {
    load({ LLAMA_CLOUD_API_KEY: KEY, ...env }, files)
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error
    return error.message
      .split('\n')
      .slice(1)
      .map((line) => line.trim())
  }
  return []
}

describe('values', () => {
  test('the defaults are those of the design', () => {
    const { api, database, sources, sync, http, log } = load({ LLAMA_CLOUD_API_KEY: KEY })
    expect(sources).toHaveLength(1)
    const [{ startAt, ...source }] = sources
    expect({ ...source, apiKey: source.apiKey() }).toEqual({
      name: 'default',
      list: 'classify',
      isOneOfMany: false,
      apiKey: KEY,
      apiKeyVariable: 'LLAMA_CLOUD_API_KEY',
      baseUrl: 'https://api.cloud.llamaindex.ai',
      region: 'na',
      projectId: undefined,
      organizationId: undefined,
      configurationId: undefined,
      pageSize: 100,
      overlapUs: 5 * MINUTE,
      reconcileEveryMs: 604_800_000,
    })
    expect(api).toEqual({
      concurrency: 8,
      rateLimit: { count: 10, perMs: 1_000 },
      requestTimeoutMs: 60_000,
      retryForMs: 300_000,
      headers: {},
    })
    expect(database).toEqual({ url: undefined, dataDir: '.data' })
    expect(formatInstant(startAt)).toBe('2024-01-01T00:00:00.000000Z')
    expect(sync).toEqual({
      startAt,
      leaseMs: 15_000,
      schedule: '*/5 * * * *',
      stripUrlQuery: false,
      omit: [],
      credits: false,
      lookups: ['projects', 'configurations'],
      goneAfterMs: 3_600_000,
      onDelete: 'keep',
      reviewBelow: undefined,
    })
    expect(http).toEqual({ host: '127.0.0.1', port: 9464 })
    expect(log).toEqual({ level: 'info', format: 'auto' })
  })

  test('an empty or blank variable counts as unset', () => {
    const settings = load({
      LLAMA_CLOUD_API_KEY: KEY,
      DATABASE_URL: '',
      SYNC_OVERLAP: ' ',
      SYNC_SOURCES_FILE: '',
    })
    expect(settings.database.url).toBeUndefined()
    expect(settings.sources[0].overlapUs).toBe(5 * MINUTE)
  })

  test('the region gives the base URL, unless one is set', () => {
    const eu = { LLAMA_CLOUD_API_KEY: KEY, LLAMA_CLOUD_REGION: 'EU' }
    expect(load(eu).sources[0].baseUrl).toBe('https://api.cloud.eu.llamaindex.ai')
    const own = load({ ...eu, LLAMA_CLOUD_BASE_URL: 'http://localhost:8080/prefix/' })
    expect(own.sources[0].baseUrl).toBe('http://localhost:8080/prefix')
  })

  test.each([
    ['500ms', 500],
    ['15s', 15_000],
    ['1h30m', 5_400_000],
    ['1m500ms', 60_500],
    ['0', 0],
  ])('the duration %s is %d ms', (text, ms) => {
    expect(load({ LLAMA_CLOUD_API_KEY: KEY, SYNC_RETRY_FOR: text }).api.retryForMs).toBe(ms)
  })

  test.each(['5', '5 m', '-5m', '30m1h', 'm', '1.5h', '2d'])('the duration %j is a fault', (text) => {
    const lines = faults({ SYNC_RETRY_FOR: text })
    expect(lines).toEqual([
      `SYNC_RETRY_FOR: ${JSON.stringify(text)} is not a duration from 0s to 1d in ms, s, m, h or d; for example SYNC_RETRY_FOR=5m`,
    ])
  })

  test('a rate is a whole number a second or a minute', () => {
    const rateOf = (text: string) => load({ LLAMA_CLOUD_API_KEY: KEY, SYNC_RATE_LIMIT: text }).api.rateLimit
    expect(rateOf('20/m')).toEqual({ count: 20, perMs: 60_000 })
    for (const text of ['0/s', '0.5/s', '10', '10/h', '1001/s']) {
      expect(faults({ SYNC_RATE_LIMIT: text }), text).toHaveLength(1)
    }
  })

  test('off and 0 switch things off', () => {
    const settings = load({ LLAMA_CLOUD_API_KEY: KEY, SYNC_RECONCILE_EVERY: 'off', HTTP_PORT: '0' })
    expect(settings.sources[0].reconcileEveryMs).toBeNull()
    expect(settings.http.port).toBeNull()
  })

  test('a UUID has one spelling, since the scope is compared as text', () => {
    const id = '3FA85F64-5717-4562-B3FC-2C963F66AFA6'
    const { sources } = load({ LLAMA_CLOUD_API_KEY: KEY, LLAMA_CLOUD_PROJECT_ID: id })
    expect(sources[0].projectId).toBe(id.toLowerCase())
  })

  test.each([
    ['LLAMA_CLOUD_REGION', 'us'],
    ['LLAMA_CLOUD_BASE_URL', 'api.cloud.llamaindex.ai'],
    ['LLAMA_CLOUD_BASE_URL', 'https://api.cloud.llamaindex.ai/api/v2'],
    ['LLAMA_CLOUD_BASE_URL', 'https://api.cloud.llamaindex.ai?x=1'],
    ['LLAMA_CLOUD_PROJECT_ID', 'my project'],
    ['LLAMA_CLOUD_ORGANIZATION_ID', '42'],
    ['LLAMA_CLOUD_CONFIGURATION_ID', 'two words'],
    ['SYNC_SOURCE', 'a b'],
    ['SYNC_SCHEDULE', '* * *'],
    ['SYNC_SCHEDULE', '* * * * $'],
    ['SYNC_START_AT', '2024-02-30'],
    ['SYNC_PAGE_SIZE', '0'],
    ['SYNC_PAGE_SIZE', '101'],
    ['SYNC_CONCURRENCY', '65'],
    ['SYNC_CONCURRENCY', '1e1'],
    ['SYNC_REQUEST_TIMEOUT', '6m'],
    ['SYNC_LEASE', '2s'],
    ['SYNC_OVERLAP', '8d'],
    ['SYNC_RECONCILE_EVERY', 'never'],
    ['HTTP_PORT', '65536'],
    ['HTTP_HOST', 'two words'],
    ['SYNC_GONE_AFTER', '4m'],
    ['SYNC_GONE_AFTER', '31d'],
    ['SYNC_ON_DELETE', 'drop'],
    ['SYNC_REVIEW_BELOW', '0'],
    ['SYNC_REVIEW_BELOW', '-0.5'],
    ['SYNC_REVIEW_BELOW', '1.01'],
    ['SYNC_REVIEW_BELOW', '70%'],
    ['SYNC_REVIEW_BELOW', '.'],
    ['SYNC_STRIP_URL_QUERY', 'yes'],
    ['SYNC_CREDITS', '1'],
    ['SYNC_OMIT', 'result_reasoning'],
    ['LOG_LEVEL', 'loud'],
    ['LOG_FORMAT', 'xml'],
  ])('%s=%s is a fault that names the variable, the value and an example', (name, value) => {
    const lines = faults({ [name]: value })
    expect(lines).toHaveLength(1)
    expect(lines[0]).toMatch(new RegExp(`^${name}: .*; for example ${name}=`))
    expect(lines[0]).toContain(JSON.stringify(value))
  })
})

describe('faults', () => {
  test('all are reported at once', () => {
    const lines = faults({
      LLAMA_CLOUD_API_KEY: '',
      DATABASE_URL: 'mysql://u:p@h/d',
      SYNC_OVERLAP: 'soon',
      SYNC_OVERLAPS: '5m',
    })
    expect(lines.map((line) => line.split(':')[0])).toEqual([
      'LLAMA_CLOUD_API_KEY',
      'DATABASE_URL',
      'SYNC_OVERLAP',
      'SYNC_OVERLAPS',
    ])
  })

  test('an unknown SYNC_ name is answered with the nearest one', () => {
    const lines = faults({ SYNC_RATELIMIT: '10/s' })
    expect(lines).toEqual(['SYNC_RATELIMIT: unknown setting; did you mean SYNC_RATE_LIMIT?'])
  })

  test('a command that does not call the API needs no key', () => {
    const settings = loadSettings({}, { readFile: () => '' }, { apiKey: false })
    expect(() => settings.sources[0].apiKey()).toThrow(SettingsError)
  })
})

describe('a setting that got lost is not taken for one that was never made', () => {
  test.each([
    ['DATABASE_URI', 'DATABASE_URI: is not read, and DATABASE_URL is not set'],
    ['POSTGRES_URL', 'POSTGRES_URL: is not read'],
    ['PG_CONNECTION_STRING', 'PG_CONNECTION_STRING: is not read'],
    ['PGHOST', 'PGHOST: set without DATABASE_URL; set DATABASE_URL=postgresql://'],
    ['PGSERVICE', 'PGSERVICE: set without DATABASE_URL'],
    ['\uFEFFDATABASE_URL', '\\ufeffDATABASE_URL: unknown setting; did you mean DATABASE_URL?'],
    ['database_url', 'database_url: unknown setting; did you mean DATABASE_URL?'],
    ['LLAMACLOUD_REGION', 'LLAMACLOUD_REGION: unknown setting; did you mean LLAMA_CLOUD_REGION?'],
    ['LLAMA_CLOUD_PROJECT', 'LLAMA_CLOUD_PROJECT: unknown setting; did you mean LLAMA_CLOUD_PROJECT_ID?'],
    ['SYNC_LOG_FORMAT', 'SYNC_LOG_FORMAT: unknown setting; did you mean LOG_FORMAT?'],
    ['ALL_PROXY', 'ALL_PROXY: is not read: set HTTPS_PROXY'],
    ['DATABASE_URI_FILE', 'DATABASE_URI_FILE: is not read, and DATABASE_URL is not set'],
    ['POSTGRES_HOST', 'POSTGRES_HOST: is not read'],
    ['DB_HOSTNAME', 'DB_HOSTNAME: is not read'],
    ['DATABASE_SERVER', 'DATABASE_SERVER: is not read'],
    ['LLAMA_CLOUD_ORG_ID', 'did you mean LLAMA_CLOUD_ORGANIZATION_ID?'],
    ['LLAMA_CLOUD_CONFIG_ID', 'did you mean LLAMA_CLOUD_CONFIGURATION_ID?'],
    ['LLAMACLOUD_URL', 'did you mean LLAMA_CLOUD_BASE_URL?'],
    ['LLAMA_REGION', 'did you mean LLAMA_CLOUD_REGION?'],
    ['SYNC_DATABASE_URL', 'SYNC_DATABASE_URL: unknown setting; did you mean DATABASE_URL?'],
  ])('%j alone', (name, told) => {
    expect(faults({ [name]: 'somewhere' })).toEqual([expect.stringContaining(told)])
  })

  test.each([
    [
      'SQLALCHEMY_DATABASE_URI',
      'postgresql+psycopg2://u:hunter22@h/d',
      'is not read, and DATABASE_URL is not set',
    ],
    ['POSTGRES_URL_NON_POOLING', 'postgres://u:hunter22@h/d', 'is not read'],
    ['SPRING_DATASOURCE', 'jdbc:postgresql://h/d?password=hunter22', 'is not read'],
    ['DATABSE_ULR', 'postgresql://u:hunter22@h/d', 'is not read'],
    [
      'SYNC_DATA_DIR',
      'postgresql://u:hunter22@h/d',
      'is the address of a database, and DATABASE_URL is not set',
    ],
  ])(
    '%s: whatever its name, an address that would not be used is told, and not shown',
    (name, value, told) => {
      const lines = faults({ [name]: value })
      expect(lines).toEqual([expect.stringMatching(`^${name}: ${told}`)])
      expect(lines[0]).not.toContain('hunter22')
      expect(faults({ [name]: value, DATABASE_URL: 'postgresql://h/d' })).toEqual([])
    },
  )

  test.each([
    ['DATABASE_URL', `postgresql://u:\${DB_PASSWORD}@h:\${DB_PORT}/d`, `\${DB_PASSWORD}`],
    ['DATABASE_URL', 'postgresql://u:$(DB_PASSWORD)@h/d', '$(DB_PASSWORD)'],
    ['LLAMA_CLOUD_API_KEY', `\${LLAMA_KEY}`, `\${LLAMA_KEY}`],
  ])('%s=%s: what nothing has replaced is named', (name, value, found) => {
    expect(faults({ [name]: value })).toEqual([
      expect.stringContaining(`${name}: contains ${found}, which nothing has replaced`),
    ])
  })

  test.each(['"', "'"])('%s around a value, as docker --env-file leaves them, are no part of it', (quote) => {
    const quoted = (value: string) => `${quote}${value}${quote}`
    const { sources, database } = load({
      LLAMA_CLOUD_API_KEY: quoted(KEY),
      DATABASE_URL: quoted('postgresql://h/d'),
      SYNC_SOURCE: quoted('invoices'),
      PGPASSWORD: quoted('own'),
    })
    expect([sources[0].apiKey(), sources[0].name]).toEqual([KEY, 'invoices'])
    expect(database.url?.()).toBe(`postgresql://h/d?password=${encodeURIComponent(quoted('own'))}`)
  })

  test('a key that no source names is another worker’s', () => {
    const file = JSON.stringify([{ name: 'eu', apiKeyVariable: 'LLAMA_CLOUD_API_KEY_EU' }])
    const env = { LLAMA_CLOUD_API_KEY: '', LLAMA_CLOUD_API_KEY_EU: KEY, LLAMA_CLOUD_API_KEY_US: 'llx-other' }
    expect(faults({ ...env, SYNC_SOURCES_FILE: '/sources' }, { '/sources': file })).toEqual([])
  })

  test('what is beside the real one is nobody’s business', () => {
    const env = {
      DATABASE_URI: 'x',
      PGUSER: 'me',
      LLAMA_CLOUD_API_KEY_EU: 'x',
      LLAMA_CLOUD_BASE: 'x',
      DB_URL: 'x',
    }
    const set = { DATABASE_URL: 'postgresql://h/d', LLAMA_CLOUD_BASE_URL: 'https://host' }
    expect(faults({ ...env, ...set })).toEqual([])
  })

  test('DATABASE_URL=postgresql:// takes what the PG* variables say, once and for all who read it', () => {
    const env = { DATABASE_URL: 'postgresql://', PGHOST: 'db', PGPASSWORD: 'p@ss', PGSSLMODE: 'require' }
    const { database } = load({ LLAMA_CLOUD_API_KEY: KEY, ...env })
    expect(database.url?.()).toBe('postgresql://?host=db&password=p%40ss&sslmode=require')
  })
})

describe('DATABASE_URL', () => {
  test.each([
    [
      'postgresql://user:pw@127.0.0.1:5432,127.0.0.2:5432/shop',
      /host names several hosts, but this program connects to one/,
    ],
    [
      'postgresql://u:p@h/d?sslmode=verify-full&sslrootcert=/no/such/ca.pem',
      /sslrootcert names a file.*ENOENT.*ca\.pem/,
    ],
    [
      'postgresql://u:p@h/d?sslmode=verify-full&sslrootcert=/key.pem',
      /sslrootcert names a file without a certificate/,
    ],
    ['postgresql://u:p@h/d?sslmode=prefer', /sslmode has to be/],
    ['postgresql://u:p@h/d?sslmode=verify-ca', /verify-ca needs sslrootcert/],
    ['postgresql://u:p@h/d?ssl_mode=require', /ssl_mode is not a parameter/],
    ['postgresql://u:p@h/d?hostaddr=10.0.0.1', /hostaddr is not supported: write the address/],
    ['postgresql://u:p@h/d?target_session_attrs=standby', /target_session_attrs has to be/],
    ['postgresql://u:p@h/d?service=shop', /service is not supported/],
    ['postgresql://u:p@h:99999/d', /not a well-formed address/],
    ['host=h dbname=d user=u password=hunter22', /does not begin with postgresql:\/\//],
  ])('%s is refused in a sentence that names the parameter', (address, told) => {
    const lines = faults({ DATABASE_URL: address }, { '/key.pem': '-----BEGIN PRIVATE KEY-----' })
    expect(lines).toEqual([expect.stringMatching(/^DATABASE_URL: /)])
    expect(lines[0]).toMatch(told)
    expect(lines[0]).not.toContain('hunter22')
  })

  test('a variable of libpq is named where it is at fault', () => {
    expect(faults({ DATABASE_URL: 'postgresql://h/d', PGSSLMODE: 'allow' })[0]).toMatch(/PGSSLMODE has to be/)
    expect(faults({ DATABASE_URL: 'postgresql:///d', PGHOSTADDR: '10.0.0.1' })[0]).toMatch(
      /PGHOSTADDR is not read/,
    )
    expect(faults({ DATABASE_URL: 'postgresql://h/d', PGREQUIREAUTH: 'scram-sha-256' })[0]).toMatch(
      /PGREQUIREAUTH is not supported/,
    )
    expect(
      faults({ DATABASE_URL: 'postgresql://h/d', PGSSLCRL: '/crl.pem', PGGSSENCMODE: 'disable' }),
    ).toEqual([expect.stringMatching(/: PGSSLCRL is not supported: leave it out;/)])
    expect(faults({ DATABASE_URL: 'postgresql:///d', PGHOST: 'a,b' })[0]).toMatch(
      /PGHOST names several hosts/,
    )
  })

  test.each([
    'postgresql://user:pw@/shop?host=/var/run/postgresql',
    'postgresql://user:pw@/shop?host=/cloudsql/project:region:instance',
    'postgresql://u:p@h/d?sslmode=require&channel_binding=require',
    'postgresql://u:p@[::1]:6543/d?connect_timeout=10&keepalives=1&options=-c%20geqo%3Doff',
    'postgresql://me%40corp:p@h/d?ssl=true',
  ])('%s is accepted', (address) => {
    expect(faults({ DATABASE_URL: address })).toEqual([])
  })
})

describe('the way to the API', () => {
  test.each([
    ['HTTPS_PROXY', 'proxy.corp:3128', /HTTPS_PROXY: is not the address of a proxy/],
    ['https_proxy', 'ftp://proxy', /HTTPS_PROXY: is not the address of a proxy/],
    [
      'NODE_EXTRA_CA_CERTS',
      '/no/such/file',
      /NODE_EXTRA_CA_CERTS: the file "\/no\/such\/file" cannot be read \(ENOENT\)/,
    ],
    ['NODE_EXTRA_CA_CERTS', '/key.pem', /NODE_EXTRA_CA_CERTS: the file contains no certificate/],
    ['LLAMA_CLOUD_CUSTOM_HEADERS', 'Authorization: Bearer x', /must not set Authorization/],
    ['LLAMA_CLOUD_CUSTOM_HEADERS', 'X-Team: a\nauthorization:b', /must not set authorization/],
    ['LLAMA_CLOUD_CUSTOM_HEADERS', 'AUTHORIZATION : Basic eA==', /must not set AUTHORIZATION/],
    ['LLAMA_CLOUD_CUSTOM_HEADERS', 'X-Team', /each line must be/],
    ['LLAMA_CLOUD_CUSTOM_HEADERS', 'Host: elsewhere', /must not set Host/],
    ['LLAMA_CLOUD_CUSTOM_HEADERS', 'X-Gate: sécret', /the value of X-Gate is empty, or contains/],
  ])('%s=%j is a fault', (name, value, told) => {
    expect(faults({ [name]: value }, { '/key.pem': 'no certificate' })).toEqual([expect.stringMatching(told)])
  })

  test('I10: values of headers and the login of a proxy are secrets', () => {
    const settings = load({
      LLAMA_CLOUD_API_KEY: KEY,
      LLAMA_CLOUD_CUSTOM_HEADERS: 'X-Gate: gate-pass\nCookie: id=42',
      HTTPS_PROXY: 'http://worker:p%40ss@proxy:3128',
    })
    expect(settings.api.headers).toEqual({ 'X-Gate': 'gate-pass', Cookie: 'id=42' })
    const login = Buffer.from('worker:p@ss').toString('base64')
    expect(settings.secrets()).toEqual(
      expect.arrayContaining(['gate-pass', 'id=42', 'p%40ss', 'p@ss', login]),
    )
  })
})

describe('secrets', () => {
  test('I10: every value of twenty headers is one, and each word of a long value', () => {
    const names = Array.from({ length: 20 }, (_, index) => `X-Api-Key-${index}`)
    const words = Array.from({ length: 30 }, (_, index) => `word-${index}`).join(' ')
    const settings = load({
      LLAMA_CLOUD_API_KEY: KEY,
      LLAMA_CLOUD_CUSTOM_HEADERS: [
        ...names.map((name) => `${name}: pass of ${name}`),
        `x-long: ${words}`,
      ].join('\n'),
    })
    const secrets = settings.secrets()
    for (const name of names) expect(secrets).toContain(`pass of ${name}`)
    expect(secrets).toEqual(expect.arrayContaining([KEY, words, 'word-0', 'word-29']))
  })

  test('a key file is read again each time, so that the key can be rotated', () => {
    const files: Record<string, string> = { '/run/key': `${KEY}\n` }
    const settings = load({ LLAMA_CLOUD_API_KEY_FILE: '/run/key' }, files)
    expect(settings.sources[0].apiKey()).toBe(KEY)
    files['/run/key'] = 'llx-rotated\n'
    expect(settings.sources[0].apiKey()).toBe('llx-rotated')
    expect(settings.secrets()).toEqual([KEY, 'llx-rotated'])
  })

  test('the database address may come from a file as well', () => {
    const files = { '/run/url': 'postgresql://u:secret@h/d\n' }
    const { database } = load({ LLAMA_CLOUD_API_KEY: KEY, DATABASE_URL_FILE: '/run/url' }, files)
    expect(database.url?.()).toBe('postgresql://u:secret@h/d')
  })

  test('a value and a file for the same thing are a fault', () => {
    expect(faults({ LLAMA_CLOUD_API_KEY_FILE: '/run/key' })[0]).toMatch(/^LLAMA_CLOUD_API_KEY: .*_FILE/)
  })

  test('a file that is missing or empty is a fault', () => {
    const env = {
      LLAMA_CLOUD_API_KEY: '',
      LLAMA_CLOUD_API_KEY_FILE: '/run/key',
      DATABASE_URL_FILE: '/run/url',
    }
    expect(faults(env, { '/run/url': '\n' })).toEqual([
      expect.stringContaining('LLAMA_CLOUD_API_KEY_FILE: the file "/run/key" cannot be read (ENOENT)'),
      expect.stringContaining('DATABASE_URL_FILE: the file "/run/url" is empty'),
    ])
  })

  test('I10: no fault shows a secret, not even one in the wrong variable', () => {
    const lines = faults({
      LLAMA_CLOUD_API_KEY: `${KEY} ü`,
      LLAMA_CLOUD_PROJECT_ID: KEY,
      LLAMA_CLOUD_BASE_URL: 'https://user:hunter22@host?q',
      DATABASE_URL: 'postgresql://u:hunter22%@h/d',
      SYNC_SOURCE: 'is hunter22%',
      SYNC_DATA_DIR: KEY,
    })
    expect(lines).toHaveLength(5)
    expect(lines.join()).not.toMatch(/0123456789|hunter22/)
  })

  test('I10: a secret where its file should be named is not shown', () => {
    const lines = faults({
      LLAMA_CLOUD_API_KEY: '',
      LLAMA_CLOUD_API_KEY_FILE: KEY,
      DATABASE_URL_FILE: 'postgres://u:pw12@h/d',
    })
    expect(lines).toHaveLength(2)
    expect(lines.join()).not.toMatch(/0123456789|pw12/)
  })

  test.each([
    'postgresql://sync:/Kx9secretPw@db.example:5432/prod',
    'postgresql://sync:12/Kx9secretPw@db.example/prod',
    'postgresql://sync:#Kx9secretPw@db.example/prod',
    'postgresql://sync:?Kx9secretPw@db.example/prod',
    'postgresql://sync:a@/Kx9secretPw@db.example/prod',
  ])('I10: %s, whose password ends the host too early, is refused and not shown', (address) => {
    const lines = faults({ LLAMA_CLOUD_API_KEY: KEY, DATABASE_URL: address, HTTP_HOST: `${address} ` })
    expect(lines.join()).not.toContain('Kx9secretPw')
    expect(lines).toContainEqual(expect.stringMatching(/^DATABASE_URL: .*\/ as %2F/))
  })

  test('I10: a key that looks like no key is not shown in another variable', () => {
    const lines = faults({
      LLAMA_CLOUD_API_KEY: 'plain-secret-of-a-proxy',
      SYNC_OVERLAP: 'plain-secret-of-a-proxy',
    })
    expect(lines).toEqual([expect.stringMatching(/^SYNC_OVERLAP: /)])
    expect(lines.join()).not.toContain('plain-secret')
  })

  test('I10: the password is known for redaction as written and as meant', () => {
    const env = {
      LLAMA_CLOUD_API_KEY: KEY,
      DATABASE_URL: 'postgres://u:p%40ss%21word@h/d',
      PGPASSWORD: 'other',
    }
    expect(load(env).secrets()).toEqual(expect.arrayContaining([KEY, 'p%40ss%21word', 'p@ss!word', 'other']))
  })
})

describe('.env', () => {
  test('is read if there is one, and the environment wins', () => {
    const directory = mkdtempSync(join(tmpdir(), 'settings-'))
    try {
      expect(readDotEnv(directory)).toEqual({})
      writeFileSync(join(directory, '.env'), 'SYNC_SOURCE=file\nSYNC_OVERLAP="1m" # comment\n')
      expect(withDotEnv({ SYNC_SOURCE: 'env' }, directory)).toEqual({
        SYNC_SOURCE: 'env',
        SYNC_OVERLAP: '1m',
      })
    } finally {
      rmSync(directory, { recursive: true })
    }
  })

  function parsed(bytes: string | Buffer): Record<string, string> {
    const directory = mkdtempSync(join(tmpdir(), 'settings-'))
    try {
      writeFileSync(join(directory, '.env'), bytes)
      return readDotEnv(directory)
    } finally {
      rmSync(directory, { recursive: true })
    }
  }

  test('a byte-order mark and the line ends of old Macs lose no line', () => {
    expect(parsed('\uFEFFDATABASE_URL=a\nSYNC_SOURCE=b\n')).toEqual({ DATABASE_URL: 'a', SYNC_SOURCE: 'b' })
    expect(parsed('DATABASE_URL=a\rSYNC_SOURCE=b\r')).toEqual({ DATABASE_URL: 'a', SYNC_SOURCE: 'b' })
  })

  test('line ends of Windows, `export`, quotes and spaces around the sign lose none either', () => {
    const text =
      'export DATABASE_URL="a"\r\nSYNC_SOURCE = b\r\n  export LOG_LEVEL=\'debug\' # why\r\nHTTP_PORT=`1`'
    expect(parsed(text)).toEqual({ DATABASE_URL: 'a', SYNC_SOURCE: 'b', LOG_LEVEL: 'debug', HTTP_PORT: '1' })
  })

  test.each([
    ['UTF-16', Buffer.from('\uFEFFDATABASE_URL=a\n', 'utf16le').swap16()],
    ['UTF-16', Buffer.from('\uFEFFDATABASE_URL=a\n', 'utf16le')],
    ['UTF-16', Buffer.from('DATABASE_URL=a\n', 'utf16le').swap16()],
    ['a binary format', Buffer.from('DATABASE_URL=postgresql://h/d\0\n')],
    ['another encoding', Buffer.from('DATABASE_URL=pässword\n', 'latin1')],
  ])('%s is refused by name', (name, bytes) => {
    expect(() => parsed(bytes)).toThrow(`it is in ${name}: save it as text in UTF-8`)
  })

  test.each([
    'DATABASE_URL: postgresql://u:hunter22@h/d?sslmode=require',
    'SYNC_DATA_DIR="data\nDATABASE_URL="postgresql://u:hunter22@h/d"',
    '\u00a0DATABASE_URL=postgresql://u:hunter22@h/d',
    'DATABASE_URL postgresql://u:hunter22@h/d',
  ])('%j: a line that sets nothing is refused, and not shown', (text) => {
    expect(() => parsed(text)).toThrow(/the lines for DATABASE_URL set nothing/)
    expect(() => parsed(text)).not.toThrow(/hunter22/)
  })

  test('a directory in its place is refused: Docker makes one where a file to mount is missing', () => {
    const directory = mkdtempSync(join(tmpdir(), 'settings-'))
    mkdirSync(join(directory, '.env'))
    expect(() => readDotEnv(directory)).toThrow(/cannot be read \(EISDIR\)/)
    rmSync(directory, { recursive: true })
  })

  test('an empty variable of the environment does not hide the line', () => {
    const directory = mkdtempSync(join(tmpdir(), 'settings-'))
    writeFileSync(join(directory, '.env'), 'DATABASE_URL=a\n')
    expect(withDotEnv({ DATABASE_URL: '' }, directory)).toEqual({ DATABASE_URL: 'a' })
    rmSync(directory, { recursive: true })
  })

  test('.env.example names every variable, and its defaults are the defaults', () => {
    const text = readFileSync(join(import.meta.dirname, '../..', '.env.example'), 'utf8')
    const blocks = text.replaceAll(/^#(?=[A-Z_]+=)/gm, '')
    const all = parseEnv(blocks)
    expect(Object.keys(all).sort()).toEqual([...KNOWN_NAMES].sort())
    const given = Object.fromEntries(
      Object.entries(all).filter(
        ([name]) => !/_FILE$|^DATABASE_URL$|_ID$|_BASE_URL$|PROXY$|_CERTS$|_HEADERS$/.test(name),
      ),
    )
    const plain = ({ sources, database: _, secrets: __, ...rest }: Settings) => ({
      ...rest,
      sources: sources.map((source) => ({ ...source, apiKey: '' })),
    })
    expect(plain(load({ ...given, LLAMA_CLOUD_API_KEY: KEY }))).toEqual(
      plain(load({ LLAMA_CLOUD_API_KEY: KEY })),
    )
  })
})
