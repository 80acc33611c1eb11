import { expect, test } from 'vitest'
import { HOUR, MINUTE } from '../../../src/values/instant.ts'
import { compareWithWorld, EQUAL } from '../../support/compare.ts'
import { createHarness } from '../../support/harness.ts'
import { cycles, failures } from './support.ts'

test.each([50, 25, 4, 1])(
  'I8: the API returns %s jobs a page at most, whatever is asked for: open jobs are right a cycle after they ended',
  async (most) => {
    const harness = await createHarness()
    const { world, now, api, database, sync } = harness
    for (let index = 0; index < 130; index += 1)
      world.put({ id: `job-${index}`, createdAt: now() - HOUR - index, fields: { status: 'RUNNING' } })
    await sync()
    api.settings.intercept = ({ query }) => {
      query.set('page_size', String(Math.min(most, Number(query.get('page_size')))))
      return undefined
    }
    for (let index = 0; index < 130; index += 1) world.patch(`job-${index}`, { status: 'COMPLETED' })
    expect(failures(await cycles(harness, { during: 10 * MINUTE }))).toEqual([])
    expect(await compareWithWorld(database, world)).toEqual(EQUAL)
  },
)
