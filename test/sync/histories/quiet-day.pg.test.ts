import { expect, test } from 'vitest'
import { generate } from '../../../src/simulator/generate.ts'
import { DAY, MILLISECOND, MINUTE } from '../../../src/values/instant.ts'
import { lookUpNames } from '../../../src/worker/look-up.ts'
import { createHarness } from '../../support/harness.ts'

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
