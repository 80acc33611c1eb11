import { expect, onTestFinished, test } from 'vitest'
import { connectionOf } from '../../../src/doctor/connection.ts'
import { checkSession } from '../../../src/doctor/session.ts'
import { openPool } from '../../../src/store/pool.ts'
import { createTestDatabase } from '../../support/database.ts'

test('each setting of role and database that a transaction overrides is named, however PostgreSQL writes its name', async () => {
  const database = await createTestDatabase()
  onTestFinished(() => database.drop())
  const name = new URL(database.url).pathname.slice(1)
  const set = {
    array_nulls: 'off',
    datestyle: 'German',
    default_transaction_isolation: 'serializable',
    idle_in_transaction_session_timeout: '5s',
    intervalstyle: 'iso_8601',
    lock_timeout: '5s',
    statement_timeout: '5s',
    timezone: 'Asia/Kolkata',
  }
  for (const [setting, value] of Object.entries(set))
    await database.pool.query(`alter database ${name} set ${setting} = '${value}'`)
  const pool = openPool(database.url, { max: 1, applicationName: 'test' })
  onTestFinished(() => pool.end())
  const client = await pool.connect()
  const { status, found } = await checkSession(connectionOf(database.url, client)).finally(() =>
    client.release(),
  )
  expect(status).toBe('ok')
  expect(found.replace(/^.*: /, '').split(', ').sort()).toEqual(Object.keys(set))
})
