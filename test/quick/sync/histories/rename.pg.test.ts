import { expect, test } from 'vitest'
import { generate } from '../../../../src/simulator/generate.ts'
import { DAY, HOUR, MINUTE } from '../../../../src/values/instant.ts'
import { compareWithWorld, EQUAL } from '../../../support/compare.ts'
import { createHarness } from '../../../support/harness.ts'
import { countJobs } from '../../../support/sync-tables.ts'
import { cycles, failures, markedIds, reconciled, runOnce, verified } from './support.ts'

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
