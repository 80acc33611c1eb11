import pg from 'pg'
import { AppError, DatabaseError } from '../errors.ts'

const LONGEST_REASON = 300
const DEPTH = 8

const SERVER_DOWN = 'Start PostgreSQL there, or correct DATABASE_URL.'
const UNREACHABLE = 'Check the address in DATABASE_URL, the network and the firewall.'
const LOGIN = 'Correct the user name and the password in DATABASE_URL.'
const CERTIFICATE = 'Add sslrootcert=FILE to DATABASE_URL with the authority that signed the certificate.'
const MIGRATE = 'Run `llamacloud-sync migrate`.'
const WAIT = 'It comes back by itself, or see the log of PostgreSQL.'

/** What helps, by SQLSTATE (five characters, or the two of its class) or by Node's error code. */
const CURES: Readonly<Record<string, string>> = {
  ECONNREFUSED: SERVER_DOWN,
  ECONNRESET: WAIT,
  EPIPE: WAIT,
  ENOTFOUND: 'Correct the host in DATABASE_URL: no such name is known.',
  EAI_AGAIN: 'The name server does not answer: check the network.',
  ENOENT: SERVER_DOWN,
  EACCES: 'Correct the rights of the socket that DATABASE_URL names.',
  ETIMEDOUT: UNREACHABLE,
  EHOSTUNREACH: UNREACHABLE,
  ENETUNREACH: UNREACHABLE,
  DEPTH_ZERO_SELF_SIGNED_CERT: CERTIFICATE,
  SELF_SIGNED_CERT_IN_CHAIN: CERTIFICATE,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: CERTIFICATE,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: CERTIFICATE,
  ERR_TLS_CERT_ALTNAME_INVALID: 'Use in DATABASE_URL a host name that the certificate is made out to.',
  CERT_HAS_EXPIRED: 'Renew the certificate of the database.',
  '08': WAIT,
  '08P01': 'A connection pooler refused it: see its log, and remove parameters from DATABASE_URL.',
  '25006': 'It is read-only, a standby perhaps: let DATABASE_URL name the primary.',
  '25P03': 'The worker stood still inside a transaction: see what paused it or its machine.',
  '28000': `${LOGIN} Where pg_hba.conf asks for encryption, add sslmode=require.`,
  '28P01': LOGIN,
  '3D000': 'Create the database, or correct its name in DATABASE_URL.',
  '3F000': MIGRATE,
  '40': 'Trying again helps: another transaction was in the way.',
  '42501': 'Grant the user of DATABASE_URL the right; `llamacloud-sync doctor` names all it needs.',
  '42703': MIGRATE,
  '42P01': MIGRATE,
  '53': 'Give PostgreSQL more of what it ran out of.',
  '53100': 'Its disk is full: make room.',
  '53300': 'Close other connections, raise max_connections, or connect through a pooler.',
  '55P03': 'Another session holds the lock: look for a long transaction in pg_stat_activity.',
  '57014': 'The statement took too long or was cancelled: look at the load of the database.',
  '57P01': WAIT,
  '57P02': WAIT,
  '57P03': WAIT,
  '57P05': WAIT,
}

/**
 * Turns whatever a query or a connection threw into the error that an operator can act upon: where (host, port and
 * database, never the password), what, its code and the cure. A DatabaseError is handed back as it is.
 */
export function databaseError(error: unknown, url: string): DatabaseError {
  if (error instanceof DatabaseError) return error
  const origin = originOf(error)
  const code = codeOf(origin)
  const codeText = code ? ` [${code}]` : ''
  const message = `${whereOf(url)}: ${reasonOf(origin)}${codeText}. ${cureFor(code)}`
  // The error of an unreadable URL carries the URL, and with it the password.
  return new DatabaseError(message, code === 'ERR_INVALID_URL' ? {} : { cause: origin })
}

/**
 * The error to show for whatever work on the database threw. Errors of ours and bugs stay as they are; all the rest
 * comes from the driver or the server.
 */
export function explainStoreError(error: unknown, url: string): Error {
  const isBug = error instanceof TypeError || error instanceof RangeError || error instanceof ReferenceError
  return error instanceof AppError || isBug ? error : databaseError(error, url)
}

/** The five characters PostgreSQL reports an error by, looked for through `cause`; undefined when there are none. */
export function sqlState(error: unknown): string | undefined {
  for (const link of causes(error)) {
    const code = codeOf(link)
    // Node's own codes, EPIPE among them, begin with an E, and no SQLSTATE of PostgreSQL does.
    if (code && /^(?!E)[0-9A-Z]{5}$/.test(code)) return code
  }
  return undefined
}

/**
 * Transaction ended for idling (the worker was paused), serialization failure, deadlock, too many connections, lock not to
 * be had in time, server going down or coming up, session ended for idling.
 */
const PASSING: readonly string[] = [
  '25P03',
  '40001',
  '40P01',
  '53300',
  '55P03',
  '57P01',
  '57P02',
  '57P03',
  '57P05',
]

/**
 * Whether a failure may pass by itself: by its SQLSTATE, never by its message. Without one it is not the server's; it
 * passes where it is the connection's.
 */
export function passes(error: unknown, connectionLost: boolean): boolean {
  const state = sqlState(error)
  if (state === undefined) return connectionLost
  return PASSING.includes(state) || state.startsWith('08')
}

/** Host, port and database of a connection string, as pg reads it: with its own defaults and the PG* variables. */
function whereOf(url: string): string {
  try {
    const { host, port, database } = new pg.Client({ connectionString: url })
    const place = host.startsWith('/') ? host : `${host}:${port}`
    return `Database ${database ?? ''} at ${place}`
  } catch {
    return 'DATABASE_URL cannot be read as a URL'
  }
}

/**
 * The innermost error. What wraps it must not be passed on: drizzle's DrizzleQueryError carries the statement and all its
 * parameters in the message.
 */
function originOf(error: unknown): unknown {
  return causes(error).at(-1)
}

function causes(error: unknown): unknown[] {
  const links: unknown[] = []
  for (let link = error; link !== undefined && links.length < DEPTH; link = causeOf(link)) links.push(link)
  return links
}

function causeOf(error: unknown): unknown {
  return error instanceof Error ? (error.cause ?? undefined) : undefined
}

function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined
  return typeof error.code === 'string' ? error.code : undefined
}

function cureFor(code: string | undefined): string {
  if (!code) return 'Check that PostgreSQL runs and that DATABASE_URL is right.'
  return CURES[code] ?? CURES[code.slice(0, 2)] ?? 'See the log of PostgreSQL.'
}

function reasonOf(error: unknown): string {
  // A name with several addresses fails with one error an address and an empty message of its own.
  const messages = error instanceof AggregateError ? error.errors.map(reasonOf).join('; ') : messageOf(error)
  return messages.length > LONGEST_REASON ? `${messages.slice(0, LONGEST_REASON)}…` : messages
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
