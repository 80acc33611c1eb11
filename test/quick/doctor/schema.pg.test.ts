import { Readable } from 'node:stream'
import { expect, test } from 'vitest'
import { checkSchema } from '../../../src/doctor/stored.ts'
import { explainStoreError } from '../../../src/store/database-error.ts'
import { importRows } from '../../../src/store/import-rows.ts'
import { exportRows } from '../../../src/store/transfer.ts'
import { filled, NO_DIFFERENCE, reconcile, verified } from '../sync/reconcile-support.ts'

test('what somebody dropped around the rows is named, and the cure works', async () => {
  const harness = await filled(60)
  const { database } = harness
  const { pool } = database
  expect(await checkSchema(pool)).toMatchObject({ status: 'ok' })
  await pool.query(`
    insert into llamacloud.classify_job_changes (job_id, observed_at) select id, now() from llamacloud.classify_jobs;
    alter table llamacloud.classify_jobs drop column user_id cascade;
    alter table llamacloud.classify_jobs drop constraint classify_jobs_pkey cascade;
    drop function llamacloud.duration_percentile cascade;
    drop view llamacloud.classify_weekly;
    drop index llamacloud.parse_jobs_synced_at;
    drop table llamacloud.batch_changes`)
  const refused = await reconcile(harness).catch((error) => error)
  expect(explainStoreError(refused, database.url, String)).toMatchObject({
    message: expect.stringContaining('`doctor` names what is gone'),
  })
  const { status, found, cure } = await checkSchema(pool)
  expect(status).toBe('failed')
  for (const gone of [
    'table llamacloud.batch_changes',
    'view llamacloud.classify_weekly',
    'column user_id of llamacloud.classify_jobs',
    'primary key of llamacloud.classify_jobs',
    'index llamacloud.parse_jobs_synced_at',
    'function llamacloud.duration_percentile',
  ])
    expect(found).toContain(gone)
  const lines: string[] = []
  await exportRows(pool, async (line) => void lines.push(line))
  await pool.query(/`(drop schema[^`]*)`/.exec(cure ?? '')?.[1] ?? '')
  await importRows(pool, Readable.from(lines))
  expect(await checkSchema(pool)).toMatchObject({ status: 'ok' })
  await reconcile(harness)
  expect(await verified(harness)).toEqual(NO_DIFFERENCE)
})
