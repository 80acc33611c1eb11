import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { ScopeChangedError } from '../../../src/errors.ts'
import { ensureSource, formerNames, type Scope } from '../../../src/store/source-row.ts'
import type { TestDatabase } from '../../support/database.ts'
import { createMigratedDatabase, UNUSUAL_SETTINGS } from '../../support/migrated-database.ts'
import { expireLease } from './sources.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await createMigratedDatabase(UNUSUAL_SETTINGS)
})
beforeEach(() => database.pool.query('truncate llamacloud_sync.sources cascade'))
afterAll(() => database.drop())

const WIDE: Scope = {
  list: 'classify',
  baseUrl: 'https://na.example',
  projectId: null,
  organizationId: null,
  configurationId: null,
}
const NARROW: Scope = { ...WIDE, projectId: 'p1', organizationId: 'o1', configurationId: 'c1' }

const ensure = (scope: Scope, name = 'one') => ensureSource(database.pool, name, scope)

async function refusal(scope: Scope): Promise<string> {
  const error: unknown = await ensure(scope).then(
    () => undefined,
    (reason) => reason,
  )
  expect(error).toBeInstanceOf(ScopeChangedError)
  return (error as Error).message
}

test('the row is made once, with its scope, and nothing else of it is touched later', async () => {
  await ensure(NARROW)
  await database.pool.query('update llamacloud_sync.sources set fence = 7')
  await ensure(NARROW)
  const { rows } = await database.pool.query(
    `select name, base_url, project_id, organization_id, configuration_id, fence, watermark
    from llamacloud_sync.sources`,
  )
  expect(rows).toEqual([
    {
      name: 'one',
      base_url: 'https://na.example',
      project_id: 'p1',
      organization_id: 'o1',
      configuration_id: 'c1',
      fence: 7,
      watermark: null,
    },
  ])
})

test('workers that begin at once share the row', async () => {
  await Promise.all(Array.from({ length: 10 }, () => ensure(WIDE)))
  const { rowCount } = await database.pool.query('select from llamacloud_sync.sources')
  expect(rowCount).toBe(1)
})

const NEW = { formerNames: [], renamedFrom: null }

test('two sources have different scopes', async () => {
  expect(await ensure(WIDE, 'one')).toEqual(NEW)
  expect(await ensure(NARROW, 'two')).toEqual(NEW)
  expect(await ensure(WIDE, 'one')).toEqual(NEW)
})

test('a new name over a known scope is a new name of that source: nothing of it is lost, and it may go back', async () => {
  await ensure(WIDE, 'one')
  await database.pool.query(
    `update llamacloud_sync.sources set fence = 7;
    insert into llamacloud_sync.runs (source, kind, started_at, outcome) values ('one', 'sync', now(), 'succeeded');
    insert into llamacloud_sync.rechecks (source, job_id, noted_at, due_at) values ('one', 'a', now(), now())`,
  )
  expect(await ensure(WIDE, 'two')).toEqual({ formerNames: ['one'], renamedFrom: 'one' })
  expect(await ensure(WIDE, 'two')).toEqual({ formerNames: ['one'], renamedFrom: null })
  const { rows } = await database.pool.query(
    `select name, fence, run.source as run, recheck.source as recheck
    from llamacloud_sync.sources, llamacloud_sync.runs as run, llamacloud_sync.rechecks as recheck`,
  )
  expect(rows).toEqual([{ name: 'two', fence: 7, run: 'two', recheck: 'two' }])
  expect(await ensure(WIDE, 'one')).toEqual({ formerNames: ['two'], renamedFrom: 'two' })
  expect(await formerNames(database.pool, 'one')).toEqual(['two'])
})

test('a second name over a scope that a worker reads now is refused, and the message says how to go on', async () => {
  await ensure(WIDE, 'one')
  await database.pool.query(
    `update llamacloud_sync.sources set lease_owner = 'a', lease_expires_at = clock_timestamp() + interval '1 minute'`,
  )
  const error: unknown = await ensure(WIDE, 'two').catch((reason) => reason)
  expect(error).toBeInstanceOf(ScopeChangedError)
  expect(String(error)).toMatch(/"two" has the scope of the source "one".*SYNC_SOURCE=one/)
  await expireLease(database, 'one')
  expect(await ensure(WIDE, 'two')).toMatchObject({ renamedFrom: 'one' })
})

test.each([
  ['baseUrl', 'LLAMA_CLOUD_BASE_URL (or LLAMA_CLOUD_REGION): stored https://na.example, now other'],
  ['projectId', 'LLAMA_CLOUD_PROJECT_ID: stored p1, now other'],
  ['organizationId', 'LLAMA_CLOUD_ORGANIZATION_ID: stored o1, now other'],
  ['configurationId', 'LLAMA_CLOUD_CONFIGURATION_ID: stored c1, now other'],
] as const)('another %s is refused, and only it is named', async (key, line) => {
  await ensure(NARROW)
  const message = await refusal({ ...NARROW, [key]: 'other' })
  expect(message.split('\n').filter((each) => each.startsWith('  '))).toEqual([`  ${line}`])
  expect(message).toContain('The source "one" was synced with another scope')
  expect(message).toContain('SYNC_SOURCE=another-name')
})

test('every setting that differs is named, added and removed ones too', async () => {
  await ensure({ ...NARROW, organizationId: null })
  const message = await refusal({ ...WIDE, baseUrl: 'https://eu.example', organizationId: 'o2' })
  expect(message.split('\n').slice(1, -1)).toEqual([
    '  LLAMA_CLOUD_BASE_URL (or LLAMA_CLOUD_REGION): stored https://na.example, now https://eu.example',
    '  LLAMA_CLOUD_PROJECT_ID: stored p1, now none',
    '  LLAMA_CLOUD_ORGANIZATION_ID: stored none, now o2',
    '  LLAMA_CLOUD_CONFIGURATION_ID: stored c1, now none',
  ])
})

test('a refusal changes nothing', async () => {
  await ensure(WIDE)
  await refusal(NARROW)
  expect(await ensure(WIDE)).toEqual(NEW)
})

test('each list of a scope is a source of its own, and is renamed with the others', async () => {
  const split = { ...WIDE, list: 'split' }
  expect(await ensure(WIDE, 'one')).toEqual(NEW)
  expect(await ensure(split, 'one/split')).toEqual(NEW)
  expect(await ensure(split, 'two/split')).toMatchObject({ renamedFrom: 'one/split' })
  expect(await ensure(WIDE, 'two')).toMatchObject({ renamedFrom: 'one' })
  await ensure(WIDE, 'two')
  await expect(ensure(split, 'two')).rejects.toThrow(/SYNC_LISTS: stored classify, now split/)
})
