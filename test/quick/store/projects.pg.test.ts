import type { PoolClient } from 'pg'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { transaction } from '../../../src/store/pool.ts'
import {
  forgetCanaries,
  type KnownProjects,
  loadProjects,
  NO_PROJECT,
  saveProjects,
} from '../../../src/store/projects.ts'
import type { TestDatabase } from '../../support/database.ts'
import { createMigratedDatabase } from '../../support/migrated-database.ts'
import { addSource } from './sources.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await createMigratedDatabase()
})
beforeEach(async () => {
  await addSource(database, 'one')
  await addSource(database, 'two')
})
afterAll(() => database.drop())

const inTransaction = <T>(work: (client: PoolClient) => Promise<T>) => transaction(database.pool, work)
const save = (projects: KnownProjects, source = 'one') =>
  inTransaction((client) => saveProjects(client, source, projects))
const load = (source = 'one') => loadProjects(database.pool, source)

test('A20: projects and their canaries come back exactly, each source its own, and saved again they are replaced', async () => {
  const projects = new Map([
    ['p', ['a', `"b', {}`]],
    [NO_PROJECT, []],
  ])
  await save(projects)
  await save(new Map([['p', ['c']]]), 'two')
  expect(await load()).toEqual(projects)
  await save(new Map([['p', ['d']]]))
  expect(await load()).toEqual(new Map([...projects, ['p', ['d']]]))
  expect(await load('two')).toEqual(new Map([['p', ['c']]]))
})

test('when the stored jobs were lost the projects stay known, without canaries', async () => {
  await save(new Map([['p', ['a']]]))
  await inTransaction((client) => forgetCanaries(client, 'one'))
  expect(await load()).toEqual(new Map([['p', []]]))
})

test('commits that save the same projects in another order do not deadlock', async () => {
  const names = Array.from({ length: 20 }, (_, index) => `project ${index}`)
  const of = (list: readonly string[]) => new Map(list.map((name) => [name, ['a']] as const))
  await Promise.all(
    Array.from({ length: 20 }, (_, index) => save(of(index % 2 === 0 ? names : names.toReversed()))),
  )
  expect([...(await load()).keys()].toSorted()).toEqual(names.toSorted())
})
