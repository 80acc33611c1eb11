import { expect, test } from 'vitest'
import { DAY, HOUR, MINUTE } from '../../../src/values/instant.ts'
import { createHarness } from '../../support/harness.ts'
import { cycles, failures, markedIds, OTHER_PROJECT, PROJECT, reconciled } from './support.ts'

test('A8, A9, I8: all jobs move to another project, and some are deleted before they were seen there: those are marked', async () => {
  const harness = await createHarness()
  const { world, now, database, sync } = harness
  const ids = Array.from({ length: 120 }, (_, index) => `job-${index}`)
  for (const [index, id] of ids.entries()) {
    const fields = { status: 'COMPLETED', project_id: PROJECT }
    world.put({ id, createdAt: now() - 10 * DAY + index * MINUTE, fields })
  }
  await sync()
  for (const id of ids) world.patch(id, { project_id: OTHER_PROJECT })
  const deleted = ids.slice(0, 5)
  for (const id of deleted) world.remove(id)
  expect((await reconciled(harness)).error).toBeNull()
  expect(failures(await cycles(harness, { during: 3 * HOUR, every: HOUR }))).toEqual([])
  expect(await markedIds(database)).toEqual(deleted)
})
