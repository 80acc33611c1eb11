import { expect, test } from 'vitest'
import { generate } from '../../../src/simulator/generate.ts'
import { DAY, HOUR, MINUTE } from '../../../src/values/instant.ts'
import { compareWithWorld, EQUAL } from '../../support/compare.ts'
import { createHarness } from '../../support/harness.ts'
import { poisonIds, type Refusal } from '../../support/upstream-faults.ts'
import {
  cycles,
  failures,
  heldIds,
  markedIds,
  OTHER_PROJECT,
  PROJECT,
  quarantinedIds,
  requestsOf,
  runOnce,
} from './support.ts'

/** A project in which nothing happens any more, and its canaries. */
async function quiet() {
  const harness = await createHarness()
  const { world, now, database } = harness
  const span = { from: now() - 30 * DAY, to: now() - 2 * DAY, fate: { stuckShare: 0 } }
  generate(world, { seed: 'quiet', jobs: 300, projectId: PROJECT, ...span })
  // As many as one request asks for: there is no room for a few canaries beside them.
  const open = Array.from({ length: 100 }, (_, index) => `open-${index}`).toSorted()
  const fields = { project_id: PROJECT, status: 'RUNNING' }
  world.put(...open.map((id, index) => ({ id, createdAt: now() - 3 * DAY - index * MINUTE, fields })))
  await runOnce(harness)
  await cycles(harness, { during: 2 * DAY, every: 6 * HOUR })
  const canaries = async () => {
    const { rows } = await database.pool.query<{ canaries: string[] }>(
      'select canaries from llamacloud_sync.source_projects',
    )
    return rows.flatMap((row) => row.canaries)
  }
  return { ...harness, open, canaries }
}

test.each<[Refusal, number]>([
  [500, 1],
  [422, 3],
  ['hang', 1],
])(
  'A19, I12: %s for %s of the canaries: what vanishes is marked in time, and no run fails',
  async (how, count) => {
    const harness = await quiet()
    const { world, api, database, open } = harness
    const canaries = (await harness.canaries()).filter((id) => !open.includes(id))
    const poisoned = canaries.filter((_, index) => index % 10 === 0).slice(0, count)
    expect(poisoned).toHaveLength(count)
    api.settings.intercept = poisonIds(poisoned, how)
    for (const id of open) world.remove(id)
    const first = await cycles(harness, { during: 6 * HOUR, every: 6 * HOUR })
    expect(await heldIds(database)).toEqual(open)
    const ran = await cycles(harness, { during: 32 * HOUR, every: HOUR })
    expect(failures([...first, ...ran])).toEqual([])
    expect(await markedIds(database)).toEqual(open)
    expect(poisoned).toEqual(expect.arrayContaining(await quarantinedIds(database)))
    // They are looked for now and then, not in each cycle.
    expect(requestsOf(ran)).toBeLessThanOrEqual(6 * ran.length)
  },
)

test('A19, I11, I12: the newest job has ended and makes requests fail: it is found once, and others are not asked for beside it again', async () => {
  const harness = await createHarness()
  const { world, api, now, database } = harness
  world.put({ id: 'open', createdAt: now() - 2 * HOUR, fields: { status: 'RUNNING' } })
  world.put({ id: 'old', createdAt: now() - 30 * HOUR, fields: { status: 'COMPLETED' } })
  await runOnce(harness)
  world.put({ id: 'newest', createdAt: now(), fields: { status: 'COMPLETED' } })
  await cycles(harness, { during: 2 * HOUR })
  api.settings.intercept = poisonIds(['newest'], 500)
  const ran = await cycles(harness, { during: 6 * HOUR })
  expect(failures(ran)).toEqual([])
  expect(await quarantinedIds(database)).toEqual(['newest'])
  // Once the retries of a request and the search; later the head, the open job, and a try of what is set aside.
  expect(ran.filter(({ requests }) => requests > 3)).toHaveLength(1)
  api.settings.intercept = undefined
  await cycles(harness, { during: DAY, every: HOUR })
  expect(await quarantinedIds(database)).toEqual([])
})

test('A19, A20: a key that sees more is told from a wrong one, although one of the canaries cannot be asked for', async () => {
  const harness = await quiet()
  const { world, api, now, database } = harness
  const [poisoned = ''] = await harness.canaries()
  api.settings.intercept = poisonIds([poisoned], 500)
  const span = { from: now() - HOUR, to: now(), fate: { stuckShare: 0 } }
  generate(world, { seed: 'theirs', jobs: 50, projectId: OTHER_PROJECT, ...span })
  const ran = await cycles(harness, { during: 2 * HOUR, every: 30 * MINUTE })
  expect(failures(ran)).toEqual([])
  api.settings.intercept = undefined
  await cycles(harness, { during: DAY, every: 2 * HOUR })
  expect(await compareWithWorld(database, world)).toEqual(EQUAL)
})
