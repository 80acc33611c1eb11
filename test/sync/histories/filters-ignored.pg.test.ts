import { expect, test } from 'vitest'
import { generate } from '../../../src/simulator/generate.ts'
import { DAY, HOUR, MINUTE } from '../../../src/values/instant.ts'
import { compareWithWorld, EQUAL } from '../../support/compare.ts'
import { createHarness, type Harness } from '../../support/harness.ts'
import { CREATED_AT, ignored } from '../../support/upstream-faults.ts'
import {
  cycles,
  failures,
  heldIds,
  markedIds,
  OTHER_PROJECT,
  PROJECT,
  reconciled,
  runOnce,
  verified,
} from './support.ts'

const JOBS = 3_000
const PAGES = JOBS / 100

async function withOpenJobs(): Promise<Harness> {
  const harness = await createHarness()
  const { world, now } = harness
  generate(world, {
    seed: 'ignored',
    jobs: JOBS,
    from: now() - 60 * DAY,
    to: now() - HOUR,
    fate: { stuckShare: 0 },
  })
  for (let index = 0; index < 250; index += 1) {
    const ends = { at: now() + 30 * MINUTE, changes: { status: 'COMPLETED' } }
    world.put({
      id: `open-${index}`,
      createdAt: now() - 40 * MINUTE,
      fields: { status: 'RUNNING' },
      steps: [ends],
    })
  }
  return harness
}

test('A22, I11: job_ids is ignored for an hour: no batch of ids walks the whole list, and all is right a cycle later', async () => {
  const harness = await withOpenJobs()
  const { world, api, database, source, sync } = harness
  await sync()
  api.settings.intercept = ignored('job_ids')
  const wrong = await cycles(harness, { during: HOUR })
  for (const { requests } of wrong) expect(requests).toBeLessThanOrEqual(PAGES / 2)
  expect(await markedIds(database)).toEqual([])
  api.settings.intercept = undefined
  const right = await cycles(harness, { during: 10 * MINUTE })
  expect(right.at(-1)!.outcome).toBe('succeeded')
  expect(await compareWithWorld(database, world)).toEqual(EQUAL)
  expect((await verified(source)).differences).toEqual([])
})

test('A22, I11: created_at is ignored for an hour: bounded, nothing is marked, and all is right afterwards', async () => {
  const harness = await withOpenJobs()
  const { world, api, database, source } = harness
  api.settings.intercept = ignored(...CREATED_AT)
  const first = await runOnce(harness)
  expect(first.requests).toBeLessThanOrEqual(20 * PAGES)
  const wrong = await cycles(harness, { during: HOUR })
  for (const { requests } of wrong) expect(requests).toBeLessThanOrEqual(3 * PAGES)
  expect(await markedIds(database)).toEqual([])
  api.settings.intercept = undefined
  await cycles(harness, { during: DAY, every: HOUR })
  expect((await runOnce(harness)).outcome).toBe('succeeded')
  expect(await compareWithWorld(database, world)).toEqual(EQUAL)
  expect((await verified(source)).differences).toEqual([])
  expect(await markedIds(database)).toEqual([])
})

test('A22, I11: created_at is ignored where the list is short: a long history is not cut into small pieces for it', async () => {
  const harness = await createHarness({ run: { pageSize: 3, concurrency: 1 } })
  const { world, api, now, database } = harness
  generate(world, {
    seed: 'few',
    jobs: 90,
    from: now() - 80 * DAY,
    to: now() - HOUR,
    fate: { stuckShare: 0 },
  })
  api.settings.intercept = ignored(...CREATED_AT)
  expect((await runOnce(harness)).requests).toBeLessThanOrEqual(200)
  expect(await compareWithWorld(database, world)).toEqual(EQUAL)
})

test.each(['project_id', 'configuration_id'])(
  'A22, A20: %s is ignored for an hour: no job outside of the scope is stored, no job is marked, and all is right afterwards',
  async (filter) => {
    const harness = await createHarness()
    const { world, now, api, database, worker } = harness
    const [ours, theirs] = [PROJECT, OTHER_PROJECT]
    const put = (id: string, scope: string, createdAt: number, index: number) =>
      world.put({ id, createdAt, fields: { status: index % 4 ? 'COMPLETED' : 'RUNNING', [filter]: scope } })
    for (let index = 0; index < 40; index += 1) {
      put(`ours-${index}`, ours, now() - HOUR - index * MINUTE, index)
      put(`theirs-${index}`, theirs, now() - HOUR - index * MINUTE, index)
    }
    const source = worker({}, filter === 'project_id' ? { projectId: ours } : { configurationId: ours })
    await runOnce(harness, { source })
    api.settings.intercept = ignored(filter)
    const wrong = [
      await reconciled(harness, { source }),
      ...(await cycles(harness, { during: HOUR, source })),
    ]
    expect(failures(wrong).at(0)).toMatch(new RegExp(`ignores the filter ${filter}`))
    api.settings.intercept = undefined
    put('ours-new', ours, now() + MINUTE, 1)
    expect(failures(await cycles(harness, { during: 6 * HOUR, every: HOUR, source }))).toEqual([])
    const { rows } = await database.pool.query<{ id: string }>('select id from llamacloud.classify_jobs')
    expect(rows.filter(({ id }) => !id.startsWith('ours'))).toEqual([])
    expect(rows).toHaveLength(41)
    expect([...(await markedIds(database)), ...(await heldIds(database))]).toEqual([])
  },
)

test('A20: an API that takes LLAMA_CLOUD_PROJECT_ID in another case, and returns its own, ignores no filter', async () => {
  const harness = await createHarness()
  const { world, now, api, database, worker } = harness
  const projectId = 'abcdef01-1111-4111-8111-111111111111'
  world.put({ id: 'job', createdAt: now() - HOUR, fields: { project_id: projectId } })
  // Of this one project only: to ignore the filter is to take it in any case.
  api.settings.intercept = ignored('project_id')
  const source = worker({}, { projectId: projectId.toUpperCase() })
  expect(failures([await runOnce(harness, { source })])).toEqual([])
  expect(await compareWithWorld(database, world)).toEqual(EQUAL)
})
