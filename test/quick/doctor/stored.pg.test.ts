import { expect, test } from 'vitest'
import { checkStored, checkTables } from '../../../src/doctor/stored.ts'
import { HOUR, SECOND } from '../../../src/values/instant.ts'
import { createHarness } from '../../support/harness.ts'

async function synced() {
  const harness = await createHarness()
  const { world, now, sync, source, database } = harness
  for (let index = 0; index < 80; index++) {
    world.put({
      id: `job-${index}`,
      createdAt: now() - HOUR - index * SECOND,
      fields: { status: 'COMPLETED' },
    })
  }
  await sync()
  const { pool } = database
  const look = async () => {
    const findings = await checkStored(pool, source.name, source.jobs.table)
    return new Map(findings.map(({ check, ...finding }) => [check, finding]))
  }
  return { ...harness, pool, look }
}

test('a source that is well, and one that was never synced', async () => {
  const { look, pool, source } = await synced()
  for (const finding of (await look()).values())
    expect(finding).toMatchObject({ status: 'ok', source: source.name })
  expect([...(await look()).keys()]).toEqual(['stored', 'held', 'quarantine', 'darkness'])
  expect(await checkStored(pool, 'another', source.jobs.table)).toEqual([])
  expect(await checkTables(pool, [source.jobs.table])).toMatchObject({ status: 'ok' })
})

test('held: a few are normal; many are told with the command that believes it', async () => {
  const { look, pool } = await synced()
  const hold = (from: number, to: number) =>
    pool.query(
      `insert into llamacloud_sync.rechecks (source, job_id, noted_at, due_at, missed_at)
      select 'default', 'job-' || number, now(), now(), now() from generate_series($1::int, $2::int) as number`,
      [from, to],
    )
  await hold(1, 3)
  expect((await look()).get('held')).toMatchObject({
    status: 'ok',
    found: expect.stringMatching(/^3 missing/),
  })
  await hold(4, 60)
  expect((await look()).get('held')).toMatchObject({
    status: 'failed',
    cure: expect.stringContaining('accept-deletions default --expect 60'),
  })
})

test('I12: what is in quarantine, and an API that shows nothing known', async () => {
  const { look, pool } = await synced()
  await pool.query(
    `insert into llamacloud_sync.rechecks (source, job_id, noted_at, due_at, reason, quarantined_at)
    values ('default', 'job-1', now(), now(), '500', now())`,
  )
  await pool.query(`update llamacloud_sync.sources set dark_since = now() - interval '10 minutes'`)
  expect(Object.fromEntries(await look())).toMatchObject({
    quarantine: {
      status: 'failed',
      found: expect.stringMatching(/API fails, or which the database refuses: 1;/),
    },
    darkness: { status: 'failed', found: expect.stringMatching(/10 minutes/) },
  })
})

test('rows, and tables, that were removed behind the worker are told', async () => {
  const { look, pool, source } = await synced()
  await pool.query('truncate llamacloud.classify_jobs cascade')
  expect((await look()).get('stored')).toMatchObject({
    status: 'failed',
    found: expect.stringMatching(/ holds 0 of \d+ sampled jobs/),
  })
  await pool.query('drop schema llamacloud cascade')
  expect(await checkTables(pool, [source.jobs.table])).toMatchObject({
    status: 'failed',
    found: expect.stringMatching(/classify_jobs does not exist/),
    cure: expect.stringMatching(/backup.*drop schema/),
  })
})
