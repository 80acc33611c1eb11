import { expect, test } from 'vitest'
import { generate } from '../../../src/simulator/generate.ts'
import { DAY, HOUR, MILLISECOND, MINUTE } from '../../../src/values/instant.ts'
import { lookUpNames } from '../../../src/worker/look-up.ts'
import { createHarness } from '../../support/harness.ts'
import { cycles, failures, requestsOf } from './support.ts'

const EVERY = 5 * MINUTE

test('a quiet day of an idle source, every five minutes: at most 330 requests, names and repeated readings included', async () => {
  const harness = await createHarness({
    lookups: ['projects', 'configurations'],
    run: { reconcileEveryMs: (7 * DAY) / MILLISECOND },
  })
  const { world, api, clock, now, advance, sync, worker } = harness
  const source = worker()
  const fate = { stuckShare: 0 }
  generate(world, { seed: 'quiet', jobs: 1_000, from: now() - 90 * DAY, to: now() - 2 * DAY, fate })
  await sync()
  const { signal } = new AbortController()
  const before = api.requests.total
  for (let at = 0; at < DAY; at += EVERY) {
    advance(EVERY)
    await sync(source, { tickMs: EVERY / MILLISECOND })
    await lookUpNames([source], { clock, signal })
  }
  // One for the head of each cycle, and few besides.
  expect(api.requests.total - before).toBeLessThanOrEqual(330)
})

test('I11: a source with few jobs costs no more from week to week than one request for what each past week holds', async () => {
  const harness = await createHarness({ run: { reconcileEveryMs: (7 * DAY) / MILLISECOND } })
  const { world, now, database } = harness
  const fate = { stuckShare: 0 }
  generate(world, { seed: 'few', jobs: 2_000, from: now(), to: now() + 50 * DAY, arrival: 'even', fate })
  const weeks: number[] = []
  for (let week = 0; week < 6; week += 1) {
    const ran = await cycles(harness, { during: 7 * DAY, every: 3 * HOUR })
    expect(failures(ran)).toEqual([])
    weeks.push(requestsOf(ran))
  }
  // 280 jobs a week are three pages.
  expect(weeks[5]! - weeks[2]!).toBeLessThanOrEqual(3 * (3 + 5))
  const { rows } = await database.pool.query('select count(*)::int as spans from llamacloud_sync.spans')
  expect(rows[0].spans).toBeLessThan(80)
})
