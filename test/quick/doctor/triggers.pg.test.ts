import { expect, test } from 'vitest'
import { checkTriggers } from '../../../src/doctor/triggers.ts'
import { HOUR } from '../../../src/values/instant.ts'
import { createHarness } from '../../support/harness.ts'

const TABLE = 'llamacloud.classify_jobs'

test.each([
  `alter table ${TABLE} disable trigger user`,
  `drop trigger mark_inserted on ${TABLE}; drop trigger mark_updated on ${TABLE}`,
])(
  'triggers that mark written days are off (%s): doctor says so, and its cure mends the statistics',
  async (off) => {
    const { world, now, sync, source, database } = await createHarness()
    const { pool } = database
    const look = () => checkTriggers(pool, TABLE, source.jobs.sums!)
    const counted = async () =>
      (await pool.query('select sum(jobs)::int as jobs from llamacloud.classify_daily')).rows
    expect(await look()).toMatchObject({ status: 'ok' })
    await pool.query(off)
    world.put({ id: 'job', createdAt: now() - HOUR, fields: { status: 'COMPLETED' } })
    await sync()
    expect(await counted()).toEqual([{ jobs: null }])
    const finding = await look()
    expect(finding).toMatchObject({ status: 'failed', found: expect.stringContaining('mark_inserted') })
    await pool.query('cure' in finding ? finding.cure : '')
    expect(await look()).toMatchObject({ status: 'ok' })
    expect(await counted()).toEqual([{ jobs: 1 }])
    world.patch('job', { status: 'FAILED' })
    world.put({ id: 'next', createdAt: now(), fields: { status: 'COMPLETED' } })
    await sync()
    expect(await counted()).toEqual([{ jobs: 2 }])
  },
)
