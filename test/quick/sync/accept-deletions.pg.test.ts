import { expect, test } from 'vitest'
import { SettingsError } from '../../../src/errors.ts'
import { loadSourceStates, wasSyncedSince } from '../../../src/store/source-state.ts'
import { acceptDeletions } from '../../../src/sync/recheck/accept.ts'
import { DAY, HOUR, SECOND } from '../../../src/values/instant.ts'
import { createHarness } from '../../support/harness.ts'
import { cycles, heldIds, markedIds, reconciled, UNLIMITED } from '../../sync/histories/support.ts'

const JOBS = 200
const DELETED = 120

/** More jobs are missing than are believed to be gone before a day has passed. */
async function cleanedUp() {
  const harness = await createHarness()
  const { world, now, sync, database } = harness
  const ids = Array.from({ length: JOBS }, (_, index) => `job-${String(index).padStart(3, '0')}`)
  for (const [index, id] of ids.entries()) {
    world.put({ id, createdAt: now() - 2 * DAY + index * SECOND, fields: { status: 'COMPLETED' } })
  }
  await sync()
  const deleted = ids.slice(0, DELETED)
  for (const id of deleted) world.remove(id)
  await reconciled(harness)
  await cycles(harness, { during: 2 * HOUR, every: HOUR })
  expect(await heldIds(database)).toEqual(deleted)
  expect(await markedIds(database)).toEqual([])
  return { ...harness, deleted }
}

test('what is held is marked at once when it is as much as expected; with another number nothing is changed', async () => {
  const { source, database, deleted } = await cleanedUp()
  for (const expected of [DELETED - 1, DELETED + 1]) {
    const refused = acceptDeletions(source, expected, UNLIMITED)
    await expect(refused).rejects.toThrow(SettingsError)
    await expect(refused).rejects.toThrow(
      /Missing jobs of the source "default": 120, not \d+.*accept-deletions default --expect 120/,
    )
    await expect(refused).rejects.toMatchObject({ exitCode: 2 })
    expect(await markedIds(database)).toEqual([])
    expect(await heldIds(database)).toEqual(deleted)
  }
  const result = await acceptDeletions(source, DELETED, UNLIMITED)
  expect(result).toMatchObject({ outcome: 'succeeded', requests: 0, counts: { deletions: DELETED } })
  expect(await markedIds(database)).toEqual(deleted)
  expect(await heldIds(database)).toEqual([])
  await expect(acceptDeletions(source, DELETED, UNLIMITED)).rejects.toThrow(
    /Missing jobs of the source "default": 0/,
  )
  const { rows } = await database.pool.query(
    `select outcome, deletions from llamacloud_sync.runs where kind = 'accept-deletions' order by id`,
  )
  expect(rows.map(({ outcome, deletions }) => [outcome, deletions])).toEqual([
    ['failed', 0],
    ['failed', 0],
    ['succeeded', DELETED],
    ['failed', 0],
  ])
})

test('a clean-up of many jobs stops between two transactions when it is told to, and the rest stays held', async () => {
  const { database, worker } = await cleanedUp()
  await database.pool.query(
    `insert into llamacloud_sync.rechecks (source, job_id, noted_at, due_at, missed_at)
    select 'default', 'unknown-' || number, now(), now(), now() from generate_series(1, 4000) as number`,
  )
  const stop = new AbortController()
  const source = worker({ onCounts: () => stop.abort() })
  const ended = await acceptDeletions(source, DELETED + 4_000, { ...UNLIMITED, signal: stop.signal })
  expect(ended).toMatchObject({ outcome: 'stopped' })
  expect((await heldIds(database)).length).toBe(DELETED + 2_000)
})

test('I13: a job that was accepted as deleted and comes back loses its mark; to accept is no sync', async () => {
  const harness = await cleanedUp()
  const { source, world, database, deleted, now } = harness
  harness.advance(HOUR)
  const [before] = await loadSourceStates(database.pool, [source.name])
  await acceptDeletions(source, DELETED, UNLIMITED)
  const [after] = await loadSourceStates(database.pool, [source.name])
  expect(after!.successAge).toBeGreaterThanOrEqual(before!.successAge!)
  expect(await wasSyncedSince(database.pool, source.name, 60_000)).toBe(false)

  const [back, ...gone] = deleted
  world.put({ id: back!, createdAt: now() - 2 * DAY, fields: { status: 'COMPLETED' } })
  await cycles(harness, { during: 2 * HOUR, every: HOUR })
  expect(await markedIds(database)).toEqual(gone)
})
