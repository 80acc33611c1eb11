import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { ScopeChangedError } from '../../../src/errors.ts'
import { ensureSource, type Scope } from '../../../src/store/source-row.ts'
import type { TestDatabase } from '../../support/database.ts'
import { createMigratedDatabase, UNUSUAL_SETTINGS } from '../../support/migrated-database.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await createMigratedDatabase(UNUSUAL_SETTINGS)
})
beforeEach(() => database.pool.query('truncate llamacloud_sync.sources cascade'))
afterAll(() => database.drop())

const WIDE: Scope = {
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

test('two sources may have the same scope, or different ones', async () => {
  await ensure(WIDE, 'one')
  await ensure(WIDE, 'two')
  await expect(ensure(NARROW, 'three')).resolves.toBeUndefined()
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
  await expect(ensure(WIDE)).resolves.toBeUndefined()
})
