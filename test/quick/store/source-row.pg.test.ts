import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import {
  insertSource,
  loadSourceRow,
  renameSources,
  type Scope,
  setScope,
  twinsOf,
} from '../../../src/store/source-row.ts'
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

const insert = (scope: Scope, name = 'one') => insertSource(database.pool, name, scope)
const load = (name = 'one') => loadSourceRow(database.pool, name)
const twins = (name: string, scope: Scope) => twinsOf(database.pool, name, scope)
const rename = (names: readonly string[], to: string) => renameSources(database.pool, names, to)

test('the row is made once, with its scope, and nothing else of it is touched later', async () => {
  expect(await load()).toBeUndefined()
  await insert(NARROW)
  await database.pool.query('update llamacloud_sync.sources set fence = 7')
  await insert(WIDE)
  expect(await load()).toMatchObject({ ...NARROW, formerNames: [] })
  const { rows } = await database.pool.query('select fence from llamacloud_sync.sources')
  expect(rows).toEqual([{ fence: 7 }])
})

test('workers that begin at once share the row', async () => {
  await Promise.all(Array.from({ length: 10 }, () => insert(WIDE)))
  const { rowCount } = await database.pool.query('select from llamacloud_sync.sources')
  expect(rowCount).toBe(1)
})

test('twins have the same scope, and the one that was synced last comes first', async () => {
  for (const name of ['a', 'b', 'c']) await insert(WIDE, name)
  await insert(NARROW, 'narrow')
  await database.pool.query(`update llamacloud_sync.sources set last_success_at = now() where name = 'b'`)
  expect(await twins('new', WIDE)).toEqual(['b', 'a', 'c'])
  expect(await twins('b', WIDE)).toEqual(['a', 'c'])
  expect(await twins('new', { ...NARROW, projectId: null })).toEqual([])
})

test('a scope is changed only while it is the one that was looked at', async () => {
  await insert(WIDE)
  const named = { ...WIDE, projectId: 'p1' }
  await setScope(database.pool, 'one', NARROW, named)
  expect(await load()).toMatchObject({ ...WIDE, formerNames: [] })
  await setScope(database.pool, 'one', WIDE, named)
  expect(await load()).toMatchObject({ ...named, formerNames: [] })
})

test('a new name: nothing of the source is lost, and it may go back', async () => {
  await insert(WIDE)
  await database.pool.query(
    `update llamacloud_sync.sources set fence = 7;
    insert into llamacloud_sync.runs (source, kind, started_at, outcome) values ('one', 'sync', now(), 'succeeded');
    insert into llamacloud_sync.rechecks (source, job_id, noted_at, due_at) values ('one', 'a', now(), now())`,
  )
  expect(await rename(['one'], 'two')).toBeNull()
  expect(await load('two')).toMatchObject({ ...WIDE, formerNames: ['one'] })
  const { rows } = await database.pool.query(
    `select name, fence, run.source as run, recheck.source as recheck
    from llamacloud_sync.sources, llamacloud_sync.runs as run, llamacloud_sync.rechecks as recheck`,
  )
  expect(rows).toEqual([{ name: 'two', fence: 7, run: 'two', recheck: 'two' }])
  expect(await rename(['two'], 'one')).toBeNull()
  expect(await load()).toMatchObject({ ...WIDE, formerNames: ['two'] })
})

test('several of one scope become one: what each remembers of jobs, rejects and runs is kept', async () => {
  for (const name of ['a', 'b']) {
    await insert(WIDE, name)
    await database.pool.query(
      `insert into llamacloud_sync.runs (source, kind, started_at, outcome) values ('${name}', 'sync', now(), 'succeeded');
      insert into llamacloud_sync.rechecks (source, job_id, noted_at, due_at)
        select '${name}', id, now(), now() from unnest(array['both', 'of ${name}']) as id;
      insert into llamacloud_sync.rejects (source, reason, payload, fingerprint, first_seen_at, last_seen_at)
        select '${name}', 'no id', '{}', print, now(), now() from unnest(array['both', 'of ${name}']) as print`,
    )
  }
  expect(await rename(['a', 'b'], 'c')).toBeNull()
  expect((await load('c'))?.formerNames.toSorted()).toEqual(['a', 'b'])
  const { rows } = await database.pool.query(
    `select array(select name from llamacloud_sync.sources) as sources,
      array(select job_id from llamacloud_sync.rechecks where source = 'c' order by 1) as jobs,
      array(select fingerprint from llamacloud_sync.rejects where source = 'c' order by 1) as rejects,
      (select count(*)::int from llamacloud_sync.runs where source = 'c') as runs`,
  )
  const both = ['both', 'of a', 'of b']
  expect(rows).toEqual([{ sources: ['c'], jobs: both, rejects: both, runs: 2 }])
})

test('I6: while a worker is at one of them nothing is changed', async () => {
  for (const name of ['a', 'b']) await insert(WIDE, name)
  await database.pool.query(
    `update llamacloud_sync.sources set lease_owner = 'w', lease_expires_at = clock_timestamp() + interval '1 minute'
    where name = 'b'`,
  )
  expect(await rename(['a', 'b'], 'c')).toBe('b')
  expect(await load('c')).toBeUndefined()
  await expireLease(database, 'b')
  expect(await rename(['a', 'b'], 'c')).toBeNull()
  expect(await load('a')).toBeUndefined()
})

test('two workers that give it a name at once: one does, and nothing is lost', async () => {
  await insert(WIDE)
  await Promise.all([rename(['one'], 'two'), rename(['one'], 'three')])
  const { rows } = await database.pool.query('select former_names from llamacloud_sync.sources')
  expect(rows).toEqual([{ former_names: ['one'] }])
})

test('another list of a scope is another source, and no twin', async () => {
  const other = { ...WIDE, list: 'split' }
  await insertSource(database.pool, 'one', WIDE)
  await insertSource(database.pool, 'one/split', other)
  expect(await twinsOf(database.pool, 'new', WIDE)).toEqual(['one'])
  expect(await twinsOf(database.pool, 'new/split', other)).toEqual(['one/split'])
})
