import { expect, test } from 'vitest'
import { generate } from '../../../../src/simulator/generate.ts'
import { DAY, HOUR, MINUTE } from '../../../../src/values/instant.ts'
import { createHarness } from '../../../support/harness.ts'
import { totalCounts } from '../../../support/sync-tables.ts'
import { volatileField } from '../../../support/upstream-faults.ts'
import { cycles, failures, reconciled, rowVersions, verified } from './support.ts'

test('A21, I5: an unknown field differs at each reading: no row of a finished job is written again, no change is noted', async () => {
  const harness = await createHarness()
  const { world, now, api, database, source, advance, sync } = harness
  generate(world, {
    seed: 'volatile',
    jobs: 400,
    from: now() - 20 * DAY,
    to: now() - MINUTE,
    fate: { stuckShare: 0, longDuration: 30_000_000 },
  })
  api.settings.intercept = volatileField()
  await sync()
  const rows = await rowVersions(database)
  const changes = 'select count(*)::int as count from llamacloud.classify_job_changes'
  const { rows: noted } = await database.pool.query(changes)
  const ran = await cycles(harness, { during: 30 * MINUTE })
  for (let time = 0; time < 3; time += 1) {
    advance(DAY)
    ran.push(await reconciled(harness))
  }
  ran.push(...(await cycles(harness, { during: HOUR })))
  expect(failures(ran)).toEqual([])
  expect(await rowVersions(database)).toEqual(rows)
  expect((await database.pool.query(changes)).rows).toEqual(noted)
  expect(await totalCounts(database)).toMatchObject({ updated: 0, repairs: 0, inserted: 400 })
  expect((await verified(source)).differences).toEqual([])
})

test('A21: one that is open is stored with the field as it was when the job last changed', async () => {
  const harness = await createHarness()
  const { world, now, api, database, sync } = harness
  world.put({
    id: 'job',
    createdAt: now() - HOUR,
    fields: { status: 'RUNNING' },
    steps: [{ at: now() + 12 * MINUTE, changes: { status: 'COMPLETED' } }],
  })
  api.settings.intercept = volatileField()
  await sync()
  await cycles(harness, { during: 20 * MINUTE })
  const { rows } = await database.pool.query(
    `select status, extra ? 'preview' as kept from llamacloud.classify_jobs`,
  )
  expect(rows).toEqual([{ status: 'COMPLETED', kept: true }])
})
