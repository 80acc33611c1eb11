import { expect, test } from 'vitest'
import { DatabaseError } from '../../../src/errors.ts'
import * as store from '../../../src/store/database-error.ts'

const { sqlState } = store
const databaseError = (error: unknown, url: string) => store.databaseError(error, url, (text) => text)

const URL = 'postgres://reader:hunter2@db.example:6432/warehouse'

function withCode(message: string, code: string): Error {
  return Object.assign(new Error(message), { code })
}

test('says where, what, the code and the cure', () => {
  const error = databaseError(withCode('connect ECONNREFUSED 192.0.2.7:6432', 'ECONNREFUSED'), URL)
  expect(error).toBeInstanceOf(DatabaseError)
  expect(error.message).toBe(
    'Database warehouse at db.example:6432: connect ECONNREFUSED 192.0.2.7:6432 [ECONNREFUSED]. ' +
      'Start PostgreSQL there, or correct DATABASE_URL.',
  )
})

test.each([
  ['ENOTFOUND', /Correct the host/],
  ['ETIMEDOUT', /firewall/],
  ['EPIPE', /may be restarting/],
  ['SELF_SIGNED_CERT_IN_CHAIN', /sslrootcert/],
  ['28P01', /user name and the password/],
  ['28000', /user name and the password/],
  ['3D000', /Create the database/],
  ['42501', /doctor/],
  ['42P01', /migrate/],
  ['42703', /migrate.*somebody altered/],
  ['42804', /somebody altered/],
  ['42883', /somebody altered/],
  ['53100', /disk of PostgreSQL is full/],
  ['53200', /ran out of/],
  ['53300', /max_connections/],
  ['57P03', /may be restarting/],
  ['25006', /finds out why/],
  ['40P01', /try again/],
  ['08006', /may be restarting/],
  ['XX000', /the server or from a pooler/],
])('%s has its cure', (code, cure) => {
  expect(databaseError(withCode('it failed', code), URL).message).toMatch(cure)
})

test.each([
  [
    '42501',
    'Zugriff würde durch Sicherheitspolicy für Tabelle eingeschränkt',
    'check_enable_rls',
    /Row-level security/,
  ],
  ['42501', 'permission denied for tablespace fast', 'aclcheck_error', /default_tablespace/],
  ['42501', 'permission denied for database x', 'CheckMyDatabase', /grant connect/],
  ['42501', 'permission denied for language plpgsql', 'aclcheck_error', /grant usage on that language/],
  ['42501', 'permission denied for schema x', 'aclcheck_error', /Grant this right/],
  [
    '28000',
    'kein pg_hba.conf-Eintrag für Host »10.0.0.7«',
    'ClientAuthentication',
    /Add a line .* pg_hba\.conf/,
  ],
  ['53300', 'zu viele Verbindungen für Rolle »app«', 'InitializeSessionUserId', /connection limit N/],
  ['53300', 'trop de connexions pour la base', 'CheckMyDatabase', /connection limit N/],
  ['53300', 'tut mir leid, schon zu viele Verbindungen', 'InitProcess', /max_connections/],
  [
    '55000',
    'Datenbank »d« akzeptiert gegenwärtig keine Verbindungen',
    'CheckMyDatabase',
    /allow_connections/,
  ],
  ['08P01', 'password authentication failed for user "u"', undefined, /user name and the password/],
  ['08P01', 'SASL authentication failed', undefined, /user name and the password/],
  ['28000', 'This RDS Proxy requires TLS connections', undefined, /requires encryption/],
  ['58000', 'No pool configured for database: "d", user: "u"', undefined, /pooler has no database/],
  ['0A000', 'cannot perform INSERT RETURNING on relation "classify_jobs"', undefined, /drop rule/],
  ['42P10', 'kann Tabelle nicht aktualisieren', 'CheckCmdReplicaIdentity', /publication of somebody/],
  [
    '53400',
    'temporary file size exceeds "temp_file_limit" (0kB)',
    undefined,
    /Raise the limit that it names/,
  ],
  ['57P05', 'terminating connection due to idle-session timeout', undefined, /idle_session_timeout/],
  ['25P04', 'terminating connection due to transaction timeout', undefined, /transaction_timeout/],
])('%s "%s": looked at before it is told, in whatever language it comes', (code, message, routine, cure) => {
  const error = Object.assign(withCode(message, code), { routine })
  expect(databaseError(error, URL).message).toMatch(cure)
})

test('I10: neither the password nor the parameters of a statement are passed on', () => {
  const cause = withCode('permission denied for table classify_jobs', '42501')
  const wrapped = new Error('Failed: insert into t values ($1), with llx-secret', { cause })
  const error = databaseError(wrapped, URL)
  expect(error.message).toContain('permission denied for table classify_jobs [42501]')
  expect(error.cause).toBe(cause)
  for (const secret of ['llx-secret', 'insert into', 'hunter2']) expect(error.message).not.toContain(secret)
})

test('I10: a URL that cannot be read is not repeated', () => {
  const error = databaseError(new Error('nothing works'), 'postgres://reader:hunter2@db example:99999/x')
  expect(error.message).toMatch(/^DATABASE_URL cannot be read/)
  expect(error.message).not.toContain('hunter2')
})

test('I10: the error that an unreadable URL itself causes is not passed on', () => {
  const unreadable = Object.assign(new TypeError('Invalid URL'), { input: URL, code: 'ERR_INVALID_URL' })
  const error = databaseError(unreadable, URL)
  expect(JSON.stringify(error.cause ?? null)).not.toContain('hunter2')
})

test('every address of a name is told, the text is cut where it is endless', () => {
  const both = new AggregateError([new Error('refused at ::1'), new Error('refused at 127.0.0.1')])
  expect(databaseError(both, URL).message).toContain('refused at ::1; refused at 127.0.0.1')
  expect(databaseError(new Error('x'.repeat(1_000_000)), URL).message.length).toBeLessThan(600)
})

test('a DatabaseError stays as it is; what is no error is text', () => {
  const known = new DatabaseError('known')
  expect(databaseError(known, URL)).toBe(known)
  expect(databaseError('broken', URL).message).toContain(': broken. ')
})

test('a socket is named by its path', () => {
  const url = 'postgres:///warehouse?host=/run/postgresql'
  expect(databaseError(withCode('connect ENOENT', 'ENOENT'), url).message).toMatch(
    /^Database warehouse at \/run\/postgresql: /,
  )
})

test('sqlState looks through causes, takes no Node code for one, and survives a circle', () => {
  const inner = withCode('duplicate key', '23505')
  expect(sqlState(new Error('outer', { cause: new Error('middle', { cause: inner }) }))).toBe('23505')
  expect(sqlState(withCode('broken pipe', 'EPIPE'))).toBeUndefined()
  expect(sqlState(withCode('refused', 'ECONNREFUSED'))).toBeUndefined()
  expect(sqlState('23505')).toBeUndefined()
  const circle = new Error('circle')
  circle.cause = circle
  expect(sqlState(circle)).toBeUndefined()
})
