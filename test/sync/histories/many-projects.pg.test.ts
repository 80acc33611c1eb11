import { expect, test } from 'vitest'
import { DAY, HOUR, MINUTE } from '../../../src/values/instant.ts'
import { compareWithWorld, EQUAL } from '../../support/compare.ts'
import { createHarness } from '../../support/harness.ts'
import { cycles, failures, heldIds, markedIds, reconciled, requestsOf } from './support.ts'

const PROJECTS = 300

test('A8, A20: one job in each of 300 projects of a key vanishes; all are marked a day later, by a bounded number of requests', async () => {
  const harness = await createHarness({})
  const { world, now, database } = harness
  const ids = (which: string) => Array.from({ length: PROJECTS }, (_, index) => `${which}-${index}`)
  for (const which of ['kept', 'vanishing'])
    for (const [index, id] of ids(which).entries()) {
      const createdAt = now() - 3 * DAY + index * MINUTE
      world.put({ id, createdAt, fields: { status: 'COMPLETED', project_id: `project-${index}` } })
    }
  expect(failures([await reconciled(harness)])).toEqual([])
  for (const id of ids('vanishing')) world.remove(id)

  const first = await reconciled(harness)
  expect(failures([first])).toEqual([])
  expect(await heldIds(database)).toEqual(ids('vanishing').toSorted())
  // So many at once are believed a day later.
  const later = await cycles(harness, { during: DAY + HOUR, every: 20 * MINUTE })
  expect(failures(later)).toEqual([])
  expect(await markedIds(database)).toEqual(ids('vanishing').toSorted())
  expect(await compareWithWorld(database, world)).toEqual(EQUAL)
  expect(first.requests).toBeLessThan(20)
  expect(requestsOf(later)).toBeLessThan(2 * later.length)
})
