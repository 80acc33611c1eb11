import { expect, test } from 'vitest'
import { parse } from '../../../src/simulator/lists/parse.ts'
import { World } from '../../../src/simulator/world.ts'
import { HOUR, MINUTE } from '../../../src/values/instant.ts'
import { createHarness, text } from '../../support/harness.ts'

/** A parse job that has ended and is not billed yet, in a harness whose source is the list parse. */
async function unbilledJob() {
  const world: World = new World({ now: () => harness.now(), simulates: parse })
  const harness = await createHarness({ simulator: { others: [world] } })
  const { now } = harness
  const fields = { status: 'COMPLETED', updated_at: text(now()), usage: null }
  world.put({ id: 'pjb-1', createdAt: now() - MINUTE, fields })
  const source = () => harness.worker({}, { name: 'default/parse', list: 'parse' })
  const cycle = () => harness.sync(source())
  const stored = async (sql: string) => (await harness.database.pool.query(sql)).rows
  return { ...harness, world, cycle, stored }
}

test('a finished job without credits has its next time stored, whatever process saw it, and after a day none', async () => {
  const { cycle, advance, stored, now } = await unbilledJob()
  const end = text(now())
  const due = async () => {
    await cycle()
    const sql = `select extract(epoch from due_at - '${end}')::int / 60 as minutes from llamacloud_sync.rechecks`
    return (await stored(sql)).map((row) => (row as { minutes: number }).minutes)
  }
  expect(await due()).toEqual([10])
  for (const [wait, minutes] of [
    [9 * MINUTE, 10],
    [MINUTE, 60],
    [49 * MINUTE, 60],
    [MINUTE, 360],
    [5 * HOUR, 1440],
  ] as const) {
    advance(wait)
    expect(await due()).toEqual([minutes])
  }
  advance(18 * HOUR)
  expect(await due()).toEqual([])
})

test('credits that come late are stored, and end the schedule', async () => {
  const { world, cycle, advance, stored } = await unbilledJob()
  await cycle()
  expect(await stored('select list, jobs, credits, unbilled_jobs as open from llamacloud.job_costs')).toEqual(
    [{ list: 'parse', jobs: 1, credits: null, open: 1 }],
  )
  world.patch('pjb-1', { usage: { credits: 4.5 }, updated_at: undefined })
  advance(10 * MINUTE)
  await cycle()
  expect(await stored('select list, jobs, credits, unbilled_jobs as open from llamacloud.job_costs')).toEqual(
    [{ list: 'parse', jobs: 1, credits: 4.5, open: 0 }],
  )
  expect(await stored('select job_id from llamacloud_sync.rechecks')).toEqual([])
})
