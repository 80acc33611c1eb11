import { afterAll, beforeAll, expect, test } from 'vitest'
import { systemClock } from '../../../src/clock.ts'
import { acquireLease } from '../../../src/store/lease.ts'
import { loadStatus } from '../../../src/store/status.ts'
import { MILLISECOND, MINUTE } from '../../../src/values/instant.ts'
import type { TestDatabase } from '../../support/database.ts'
import { createMigratedDatabase, UNUSUAL_SETTINGS } from '../../support/migrated-database.ts'
import { addSource } from './sources.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await createMigratedDatabase(UNUSUAL_SETTINGS)
})
afterAll(() => database.drop())

test('times are read right whatever format and zone the database shows them in', async () => {
  await addSource(database)
  const options = { owner: 'one', leaseMs: 60_000, clock: systemClock }
  const lease = await acquireLease(database.pool, 'one', options)
  const [source] = await loadStatus(database.pool)
  expect(source).toMatchObject({ name: 'one', leaseOwner: 'one', coveredFrom: null })
  expect(Math.abs(source!.leaseExpiresAt! - Date.now() * MILLISECOND)).toBeLessThan(10 * MINUTE)
  await lease!.release()
})
