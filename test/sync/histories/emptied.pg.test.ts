import { expect, test } from 'vitest'
import { generate } from '../../../src/simulator/generate.ts'
import { loadSourceStates } from '../../../src/store/source-state.ts'
import { loadStatus } from '../../../src/store/status.ts'
import { acceptDeletions } from '../../../src/sync/recheck/accept.ts'
import { DAY, HOUR, MINUTE } from '../../../src/values/instant.ts'
import { compareWithWorld, EQUAL } from '../../support/compare.ts'
import { createHarness, type Harness } from '../../support/harness.ts'
import { idsAskedFor } from '../../support/sync-tables.ts'
import {
  cycles,
  dailyCounts,
  failures,
  heldIds,
  markedIds,
  reconciled,
  requestsOf,
  runOnce,
  UNLIMITED,
} from './support.ts'

/** Finished jobs and an open one, all of which are deleted upstream. */
async function emptied(): Promise<
  Harness & { readonly ids: readonly string[]; readonly warnings: string[] }
> {
  const harness = await createHarness()
  const { world, now, worker } = harness
  generate(world, {
    seed: 'emptied',
    jobs: 400,
    from: now() - 30 * DAY,
    to: now() - 2 * DAY,
    fate: { stuckShare: 0 },
  })
  world.put({ id: 'open', createdAt: now() - DAY, fields: { status: 'RUNNING' } })
  const warnings: string[] = []
  const log = { debug: () => {}, info: () => {}, warn: (_: object, text: string) => warnings.push(text) }
  const source = worker({ log })
  await runOnce(harness, { source })
  const ids = [...world.all()].map((job) => (job as { id: string }).id).toSorted()
  for (const id of ids) world.remove(id)
  await reconciled(harness, { source })
  return { ...harness, source, ids, warnings }
}

test('A15, A18: all of a project goes: held, however long, and status, metrics and each run say so', async () => {
  const harness = await emptied()
  const { database, source, ids, warnings } = harness
  expect(await heldIds(database)).toEqual(ids)
  for (const every of [30 * MINUTE, 6 * HOUR]) {
    warnings.length = 0
    const ran = await cycles(harness, { source, during: 8 * every, every })
    expect(failures(ran)).toEqual([])
    expect(warnings.filter((text) => text.includes('accept-deletions default --expect 401'))).toHaveLength(8)
    expect(await heldIds(database)).toEqual(ids)
    expect(await markedIds(database)).toEqual([])
  }
  await cycles(harness, { source, during: 30 * DAY, every: DAY })
  expect(await markedIds(database)).toEqual([])
  expect(await loadStatus(database.pool)).toMatchObject([{ held: 401 }])
  expect(await loadSourceStates(database.pool, ['default'])).toMatchObject([{ held: 401 }])
  const { rows } = await database.pool.query('select held_jobs from llamacloud.sync_freshness')
  expect(rows).toEqual([{ held_jobs: 401 }])
})

test('accept-deletions believes it at once, and nothing is dark any more', async () => {
  const harness = await emptied()
  const { database, source, world, now, ids } = harness
  const counts = await dailyCounts(database)
  harness.advance(HOUR)
  const accepted = await acceptDeletions(source, ids.length, UNLIMITED)
  expect(accepted).toMatchObject({ outcome: 'succeeded', counts: { deletions: ids.length } })
  expect(await markedIds(database)).toEqual(ids)
  expect(await dailyCounts(database)).toEqual(counts)
  const ran = await cycles(harness, { source, during: 9 * DAY, every: 3 * HOUR })
  expect(failures(ran)).toEqual([])
  expect(await heldIds(database)).toEqual([])
  expect(await loadStatus(database.pool)).toMatchObject([{ darkSince: null }])
  // The head, what is gone a few times, and empty spans.
  expect(requestsOf(ran)).toBeLessThanOrEqual(3 * ran.length)

  // The project is used again, and one of those that went is back.
  world.restore(ids[7]!)
  world.put({ id: 'new', createdAt: now(), fields: { status: 'COMPLETED' } })
  harness.advance(10 * MINUTE)
  await reconciled(harness, { source })
  expect(await compareWithWorld(database, world)).toEqual(EQUAL)
})

test('A18: it was dark only: what is held is back, and what really went meanwhile is marked', async () => {
  const harness = await emptied()
  const { database, source, world, ids } = harness
  await cycles(harness, { source, during: DAY, every: 2 * HOUR })
  const [gone, ...back] = ids
  for (const id of back) world.restore(id)
  const ran = await cycles(harness, { source, during: DAY, every: HOUR })
  expect(failures(ran)).toEqual([])
  expect(await markedIds(database)).toEqual([gone])
  expect(await heldIds(database)).toEqual([])
  expect(await compareWithWorld(database, world)).toEqual(EQUAL)
})

test('A18, I11: the longer a project shows nothing, the more rarely its finished jobs are asked for', async () => {
  const harness = await emptied()
  const { source, api } = harness
  await cycles(harness, { source, during: 20 * DAY, every: 6 * HOUR })
  api.requests.reset()
  await cycles(harness, { source, during: 4 * DAY, every: 2 * HOUR })
  const asked = api.requests.entries.flatMap((request) => idsAskedFor(request) ?? [])
  const often = [...Map.groupBy(asked, (id) => id)].filter(([, times]) => times.length > 4)
  // The canaries and the open one, which is asked for as ever.
  expect(often.length).toBeLessThanOrEqual(51)
})
