import { expect, test } from 'vitest'
import type { Connection } from '../../../src/doctor/connection.ts'
import { checkEncryption, checkPooler, checkRights, checkVersion } from '../../../src/doctor/database.ts'

/** A connection that answers every query with these rows. */
function answering(rows: object[], changes: Partial<Connection> = {}): Connection {
  return {
    host: 'db.example.com',
    encrypted: true,
    checked: true,
    whyReadOnly: async () => undefined,
    wrongEncoding: async () => undefined,
    whatHides: async () => undefined,
    unencryptedOnPurpose: false,
    processId: 7,
    query: async <Row>() => rows as Row[],
    ...changes,
  }
}

test('version: older than 15 is refused', async () => {
  const fifteen = await checkVersion(answering([{ number: '150004', version: '15.4' }]))
  expect(fifteen).toMatchObject({ status: 'ok', found: 'PostgreSQL 15.4' })
  const fourteen = await checkVersion(answering([{ number: '140011', version: '14.11' }]))
  expect(fourteen).toMatchObject({
    status: 'failed',
    cure: expect.stringMatching(/Upgrade PostgreSQL to 15/),
  })
})

test('encryption: a connection that leaves the machine in clear fails, unless it is meant so', () => {
  const of = (changes: Partial<Connection>) => checkEncryption(answering([], changes))
  expect(of({})).toMatchObject({ status: 'ok' })
  expect(of({ encrypted: false })).toMatchObject({
    status: 'failed',
    cure: expect.stringMatching(/sslmode=verify-full/),
  })
  expect(of({ encrypted: false, unencryptedOnPurpose: true })).toMatchObject({ status: 'ok' })
  for (const host of ['localhost', '127.0.0.1', '::1', '/var/run/postgresql']) {
    expect(of({ encrypted: false, host })).toMatchObject({ status: 'ok' })
  }
})

test('pooler: none, one that does, and one in statement mode that does not', async () => {
  expect(await checkPooler(answering([{ pid: 7 }]))).toMatchObject({
    status: 'ok',
    found: expect.stringMatching(/none/),
  })
  expect(await checkPooler(answering([{ pid: 8 }]))).toMatchObject({
    status: 'ok',
    found: expect.stringMatching(/pooler is in between/),
  })
  const query = async () => {
    throw new Error('transaction blocks not allowed in statement pooling mode')
  }
  expect(await checkPooler(answering([], { query }))).toMatchObject({
    status: 'failed',
    found: expect.stringMatching(/statement pooling/),
    cure: expect.stringMatching(/transaction or session mode/),
  })
})

const RIGHTS = {
  database: 'd',
  user: 'app',
  mayCreate: true,
  schemas: 0,
  mayUse: true,
  ownsSome: true,
  changes: [],
  tablespace: null,
}

test.each([
  [{}, 'ok', /may create the schemas/],
  [{ schemas: 2, mayCreate: false }, 'ok', /owns both/],
  [{ mayCreate: false }, 'failed', /grant create on database "d" to "app"/],
  [{ schemas: 2, ownsSome: false, changes: ['all'] }, 'failed', /the user that created them/],
  [{ schemas: 2, changes: ['this', 'that'] }, 'failed', /^As an administrator.*: this; that$/],
  [{ schemas: 2, mayUse: false }, 'failed', /the user that created them/],
])('rights: %j is %s', async (changes, status, text) => {
  const { found, cure, ...finding } = await checkRights(answering([{ ...RIGHTS, ...changes }]))
  expect(finding).toMatchObject({ check: 'rights', status })
  expect(cure ?? found).toMatch(text)
})
