import { expect, test } from 'vitest'
import { generate } from '../../../../src/simulator/generate.ts'
import { DAY, HOUR, MILLISECOND, MINUTE } from '../../../../src/values/instant.ts'
import { compareWithWorld, EQUAL } from '../../../support/compare.ts'
import { createHarness } from '../../../support/harness.ts'
import { darkness } from '../../../support/upstream-faults.ts'
import { cycles, failures, markedIds, reconciled, verified } from './support.ts'

test.each([
  ['30 minutes', 30 * MINUTE, (7 * DAY) / MILLISECOND],
  ['30 minutes, without reconciles', 30 * MINUTE, null],
  ['3 hours, without reconciles', 3 * HOUR, null],
])(
  'A18: every list and every request by id is empty for %s: nothing is marked, nothing is lost',
  async (_name, time, reconcileEveryMs) => {
    const harness = await createHarness({ run: { reconcileEveryMs } })
    const { world, now, database, source, sync } = harness
    generate(world, {
      seed: 'dark',
      jobs: 1_200,
      from: now() - 20 * DAY,
      to: now() + 3 * DAY,
      arrival: 'bursty',
      fate: { stuckShare: 0.01, medianDuration: 20 * MINUTE },
    })
    const first = Array.from({ length: 5 }, (_, index) => ({ id: `open-${index}`, createdAt: now() - HOUR }))
    world.put(...first)
    // One in each minute of the darkness, finished at once.
    const minutes = Array.from({ length: time / MINUTE }, (_, index) => now() + 65 * MINUTE + index * MINUTE)
    world.put(
      ...minutes.map((createdAt) => ({
        id: `dark-${createdAt}`,
        createdAt,
        fields: { status: 'COMPLETED' },
      })),
    )
    await sync()
    await cycles(harness, { during: HOUR })
    const from = now() + MINUTE
    world.hide(darkness({ from, to: from + time }))
    const dark = await cycles(harness, { during: time })
    dark.push(await reconciled(harness))
    expect(failures(dark)).toEqual([])
    expect(await markedIds(database)).toEqual([])
    const { rows } = await database.pool.query('select dark_since from llamacloud_sync.sources')
    expect(rows[0].dark_since).not.toBeNull()

    const after = await cycles(harness, { during: 2 * HOUR })
    expect((await compareWithWorld(database, world)).different).toEqual([])
    const lit = await database.pool.query('select dark_since from llamacloud_sync.sources')
    expect(lit.rows[0].dark_since).toBeNull()
    after.push(...(await cycles(harness, { during: DAY, every: 30 * MINUTE })))
    expect(failures(after)).toEqual([])
    expect(await compareWithWorld(database, world)).toEqual(EQUAL)
    expect(await markedIds(database)).toEqual([])
    expect((await verified(source)).differences).toEqual([])
  },
)

test('A18: the very first sync falls into the darkness: the history is there a day later', async () => {
  const harness = await createHarness({ run: { reconcileEveryMs: null } })
  const { world, now, database, sync } = harness
  generate(world, {
    seed: 'first',
    jobs: 900,
    from: now() - 40 * DAY,
    to: now() + DAY,
    fate: { stuckShare: 0 },
  })
  world.hide(darkness({ from: now() - 1, to: now() + 12 * MINUTE }))
  await sync()
  await cycles(harness, { during: 10 * MINUTE })
  await cycles(harness, { during: DAY + 2 * HOUR, every: 30 * MINUTE })
  expect(await compareWithWorld(database, world)).toEqual(EQUAL)
})
