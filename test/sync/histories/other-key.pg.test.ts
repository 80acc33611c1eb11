import { describe, expect, test } from 'vitest'
import { generate } from '../../../src/simulator/generate.ts'
import { DAY, HOUR, MINUTE } from '../../../src/values/instant.ts'
import { compareWithWorld, EQUAL } from '../../support/compare.ts'
import { createHarness, type Harness } from '../../support/harness.ts'
import { countJobs, coverageOf } from '../../support/sync-tables.ts'
import { keyOf } from '../../support/upstream-faults.ts'
import {
  type Cycle,
  cycles,
  failures,
  heldIds,
  markedIds,
  OTHER_PROJECT,
  PROJECT,
  reconciled,
  rowVersions,
  runOnce,
} from './support.ts'

interface TwoProjects extends Harness {
  readonly replaceKey: (project: string) => void
}

/** Two projects in which jobs are created all the time, and a source that has synced the first. */
async function twoProjects(others = 300): Promise<TwoProjects> {
  const harness = await createHarness()
  const { world, now, sync } = harness
  const span = { from: now() - 20 * DAY, to: now() + 12 * DAY, fate: { stuckShare: 0 } }
  generate(world, { seed: 'ours', jobs: 200, projectId: PROJECT, ...span })
  if (others > 0) generate(world, { seed: 'theirs', jobs: others, projectId: OTHER_PROJECT, ...span })
  const replaceKey = keyOf(world, PROJECT)
  world.put({ id: 'open', createdAt: now() - MINUTE, fields: { project_id: PROJECT } })
  await sync()
  return { ...harness, replaceKey }
}

function namesBoth({ outcome, error }: Cycle): void {
  expect(outcome).toBe('failed')
  expect(error!.name).toBe('WrongProjectError')
  expect(error!.message).toContain(PROJECT)
  expect(error!.message).toContain(OTHER_PROJECT)
}

describe('A20: the key is replaced by one of another project', () => {
  test('nothing is stored, the error names both projects, and with the right key it goes on', async () => {
    const harness = await twoProjects()
    const { world, database, advance, replaceKey } = harness
    const [rows, covered] = [await rowVersions(database), await coverageOf(database)]
    replaceKey(OTHER_PROJECT)
    for (const run of [runOnce, reconciled, runOnce]) {
      advance(6 * HOUR)
      namesBoth(await run(harness))
      expect(await rowVersions(database)).toEqual(rows)
      expect(await coverageOf(database)).toEqual(covered)
      expect(await heldIds(database)).toEqual([])
    }
    replaceKey(PROJECT)
    const right = await cycles(harness, { during: 2 * DAY, every: 3 * HOUR })
    expect(failures(right)).toEqual([])
    expect(await markedIds(database)).toEqual([])
    expect(await compareWithWorld(database, world)).toEqual(EQUAL)
  })

  test('also where the other project has one job only, and it is in no part of the list that is due', async () => {
    const harness = await twoProjects(0)
    const { world, now, database, advance, replaceKey } = harness
    world.put({ id: 'theirs', createdAt: now() - 5 * DAY, fields: { project_id: OTHER_PROJECT } })
    replaceKey(OTHER_PROJECT)
    const before = await countJobs(database)
    await cycles(harness, { during: 2 * DAY, every: 3 * HOUR })
    advance(HOUR)
    namesBoth(await reconciled(harness))
    expect(await countJobs(database)).toBe(before)
    expect(await markedIds(database)).toEqual([])
    replaceKey(PROJECT)
    await cycles(harness, { during: 2 * DAY, every: 3 * HOUR })
    expect(await markedIds(database)).toEqual([])
    expect(await compareWithWorld(database, world)).toEqual(EQUAL)
  })

  test.each([
    ['', false],
    [', also where no canary is left', true],
  ])(
    'a key that sees more projects than before is no wrong key%s: all of it is stored',
    async (_, isLapsed) => {
      const harness = await createHarness()
      const { world, now, database, advance, sync } = harness
      const span = { from: now() - 20 * DAY, to: now(), fate: { stuckShare: 0 } }
      generate(world, { seed: 'ours', jobs: 200, projectId: PROJECT, ...span })
      await sync()
      if (isLapsed) await database.pool.query(`update llamacloud_sync.source_projects set canaries = '{}'`)
      advance(HOUR)
      // The head brings nothing but the other project's.
      generate(world, {
        seed: 'theirs',
        jobs: 250,
        projectId: OTHER_PROJECT,
        from: now() - HOUR,
        to: now(),
        fate: { stuckShare: 0 },
      })
      expect(failures([await runOnce(harness)])).toEqual([])
      await cycles(harness, { during: 2 * HOUR })
      expect(await compareWithWorld(database, world)).toEqual(EQUAL)
    },
  )

  test('also after ten days without a cycle, of which the other project has jobs', async () => {
    const harness = await twoProjects()
    const { database, advance, replaceKey } = harness
    const before = await countJobs(database)
    replaceKey(OTHER_PROJECT)
    advance(10 * DAY)
    namesBoth(await runOnce(harness))
    expect(await countJobs(database)).toBe(before)
  })
})
