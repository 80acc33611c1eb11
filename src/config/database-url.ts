import {
  type ConnectionParameters,
  fromVariables,
  PG_VARIABLES,
  parameterFault,
  parseConnectionString,
  withVariables,
} from '../store/connection-string.ts'
import { tlsOptions } from '../store/connection-tls.ts'
import { KNOWN_NAMES } from './catalogue.ts'
import { faultOf } from './faults.ts'
import {
  placeholderIn,
  type SecretKind,
  type SecretProvider,
  type SecretSource,
  secretProvider,
} from './secrets.ts'

const NAME = 'DATABASE_URL'

/** They say which server and database is meant, or who connects: set, they are no accident. */
const SAY_WHERE = ['PGHOST', 'PGHOSTADDR', 'PGPORT', 'PGDATABASE', 'PGUSER', 'PGPASSWORD', 'PGSERVICE']

/** Other programs' names for the same, or for a part of it. */
const LIKE_IT =
  /^(DATABASE|DB|POSTGRES|POSTGRESQL|PG)_((HOST(NAME)?|SERVER)|URL|URI|DSN|CONN|CONNECTION|CONN(ECTION)?_?STR(ING)?)(_FILE)?$/i

/** As drivers of other languages have it, too. */
const ADDRESS = /^(jdbc:)?postgres(ql)?(\+\w+)?:\/\//i

export interface DatabaseAddress {
  /** Complete: what the PG* variables add is in it. Undefined: the embedded PostgreSQL. */
  readonly provider: SecretProvider | undefined
  readonly faults: readonly string[]
}

/** Finds the address and tries it out, so that a wrong one is reported with all other faults. */
export function findDatabaseUrl(source: SecretSource): DatabaseAddress {
  const { env } = source
  try {
    const provider = secretProvider(databaseUrlKind, source)
    if (provider === undefined) return { provider, faults: lostFaults(env) }
    provider()
    return { provider: () => withVariables(provider(), env), faults: [] }
  } catch (error) {
    return { provider: undefined, faults: [faultOf(error)] }
  }
}

/** Without an address the embedded server is used: nothing that was meant to be one may be passed over. */
function lostFaults(env: SecretSource['env']): string[] {
  const alike = Object.entries(env)
    .filter(([name, value]) => LIKE_IT.test(name) || ADDRESS.test(value))
    .map(([name]) => name)
    // What differs in case alone is told with all such names, and so are unknown names of ours.
    .filter((name) => !/^database_?url$|^sync_(?!data_dir$)/i.test(name))
  const where = SAY_WHERE.filter((name) => env[name] !== undefined)
  return [
    ...alike.map((name) =>
      KNOWN_NAMES.includes(name)
        ? `${name}: is the address of a database, and ${NAME} is not set`
        : `${name}: is not read, and ${NAME} is not set; rename it to ${NAME}, or unset it`,
    ),
    ...(where.length === 0
      ? []
      : [
          `${where.join(', ')}: set without ${NAME}; set ${NAME}=postgresql:// to use the PG* variables, or unset them ` +
            'to use the embedded PostgreSQL',
        ]),
  ]
}

const databaseUrlKind: SecretKind = {
  name: NAME,
  problemWith: (value, source) => {
    const placeholder = placeholderIn(value)
    if (placeholder !== undefined) return placeholder
    if (!/^postgres(ql)?:\/\//i.test(value)) return 'does not begin with postgresql:// or postgres://'
    const named = parseConnectionString(value)
    if (named === undefined) {
      return 'is not a well-formed address: in the password write % as %25, @ as %40, / as %2F, # as %23, ? as %3F'
    }
    const faults = [...parameterFaults(named), ...variableFaults(named, source)]
    if (faults.length > 0) return faults.join('; ')
    return fileFault({ ...named, ...parseConnectionString(withVariables(value, source.env)) }, source)
  },
  secretsIn: databasePasswords,
}

function parameterFaults(named: ConnectionParameters): string[] {
  return Object.entries(named).flatMap(([name, value]) => {
    const fault = parameterFault(name, value)
    // A name that is no word may be a piece of the password.
    return fault === undefined ? [] : [`${/^[a-z_]{2,30}$/i.test(name) ? name : 'a parameter'} ${fault}`]
  })
}

function variableFaults(named: ConnectionParameters, { env }: SecretSource): string[] {
  const faults = Object.entries(fromVariables(named, env)).flatMap(([variable, value]) => {
    const fault = parameterFault(PG_VARIABLES[variable] ?? '', value)
    return fault === undefined ? [] : [`${variable} ${fault}`]
  })
  if (named.host !== undefined || env.PGHOST !== undefined) return faults
  const unread = ['PGHOSTADDR', 'PGSERVICE'].filter((name) => env[name] !== undefined)
  return [...faults, ...unread.map((name) => `${name} is not read: set the host in ${NAME} or PGHOST`)]
}

function fileFault(parameters: ConnectionParameters, { readFile }: SecretSource): string | undefined {
  try {
    tlsOptions(parameters, readFile)
    return undefined
  } catch (error) {
    return faultOf(error)
  }
}

/** The passwords as they stand in the address and as they are meant; the whole text too, if it cannot be taken apart. */
function databasePasswords(value: string): string[] {
  const parameters = parseConnectionString(value)
  const raw = [
    /^[^:/?#]+:\/\/[^:/?#]*:(.*)@/.exec(value)?.[1],
    ...['password', 'sslpassword'].map((name) => new RegExp(`[?&]${name}=([^&]*)`).exec(value)?.[1]),
  ]
  const meant = parameters === undefined ? [value] : [parameters.password, parameters.sslpassword]
  return [...raw, ...meant].flatMap((text) => (text === undefined || text === '' ? [] : [text]))
}
