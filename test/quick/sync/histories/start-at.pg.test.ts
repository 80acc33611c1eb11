import { expect, test } from 'vitest'
import { generate } from '../../../../src/simulator/generate.ts'
import { DAY, HOUR, type Instant, MILLISECOND, parseInstant } from '../../../../src/values/instant.ts'
import { createHarness, type Harness } from '../../../support/harness.ts'
import { countJobs } from '../../../support/sync-tables.ts'
import { cycles, failures, reconciled, requestsOf, runOnce } from './support.ts'

const START_AT = parseInstant('2026-02-20T00:00:00Z')!

async function longHistory(): Promise<Harness> {
  const run = { startAt: START_AT, reconcileEveryMs: (7 * DAY) / MILLISECOND }
  const harness = await createHarness({ run })
  const { world, now } = harness
  generate(world, {
    seed: 'long',
    jobs: 8_000,
    from: now() - 400 * DAY,
    to: now() + 10 * DAY,
    fate: { stuckShare: 0 },
  })
  world.put({ id: 'undated', createdAt: null, fields: { status: 'COMPLETED' } })
  return harness
}

async function older({ database }: Harness, than: Instant): Promise<number> {
  const { rows } = await database.pool.query<{ count: number }>(
    `select count(*)::int as count from llamacloud.classify_jobs
    where created_at < timestamptz 'epoch' + $1 * interval '1 microsecond'`,
    [than],
  )
  return rows[0]!.count
}

test('SYNC_START_AT is later than the oldest jobs: neither a sync nor a reconcile stores or asks for them', async () => {
  const harness = await longHistory()
  const ran = [await runOnce(harness), await reconciled(harness)]
  expect(await older(harness, START_AT)).toBe(0)
  ran.push(...(await cycles(harness, { during: 8 * DAY, every: 3 * HOUR })))
  expect(failures(ran)).toEqual([])
  expect(await older(harness, START_AT)).toBe(0)
  const stored = await countJobs(harness.database)
  expect(stored).toBeGreaterThan(200)
  expect(stored).toBeLessThan(600)
  expect(requestsOf(ran)).toBeLessThan(400)
})
