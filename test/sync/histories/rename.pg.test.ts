import { expect, test } from 'vitest'
import { generate } from '../../../src/simulator/generate.ts'
import { DAY, HOUR, MINUTE } from '../../../src/values/instant.ts'
import { compareWithWorld, EQUAL } from '../../support/compare.ts'
import { createHarness } from '../../support/harness.ts'
import { countJobs } from '../../support/sync-tables.ts'
import { keyOf } from '../../support/upstream-faults.ts'
import {
  cycles,
  failures,
  markedIds,
  OTHER_PROJECT,
  PROJECT,
  reconciled,
  runOnce,
  verified,
} from './support.ts'

test('a source is renamed after a month: deletions are found, verify counts all rows, and nothing is read twice', async () => {
  const harness = await createHarness()
  const { world, now, database, advance, worker, source } = harness
  generate(world, {
    seed: 'rename',
    jobs: 3_000,
    from: now() - 60 * DAY,
    to: now() + 40 * DAY,
    fate: { stuckShare: 0 },
  })
  world.put({ id: 'open', createdAt: now(), fields: { status: 'RUNNING' } })
  await harness.sync()
  await cycles(harness, { during: 30 * DAY, every: DAY })
  const usual = await runOnce(harness, { source })

  const renamed = worker({ name: 'another' })
  advance(5 * MINUTE)
  const first = await runOnce(harness, { source: renamed })
  expect(first).toMatchObject({ outcome: 'succeeded', error: null })
  expect(first.requests).toBeLessThanOrEqual(usual.requests + 5)
  expect((await verified(renamed)).stored).toBe(await countJobs(database))

  const [removed] = [...world.all()].map((job) => (job as { id: string }).id)
  for (const id of [removed!, 'open']) world.remove(id)
  await reconciled(harness, { source: renamed })
  const ran = await cycles(harness, { source: renamed, during: 8 * HOUR, every: 30 * MINUTE })
  expect(failures(ran)).toEqual([])
  expect(await markedIds(database)).toEqual([removed!, 'open'].toSorted())
  expect(await compareWithWorld(database, world)).toEqual(EQUAL)
  const { rows } = await database.pool.query('select distinct source from llamacloud.classify_jobs')
  expect(rows).toEqual([{ source: 'another' }])
  expect((await verified(renamed)).differences).toEqual([])
})

test('renamed and renamed back: nothing is lost, nothing is marked', async () => {
  const harness = await createHarness()
  const { world, now, database, advance, worker } = harness
  generate(world, {
    seed: 'back',
    jobs: 900,
    from: now() - 60 * DAY,
    to: now() + 2 * DAY,
    fate: { stuckShare: 0 },
  })
  for (const name of ['one', 'two', 'one', 'three', 'one']) {
    const run = await runOnce(harness, { source: worker({ name }) })
    expect(run).toMatchObject({ outcome: 'succeeded', error: null })
    advance(6 * HOUR)
  }
  const ran = await cycles(harness, { source: worker({ name: 'one' }), during: 2 * HOUR, every: 30 * MINUTE })
  expect(failures(ran)).toEqual([])
  expect(await markedIds(database)).toEqual([])
  expect(await compareWithWorld(database, world)).toEqual(EQUAL)
})

test('A20: two workers with names and keys of their own on one database: each keeps its source, and neither takes the other for itself', async () => {
  const harness = await createHarness()
  const { world, now, database, advance, worker } = harness
  const span = { from: now() - 20 * DAY, to: now() + 3 * DAY, fate: { stuckShare: 0 } }
  generate(world, { seed: 'ours', jobs: 300, projectId: PROJECT, ...span })
  generate(world, { seed: 'theirs', jobs: 300, projectId: OTHER_PROJECT, ...span })
  const replaceKey = keyOf(world, PROJECT)
  const both = [
    { source: worker({ name: 'one' }), project: PROJECT },
    { source: worker({ name: 'two' }), project: OTHER_PROJECT },
  ]
  for (let cycle = 0; cycle < 6; cycle += 1) {
    for (const { source, project } of both) {
      replaceKey(project)
      expect(await runOnce(harness, { source })).toMatchObject({ outcome: 'succeeded', error: null })
      advance(10 * MINUTE)
    }
  }
  const projects = 'select source, project_id from llamacloud_sync.source_projects order by source'
  expect((await database.pool.query(projects)).rows).toEqual([
    { source: 'one', project_id: PROJECT },
    { source: 'two', project_id: OTHER_PROJECT },
  ])
  const jobs = 'select distinct source, project_id from llamacloud.classify_jobs order by source'
  expect((await database.pool.query(jobs)).rows).toEqual((await database.pool.query(projects)).rows)
  expect(await markedIds(database)).toEqual([])

  // The name of the second is changed: it goes on, and the first is left alone.
  replaceKey(OTHER_PROJECT)
  const renamed = await runOnce(harness, { source: worker({ name: 'three' }) })
  expect(renamed).toMatchObject({ outcome: 'succeeded', error: null })
  expect((await database.pool.query(projects)).rows).toEqual([
    { source: 'one', project_id: PROJECT },
    { source: 'three', project_id: OTHER_PROJECT },
  ])
  expect(renamed.requests).toBeLessThanOrEqual(8)
})
