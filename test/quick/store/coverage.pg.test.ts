import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import {
  loadCoverage,
  loadWindows,
  removeWindow,
  saveCoverage,
  saveWindows,
  type Window,
} from '../../../src/store/coverage.ts'
import { transaction } from '../../../src/store/pool.ts'
import { parseInstant } from '../../../src/values/instant.ts'
import type { TestDatabase } from '../../support/database.ts'
import { createMigratedDatabase, UNUSUAL_SETTINGS } from '../../support/migrated-database.ts'
import { addSource } from './sources.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await createMigratedDatabase(UNUSUAL_SETTINGS)
})
beforeEach(async () => {
  await addSource(database, 'one')
  await addSource(database, 'two')
})
afterAll(() => database.drop())

const instant = (text: string) => parseInstant(text)!
const save = (window: Window, source = 'one') =>
  transaction(database.pool, (client) => saveWindows(client, source, [window]))
const windows = (kind: Window['kind'] = 'coverage', source = 'one') =>
  loadWindows(database.pool, source, kind)

const begun: Window = {
  kind: 'coverage',
  lower: instant('2026-03-02T08:00:00.000001Z'),
  upper: instant('2026-03-02T08:59:59.999999Z'),
  reach: instant('2026-03-02T09:00:00.123456Z'),
  pageToken: 'token; drop table',
  pages: 3,
  drained: false,
}

test('a new source has no coverage', async () => {
  expect(await loadCoverage(database.pool, 'one')).toBeNull()
  expect(await loadCoverage(database.pool, 'unknown')).toBeNull()
})

test.each([
  ['microseconds', '2026-03-02T08:00:00.000001Z', '2026-03-02T08:00:00.999999Z'],
  ['whole seconds', '2026-03-02T08:00:00Z', '2026-03-02T09:00:00Z'],
  ['local times with seconds in their offset', '1900-01-01T00:00:00.5Z', '1905-12-31T00:00:00Z'],
  ['the first and last year that numbers hold', '1685-01-01T00:00:00Z', '2255-01-01T00:00:00.000001Z'],
])('coverage comes back exactly: %s', async (_, coveredFrom, watermark) => {
  const coverage = { coveredFrom: instant(coveredFrom), watermark: instant(watermark) }
  const inside = await transaction(database.pool, async (client) => {
    await saveCoverage(client, 'one', coverage)
    return loadCoverage(client, 'one')
  })
  expect(inside).toEqual(coverage)
  expect(await loadCoverage(database.pool, 'one')).toEqual(coverage)
  expect(await loadCoverage(database.pool, 'two')).toBeNull()
})

test('a window comes back exactly, and saved again it is replaced', async () => {
  await save(begun)
  expect(await windows()).toEqual([begun])
  const drained = { ...begun, reach: null, pageToken: null, pages: 4, drained: true }
  await save(drained)
  expect(await windows()).toEqual([drained])
  expect(await transaction(database.pool, (client) => loadWindows(client, 'one', 'coverage'))).toEqual([
    drained,
  ])
})

test('windows come oldest first, those of one source and kind only', async () => {
  const later = { ...begun, lower: begun.lower + 1 }
  const longer = { ...begun, upper: begun.upper + 1 }
  const backfill: Window = { ...begun, kind: 'backfill' }
  for (const window of [later, longer, begun, backfill]) await save(window)
  await save(later, 'two')
  expect(await windows()).toEqual([begun, longer, later])
  expect(await windows('backfill')).toEqual([backfill])
  expect(await windows('coverage', 'two')).toEqual([later])
})

test('removing a window leaves its neighbours, other kinds and other sources', async () => {
  const neighbour = { ...begun, lower: begun.lower + 1 }
  const backfill: Window = { ...begun, kind: 'backfill' }
  for (const window of [begun, neighbour, backfill]) await save(window)
  await save(begun, 'two')
  await transaction(database.pool, async (client) => {
    await removeWindow(client, 'one', { ...begun, pages: 99, pageToken: null })
    await removeWindow(client, 'one', { ...begun, upper: begun.upper + 1 }) // is not there
  })
  expect(await windows()).toEqual([neighbour])
  expect(await windows('backfill')).toEqual([backfill])
  expect(await windows('coverage', 'two')).toEqual([begun])
})

test('I2: a transaction that is rolled back leaves coverage and windows as they were', async () => {
  const failing = transaction(database.pool, async (client) => {
    await saveWindows(client, 'one', [begun])
    await saveCoverage(client, 'one', { coveredFrom: begun.lower, watermark: begun.upper })
    throw new Error('the lease is lost')
  })
  await expect(failing).rejects.toThrow('the lease is lost')
  expect(await windows()).toEqual([])
  expect(await loadCoverage(database.pool, 'one')).toBeNull()
})
