import { expect, test } from 'vitest'
import { generate } from '../../../src/simulator/generate.ts'
import { DAY, HOUR, MINUTE, SECOND } from '../../../src/values/instant.ts'
import { compareWithWorld, EQUAL } from '../../support/compare.ts'
import { createHarness } from '../../support/harness.ts'
import { coverageOf } from '../../support/sync-tables.ts'
import { type Cycle, cycles, failures, runOnce } from './support.ts'

/** A worker's turn of 60 s; it is the others' turn for four minutes then. */
const TURN = { maxRuntimeMs: 60_000 }

test.each([1, 8])(
  'I8: replies take 20 s and jobs keep coming: the history comes to its end in turns, %s side by side',
  async (concurrency) => {
    const harness = await createHarness({ simulator: { latencyMs: 20_000 }, run: { concurrency } })
    const { world, now, advance, database, source } = harness
    generate(world, { seed: 'turns', jobs: 2_000, from: now() - 60 * DAY, to: now() - HOUR })
    // Enough that none is read again for nothing, and some that stay open.
    generate(world, { seed: 'stream', jobs: 9_000, from: now() - HOUR, to: now() + 8 * HOUR })
    const ran: Cycle[] = []
    const isCovered = async () => (await coverageOf(database)).coveredFrom <= source.options.startAt
    while (ran.length < 80 && !(ran.length > 0 && (await isCovered()))) {
      ran.push(await runOnce(harness, { limits: TURN }))
      advance(4 * MINUTE)
    }
    expect(failures(ran)).toEqual([])
    expect(await isCovered()).toBe(true)
    expect((await compareWithWorld(database, world)).surplus).toEqual([])
    // No turn takes much longer than it may.
    expect(Math.max(...ran.map(({ requests }) => requests)) * SECOND).toBeLessThan(100 * SECOND)
  },
)

test('I8: the head alone takes longer than a turn: open jobs, and what is missing, are asked for all the same', async () => {
  const harness = await createHarness({ simulator: { latencyMs: 5_000 } })
  const { world, now, advance, database } = harness
  const ids = [0, 1, 2, 3, 4].map((index) => `old-${index}`)
  for (const id of ids) world.put({ id, createdAt: now() - 3 * DAY, fields: { status: 'RUNNING' } })
  await runOnce(harness)
  advance(HOUR)
  await runOnce(harness)
  const [gone, ...others] = ids
  world.remove(gone!)
  for (const id of others) world.patch(id, { status: 'COMPLETED' })
  const ran = await cycles(harness, { during: DAY, limits: { maxRuntimeMs: 4_000 } })
  expect(failures(ran)).toEqual([])
  expect(await compareWithWorld(database, world)).toEqual(EQUAL)
})
