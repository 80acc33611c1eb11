/** What a connection string says, by the names that libpq has for it: host, port, user, password, dbname and the rest. */
export type ConnectionParameters = Readonly<Record<string, string>>

/** User and password, hosts, database, parameters. The last @ before the path ends the password, as in every URL. */
const SHAPE = /^postgres(?:ql)?:\/\/(?:([^/?#]*)@)?([^/?#]*)(?:\/([^?#]*))?(?:\?([^#]*))?$/i

const PORT = /^(?:[1-9]\d{0,3}|[1-5]\d{4}|6[0-4]\d{3}|65[0-4]\d\d|655[0-2]\d|6553[0-5])$/

/**
 * Takes a connection string apart as libpq does: a parameter behind the question mark wins over its place before it, and
 * a plus sign is a plus sign. Undefined where it has not that shape, or a raw / or ? of the password has cut it short.
 */
export function parseConnectionString(text: string): ConnectionParameters | undefined {
  const [, login, hosts = '', path = '', query = ''] = SHAPE.exec(text) ?? []
  // What looks like a path or a query is the rest of the password.
  if (!SHAPE.test(text) || path.includes('@')) return undefined
  if (login === undefined && hosts !== '' && query.includes('@')) return undefined
  const colon = login?.indexOf(':') ?? -1
  const place = splitHosts(hosts)
  const pairs: (readonly [string, string | undefined])[] = [
    ['user', decoded(colon < 0 ? (login ?? '') : (login ?? '').slice(0, colon))],
    ['password', decoded(colon < 0 ? '' : (login ?? '').slice(colon + 1))],
    ['host', place.host === undefined ? undefined : decoded(place.host)],
    ['port', place.port],
    ['dbname', decoded(path)],
    ...query.split('&').map(parsePair),
  ]
  const parameters: Record<string, string> = {}
  for (const [name, value] of pairs) {
    if (value === undefined) return undefined
    if (value !== '') parameters[name] = value
  }
  return parameters
}

/** Several hosts stay together: who judges them says that there are too many. */
function splitHosts(hosts: string): { readonly host?: string; readonly port?: string | undefined } {
  if (hosts.includes(',')) return { host: hosts, port: '' }
  const parts = /^(?:\[(?<address>[^\]]*)\]|(?<name>[^:[\]]*))(?::(?<port>.*))?$/.exec(hosts)?.groups
  if (parts === undefined) return {}
  const { address, name = '', port = '' } = parts
  return { host: address ?? name, port: port === '' || PORT.test(port) ? port : undefined }
}

function parsePair(pair: string): readonly [string, string | undefined] {
  const equals = pair.indexOf('=')
  return equals < 0 ? [pair, ''] : [pair.slice(0, equals), decoded(pair.slice(equals + 1))]
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}

/** The variables of libpq that stand in for what a connection string leaves out. */
export const PG_VARIABLES: Readonly<Record<string, string>> = {
  PGHOST: 'host',
  PGPORT: 'port',
  PGUSER: 'user',
  PGPASSWORD: 'password',
  PGDATABASE: 'dbname',
  PGOPTIONS: 'options',
  PGAPPNAME: 'application_name',
  PGCONNECT_TIMEOUT: 'connect_timeout',
  PGCHANNELBINDING: 'channel_binding',
  PGTARGETSESSIONATTRS: 'target_session_attrs',
  PGSSLMODE: 'sslmode',
  PGSSLROOTCERT: 'sslrootcert',
  PGSSLCERT: 'sslcert',
  PGSSLKEY: 'sslkey',
  PGSSLNEGOTIATION: 'sslnegotiation',
  PGSSLMINPROTOCOLVERSION: 'ssl_min_protocol_version',
  PGSSLMAXPROTOCOLVERSION: 'ssl_max_protocol_version',
  PGSSLCRL: 'sslcrl',
  PGSSLCRLDIR: 'sslcrldir',
  PGREQUIREPEER: 'requirepeer',
  PGREQUIREAUTH: 'require_auth',
  PGGSSENCMODE: 'gssencmode',
}

/** What the PG* variables add to a connection string: those parameters that it does not name itself. */
export function fromVariables(
  named: ConnectionParameters,
  env: Readonly<Record<string, string | undefined>>,
): Readonly<Record<string, string>> {
  const added = Object.entries(PG_VARIABLES).flatMap(([variable, parameter]) => {
    const value = env[variable]
    return value === undefined || named[parameter] !== undefined ? [] : [[variable, value] as const]
  })
  return Object.fromEntries(added)
}

/** The connection string with what the PG* variables add, so that whoever reads it needs no environment. */
export function withVariables(text: string, env: Readonly<Record<string, string | undefined>>): string {
  const added = Object.entries(fromVariables(parseConnectionString(text) ?? {}, env))
  const pairs = added.map(([variable, value]) => `${PG_VARIABLES[variable]}=${encodeURIComponent(value)}`)
  if (pairs.length === 0) return text
  return `${text}${text.includes('?') ? '&' : '?'}${pairs.join('&')}`
}

/** What is wrong with a parameter, if anything, as the end of a sentence that begins with its name. */
type Check = (value: string) => string | undefined

const fine: Check = () => undefined
const never =
  (cure: string): Check =>
  () =>
    cure
const only =
  (pattern: RegExp, cure: string): Check =>
  (value) =>
    pattern.test(value) ? undefined : cure

const TLS_VERSION = only(/^TLSv1(\.[123])?$/, 'has to be TLSv1.2 or TLSv1.3')

/** All that libpq knows. What only tunes the connection, or asks for what is so anyway, is let be. */
const PARAMETERS: Readonly<Record<string, Check>> = {
  user: fine,
  password: fine,
  dbname: fine,
  host: only(
    /^[^,]*$/,
    'names several hosts, but this program connects to one: use an address that follows the primary, such as the ' +
      "provider's writer endpoint, a virtual address, HAProxy or PgBouncer",
  ),
  port: only(PORT, 'has to be one port, a number from 1 to 65535'),
  application_name: fine,
  options: fine,
  connect_timeout: only(/^-?\d{1,6}$/, 'has to be a whole number of seconds'),
  client_encoding: only(/^(auto|utf-?8|unicode)$/i, 'has to be UTF8, which is the default'),
  channel_binding: only(/^(disable|prefer|require)$/, 'has to be disable, prefer or require'),
  target_session_attrs: only(
    /^(any|read-write|primary)$/,
    'has to be read-write, primary or any: this program writes',
  ),
  ssl: only(/^(true|1|false|0)$/, 'can only be true or false, and libpq does not know it: use sslmode'),
  sslmode: only(
    /^(disable|require|no-verify|verify-ca|verify-full)$/,
    'has to be verify-full, verify-ca, require or disable: allow and prefer, which leave encryption to the ' +
      'server, are not supported',
  ),
  sslrootcert: fine,
  sslcert: fine,
  sslkey: fine,
  sslpassword: fine,
  sslnegotiation: only(/^(postgres|direct)$/, 'has to be postgres or direct'),
  ssl_min_protocol_version: TLS_VERSION,
  ssl_max_protocol_version: TLS_VERSION,
  gssencmode: only(/^(disable|prefer)$/, 'is not supported: use sslmode=verify-full'),
  ...Object.fromEntries(
    (
      'fallback_application_name keepalives keepalives_idle keepalives_interval keepalives_count tcp_user_timeout ' +
      'load_balance_hosts sslcompression sslsni sslcertmode krbsrvname gsslib gssdelegation min_protocol_version ' +
      'max_protocol_version uselibpqcompat'
    )
      .split(' ')
      .map((name) => [name, fine]),
  ),
  hostaddr: never('is not supported: write the address in place of the host'),
  service: never('is not supported: write out what the service file says'),
  passfile: never('is not supported: set PGPASSFILE in the environment'),
  ...Object.fromEntries(
    ['sslcrl', 'sslcrldir', 'requirepeer', 'require_auth', 'replication'].map((name) => [
      name,
      never('is not supported: leave it out'),
    ]),
  ),
}

/** What is wrong with a parameter, or undefined. No value is shown: a password may have landed there. */
export function parameterFault(name: string, value: string): string | undefined {
  const check = Object.hasOwn(PARAMETERS, name) ? PARAMETERS[name] : undefined
  if (check !== undefined) return check(value)
  return 'is not a parameter of a PostgreSQL address: correct it, or leave it out'
}
