import { expect, test } from 'vitest'
import { DAY, HOUR, MINUTE } from '../../../src/values/instant.ts'
import { compareWithWorld, EQUAL } from '../../support/compare.ts'
import { createHarness, type Harness } from '../../support/harness.ts'
import { idsAskedFor, isOfSpan, missesOf } from '../../support/sync-tables.ts'
import { filled, idsOf } from './reconcile-support.ts'

/** The ids that a sync asks for, sorted. */
async function askedBy({ api, sync }: Harness): Promise<string[]> {
  api.requests.reset()
  await sync()
  return api.requests.entries.flatMap((request) => idsAskedFor(request) ?? []).toSorted()
}

test('A15: the oldest jobs are asked for once a day, by one request: what retention takes is noticed, whatever is read again', async () => {
  const harness = await filled(250)
  const { world, database, advance } = harness
  const oldest = idsOf(world).slice(0, 99)
  advance(DAY + HOUR)
  const asked = await askedBy(harness)
  // Beside them one that is known to be there.
  expect(asked).toHaveLength(100)
  expect(asked).toEqual(expect.arrayContaining(oldest))
  advance(DAY - MINUTE)
  expect(await askedBy(harness)).toEqual([])
  const gone = oldest.slice(0, 5)
  for (const id of gone) world.remove(id)
  advance(MINUTE)
  expect(await askedBy(harness)).toEqual(expect.arrayContaining(gone))
  expect(await missesOf(database)).toEqual(Object.fromEntries(gone.map((id) => [id, 1])))
})

test('I2: when half of the canaries have gone from the table everything is read again; some alone are no alarm', async () => {
  const harness = await filled(250)
  const { world, api, database, sync } = harness
  const rereads = async () => {
    api.requests.reset()
    await sync()
    return api.requests.entries.some(({ query }) => isOfSpan(query))
  }
  const deleteRows = (part: number) =>
    database.pool.query('delete from llamacloud.classify_jobs where mod(abs(hashtext(id)), 10) < $1', [part])
  await deleteRows(2)
  expect(await rereads()).toBe(false)
  await deleteRows(9)
  expect(await rereads()).toBe(true)
  expect(await compareWithWorld(database, world)).toEqual(EQUAL)
})

test('I12: jobs that the database refuses were never stored: that they are not is no alarm', async () => {
  const harness = await createHarness()
  const { world, api, database, now, sync } = harness
  await database.pool.query(
    `alter table llamacloud.classify_jobs add constraint theirs check (id not in ('job-1', 'job-2'))`,
  )
  for (const index of [0, 1, 2]) world.put({ id: `job-${index}`, createdAt: now() - DAY + index * MINUTE })
  await sync()
  api.requests.reset()
  await sync()
  expect(api.requests.entries.filter(({ query }) => isOfSpan(query))).toEqual([])
})
