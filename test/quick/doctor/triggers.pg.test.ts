import { expect, onTestFinished, test } from 'vitest'
import { checkTriggers } from '../../../src/doctor/triggers.ts'
import { costSums } from '../../../src/lists/cost-sums.ts'
import { HOUR } from '../../../src/values/instant.ts'
import { createHarness } from '../../support/harness.ts'
import { createMigratedDatabase } from '../../support/migrated-database.ts'

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

test.each(['parse', 'extract'])('the same of %s jobs, whose costs are summed up by day', async (list) => {
  const { pool, drop } = await createMigratedDatabase()
  onTestFinished(drop)
  const table = `llamacloud.${list}_jobs`
  const insert = (id: string) =>
    pool.query(
      `insert into ${table} (id, source, status, created_at, first_seen_at, synced_at) values ($1, 'one', 'FAILED', now(), now(), now())`,
      [id],
    )
  const counted = async () =>
    (await pool.query('select sum(jobs)::int as jobs from llamacloud.job_costs')).rows
  await pool.query(`alter table ${table} disable trigger user; drop trigger mark_updated on ${table}`)
  await insert('first')
  expect(await counted()).toEqual([{ jobs: null }])
  const finding = await checkTriggers(pool, table, costSums(list))
  await pool.query('cure' in finding ? finding.cure : '')
  expect(await counted()).toEqual([{ jobs: 1 }])
  expect(await checkTriggers(pool, table, costSums(list))).toMatchObject({ status: 'ok' })
  await insert('second')
  expect(await counted()).toEqual([{ jobs: 2 }])
})
