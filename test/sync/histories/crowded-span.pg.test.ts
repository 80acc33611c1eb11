import { expect, test } from 'vitest'
import { generate } from '../../../src/simulator/generate.ts'
import { DAY, HOUR } from '../../../src/values/instant.ts'
import { createHarness } from '../../support/harness.ts'
import { retention } from '../../support/upstream-faults.ts'
import { runOnce } from './support.ts'

test('I11, I14: one span holds the whole past, and retention has emptied it: its jobs are looked up in parts', async () => {
  const harness = await createHarness()
  const { world, now, database } = harness
  const [from, to] = [now() - 90 * DAY, now() - HOUR]
  generate(world, { seed: 'crowded', jobs: 24_000, from, to, fate: { stuckShare: 0 } })
  await runOnce(harness)
  // As an upgrade from before the timeline leaves it.
  await database.pool.query(`
    with gone as (delete from llamacloud_sync.spans returning *)
    insert into llamacloud_sync.spans (source, lower, upper, fresh_at, read_at, due_at)
    select source, min(lower), max(upper), max(fresh_at), min(read_at), min(fresh_at) from gone group by source`)
  world.hide(retention(DAY))
  const { error, requests } = await runOnce(harness)
  expect(error).toBeNull()
  const { rows: parts } = await database.pool.query(
    `select count(job.id)::int as jobs from llamacloud_sync.spans as span
    left join llamacloud.classify_jobs as job on job.created_at > span.lower and job.created_at <= span.upper
    group by span.lower`,
  )
  expect(Math.max(...parts.map(({ jobs }) => jobs))).toBeLessThan(12_000)
  const { rows: noted } = await database.pool.query('select from llamacloud_sync.rechecks')
  expect(noted.length).toBeGreaterThan(23_000)
  // Each missing job is asked for once, by 99 a request.
  expect(requests).toBeLessThan(320)
})
