import { expect, test } from 'vitest'
import { batches } from '../../../src/simulator/lists/batches.ts'
import { World } from '../../../src/simulator/world.ts'
import { DAY, HOUR, MINUTE, SECOND } from '../../../src/values/instant.ts'
import { createHarness } from '../../support/harness.ts'
import { cycles, failures, reconciled, runOnce, verified } from './support.ts'

const OPEN = 400

test('I11: 400 open jobs of a list that takes no ids are asked for where they were created, not each by a listing of its own', async () => {
  const world: World = new World({ now: () => harness.now(), simulates: batches })
  const harness = await createHarness({ simulator: { others: [world] } })
  const { now, database, advance } = harness
  const source = harness.worker({}, { name: 'default/batches', list: 'batches' })
  // One in three is done already, and one is alone, a month ago.
  for (let index = 0; index < 1.5 * OPEN; index += 1) {
    const status = index % 3 === 0 ? 'COMPLETED' : 'RUNNING'
    world.put({ id: `job-${index}`, createdAt: now() - 2 * HOUR + index * SECOND, fields: { status } })
  }
  world.put({ id: 'alone', createdAt: now() - 30 * DAY, fields: { status: 'RUNNING' } })
  expect(failures([await runOnce(harness, { source })])).toEqual([])
  advance(HOUR)
  const asked = await runOnce(harness, { source })
  expect(failures([asked])).toEqual([])
  expect(asked.requests).toBeLessThan(20)

  const gone = 'job-100'
  world.remove(gone)
  for (let index = 0; index < 1.5 * OPEN; index += 1)
    if (index % 3 !== 0 && `job-${index}` !== gone) world.patch(`job-${index}`, { status: 'COMPLETED' })
  world.patch('alone', { status: 'FAILED' })
  // verify asks for what differs once more, in the same way.
  const before = harness.api.requests.total
  expect((await verified(source)).differences).toEqual([])
  expect(harness.api.requests.total - before).toBeLessThan(40)
  expect(failures(await cycles(harness, { source, during: 6 * HOUR, every: 20 * MINUTE }))).toEqual([])
  const { rows } = await database.pool.query(
    'select status, deleted_at is not null as gone, count(*)::int as jobs from llamacloud.batches group by 1, 2 order by 1, 2',
  )
  expect(rows).toEqual([
    { status: 'COMPLETED', gone: false, jobs: 1.5 * OPEN - 1 },
    { status: 'FAILED', gone: false, jobs: 1 },
    { status: 'RUNNING', gone: true, jobs: 1 },
  ])
})

test('A5, I8: an API leaves out the first item of each further page: of a list that takes no ids no job is marked for that', async () => {
  const world: World = new World({ now: () => harness.now(), simulates: batches })
  const harness = await createHarness({ simulator: { others: [world] } })
  const { now, database, api } = harness
  const source = harness.worker({}, { name: 'default/batches', list: 'batches' })
  for (let index = 0; index < 250; index += 1)
    world.put({
      id: `job-${index}`,
      createdAt: now() - 2 * DAY + index * SECOND,
      fields: { status: 'COMPLETED' },
    })
  expect(failures([await runOnce(harness, { source })])).toEqual([])
  api.settings.intercept = ({ url, query }) =>
    url.pathname.includes('batches') && query.has('page_token')
      ? { kind: 'page', change: (page) => ({ ...page, items: page.items.slice(1) }) }
      : undefined
  // They are asked for in one listing with the 101st that lives, which is left out there as well.
  world.remove('job-0')
  world.remove('job-50')
  const gone = async () => {
    const { rows } = await database.pool.query<{ id: string }>(
      'select id from llamacloud.batches where deleted_at is not null order by id',
    )
    return rows.map(({ id }) => id)
  }
  expect(failures([await reconciled(harness, { source })])).toEqual([])
  await cycles(harness, {
    source,
    during: 3 * HOUR,
    every: 20 * MINUTE,
    each: async () => {
      expect(['job-0', 'job-50']).toEqual(expect.arrayContaining(await gone()))
    },
  })
  expect(await gone()).toEqual(['job-0', 'job-50'])
})
