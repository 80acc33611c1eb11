import { shorten } from '../error-text.ts'
import { AppError, DatabaseError } from '../errors.ts'
import type { Redactor } from '../redact.ts'
import { type ConnectionParameters, parseConnectionString } from './connection-string.ts'
import { cureFor } from './cures.ts'

const LONGEST_REASON = 300
const DEPTH = 8

/** No password: not in the address, and none that the driver found elsewhere. */
const NO_PASSWORD =
  'DATABASE_URL has no password: write postgresql://user:password@…, or set PGPASSWORD, or in the environment PGPASSFILE, ' +
  'a file that only its owner can read.'

/** What the driver or the server said or did not, with a cure that only its place knows. `code`: the SQLSTATE, if any. */
export class CuredError extends Error {
  readonly cure: string
  readonly code: string | undefined
  constructor(message: string, cure: string, code?: string) {
    super(message)
    this.cure = cure
    this.code = code
  }
}

/**
 * Turns whatever a query or a connection threw into the error that an operator can act upon: where (host, port and
 * database, never the password), what, its code and the cure. A DatabaseError is handed back as it is.
 */
export function databaseError(error: unknown, url: string, redact: Redactor): DatabaseError {
  if (error instanceof DatabaseError) return error
  const origin = originOf(error)
  const code = codeOf(origin)
  const codeText = code ? ` [${code}]` : ''
  // Redacted before it is cut: half a secret would not be recognised (I10).
  const reason = shorten(redact(reasonOf(origin)).trim(), LONGEST_REASON)
  const parameters = parseConnectionString(url)
  const cure =
    (origin instanceof CuredError ? origin.cure : undefined) ??
    passwordCure(reason, code, parameters) ??
    cureFor({ code, words: reason, routine: routineOf(origin) })
  const message = `${whereOf(parameters)}: ${reason}${codeText}. ${cure}`
  // The error of an unreadable URL carries the URL, and with it the password.
  return new DatabaseError(message, code === 'ERR_INVALID_URL' ? {} : { cause: origin })
}

/**
 * The error to show for whatever work on the database threw. Errors of ours and bugs stay as they are; all the rest
 * comes from the driver or the server.
 */
export function explainStoreError(error: unknown, url: string, redact: Redactor): Error {
  const isBug = error instanceof TypeError || error instanceof RangeError || error instanceof ReferenceError
  return error instanceof AppError || isBug ? error : databaseError(error, url, redact)
}

/** Where a connection string leads, for people: never with the password. */
export function describeAddress(url: string): string {
  return whereOf(parseConnectionString(url)).replace(/^Database/, 'database')
}

function passwordCure(
  reason: string,
  code: string | undefined,
  parameters: ConnectionParameters | undefined,
): string | undefined {
  // The driver's own words when a server asks for what it was not given.
  if (/client password must be a/.test(reason)) return NO_PASSWORD
  return code === '28P01' && parameters?.password === undefined ? NO_PASSWORD : undefined
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

/** Whether PostgreSQL gave up on one statement, which says nothing about others. */
export function tookTooLong(error: unknown): boolean {
  return sqlState(error) === '57014'
}

/** Host, port and database, as the driver fills in what is left out. */
function whereOf(parameters: ConnectionParameters | undefined): string {
  if (parameters === undefined) return 'DATABASE_URL cannot be read as an address'
  const { host = 'localhost', port = '5432', user, dbname = user ?? '' } = parameters
  return `Database ${dbname} at ${host.startsWith('/') ? host : `${host}:${port}`}`
}

/**
 * The innermost error. What wraps it must not be passed on: it may carry the statement and all its parameters in its message.
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

/** The name of the constraint that a row violates. */
export function constraintOf(error: unknown): string | undefined {
  const origin = originOf(error)
  return origin instanceof Error && 'constraint' in origin ? String(origin.constraint) : undefined
}

export function routineOf(error: unknown): string | undefined {
  return error instanceof Error && 'routine' in error ? String(error.routine) : undefined
}

function reasonOf(error: unknown): string {
  // A name with several addresses fails with one error an address and an empty message of its own.
  if (error instanceof AggregateError) return error.errors.map(reasonOf).join('; ')
  return error instanceof Error ? error.message : String(error)
}
