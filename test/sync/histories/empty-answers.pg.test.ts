import { expect, test } from 'vitest'
import { DAY, MINUTE } from '../../../src/values/instant.ts'
import { compareWithWorld, EQUAL } from '../../support/compare.ts'
import { createHarness } from '../../support/harness.ts'
import { emptyAnswers } from '../../support/upstream-faults.ts'
import { cycles, failures, markedIds, putRunning } from './support.ts'

test.each([2])(
  'A18, I8: every request by id but each %sth is answered without any job: none that lives is marked, what is gone is',
  async (each) => {
    const harness = await createHarness()
    const { world, now, api, database, sync } = harness
    putRunning(harness, 150)
    await sync()
    const gone = ['job-20', 'job-90']
    for (const id of gone) world.remove(id)
    // New ones arrive all the time: the lists show the project.
    for (let at = now() + MINUTE; at < now() + 2 * DAY; at += 10 * MINUTE)
      world.put({ id: `new-${at}`, createdAt: at })
    api.settings.intercept = emptyAnswers(each)
    const ran = await cycles(harness, {
      during: 2 * DAY,
      every: 20 * MINUTE,
      each: async () => expect(gone).toEqual(expect.arrayContaining(await markedIds(database))),
    })
    expect(failures(ran)).toEqual([])
    expect(await markedIds(database)).toEqual(gone)
    expect(await compareWithWorld(database, world)).toEqual(EQUAL)
  },
)
