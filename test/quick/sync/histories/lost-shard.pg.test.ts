import { expect, test } from 'vitest'
import { generate } from '../../../../src/simulator/generate.ts'
import { DAY, HOUR, MILLISECOND, MINUTE } from '../../../../src/values/instant.ts'
import { compareWithWorld, EQUAL } from '../../../support/compare.ts'
import { createHarness } from '../../../support/harness.ts'
import { lostShard } from '../../../support/upstream-faults.ts'
import { cycles, failures, markedIds, reconciled } from './support.ts'

test.each([
  ['while nothing else goes on', false],
  ['while everything is due', true],
])('A18: a sixth of the jobs does not show for 20 minutes, %s', async (_name, reconciles) => {
  const harness = await createHarness({ run: { reconcileEveryMs: (7 * DAY) / MILLISECOND } })
  const { world, now, database, sync } = harness
  generate(world, {
    seed: 'shard',
    jobs: 1_200,
    from: now() - 12 * HOUR,
    to: now() + 12 * HOUR,
    fate: { stuckShare: 0, medianDuration: 20 * MINUTE },
  })
  await sync()
  await cycles(harness, { during: 30 * MINUTE })
  const [from, to] = [now() + MINUTE, now() + 21 * MINUTE]
  world.hide(lostShard(1 / 6, { from, to }))
  const dark = await cycles(harness, { during: 20 * MINUTE })
  if (reconciles) dark.push(await reconciled(harness))
  expect(failures(dark)).toEqual([])
  expect(await markedIds(database)).toEqual([])

  // A cycle after its end everything that was known is right again, …
  harness.advance(to - now() + 1)
  const after = await cycles(harness, { during: 5 * MINUTE })
  expect((await compareWithWorld(database, world)).different).toEqual([])
  // … and what was created meanwhile is there when its span was read again.
  after.push(...(await cycles(harness, { during: 90 * MINUTE })))
  expect(failures(after)).toEqual([])
  expect(await compareWithWorld(database, world)).toEqual(EQUAL)

  // Nor is it forgotten that nothing had gone.
  await cycles(harness, { during: 2 * DAY, every: 2 * HOUR })
  expect(await markedIds(database)).toEqual([])
  expect(await compareWithWorld(database, world)).toEqual(EQUAL)
})
