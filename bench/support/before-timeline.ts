import type { Pool } from 'pg'
import { appliedMigrations, knownMigrations, migrateWithin } from '../../src/store/migrate.ts'
import { transaction } from '../../src/store/pool.ts'
import { fillWithJobs } from '../views-data.ts'

/** Of the version of commit d2b34cb. */
const ITS_LAST_MIGRATION = '0006_comment_of_seen_at'

/** A change of each job, and the open ones on the list of that version. */
const BESIDE = `
insert into llamacloud.classify_job_changes
  (job_id, observed_at, from_status, to_status, to_result_type, from_updated_at, to_updated_at)
select id, synced_at, 'PENDING', status, result_type, created_at, updated_at from llamacloud.classify_jobs;
insert into llamacloud_sync.open_jobs (source, job_id, next_check_at, seen_at)
select source, id, now(), now() from llamacloud.classify_jobs where status = 'RUNNING'`

/** Fills an empty database with so many jobs, as a version would have left them that an upgrade may begin from. One that is filled stays. */
export async function fillAsBefore(pool: Pool, jobs: number): Promise<void> {
  if ((await appliedMigrations(pool)).size > 0) return
  const known = await knownMigrations()
  const its = known.slice(0, known.indexOf(ITS_LAST_MIGRATION) + 1)
  await transaction(pool, (client) => migrateWithin(client, its))
  await fillWithJobs(pool, jobs)
  await transaction(
    pool,
    async (client) => {
      await client.query('set local session_replication_role = replica')
      await client.query(BESIDE)
    },
    { statementTimeout: 0 },
  )
  await pool.query('vacuum (analyze)')
}
