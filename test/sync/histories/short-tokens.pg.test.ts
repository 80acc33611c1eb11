import { expect, test } from 'vitest'
import { generate } from '../../../src/simulator/generate.ts'
import { DAY, HOUR, MINUTE, SECOND } from '../../../src/values/instant.ts'
import { compareWithWorld, EQUAL } from '../../support/compare.ts'
import { createHarness, type Harness } from '../../support/harness.ts'
import { shortTokens } from '../../support/upstream-faults.ts'
import { type Cycle, failures, reconciled, requestsOf, runOnce } from './support.ts'

const PAGES = 60

/** A worker's turn is 20 s of one request a second; before the next one it is the others' turn for two minutes. */
const TURN = { maxRuntimeMs: 20_000 }

async function withSlowApi(): Promise<Harness> {
  const harness = await createHarness({ simulator: { latencyMs: 1_000 }, run: { concurrency: 1 } })
  const { world, now, api } = harness
  // All in one hour, so that no span is small.
  const [from, to] = [now() - 10 * DAY, now() - 10 * DAY + HOUR]
  generate(world, { seed: 'tokens', jobs: PAGES * 100, from, to, fate: { stuckShare: 0 } })
  api.settings.intercept = shortTokens(30 * SECOND, now)
  return harness
}

async function turnsUntilDone(harness: Harness, ran: Cycle[]): Promise<void> {
  while (ran.at(-1)!.outcome === 'stopped' && ran.length < 20) {
    harness.advance(2 * MINUTE)
    ran.push(await runOnce(harness, { limits: TURN }))
  }
  expect(failures(ran)).toEqual([])
  expect(ran.at(-1)!.outcome).toBe('succeeded')
  expect(ran.length).toBeGreaterThan(2)
  expect(requestsOf(ran)).toBeLessThan(2.5 * PAGES)
}

test('A2: page tokens live shorter than the pause between two turns: the history is read, and then everything again', async () => {
  const harness = await withSlowApi()
  const { world, database, advance } = harness
  await turnsUntilDone(harness, [await runOnce(harness, { limits: TURN })])
  expect(await compareWithWorld(database, world)).toEqual(EQUAL)
  advance(DAY)
  await turnsUntilDone(harness, [await reconciled(harness, { limits: TURN })])
})

test('A2, I11: page tokens that live for one second only: each run is bounded, and what can be read is', async () => {
  const harness = await withSlowApi()
  const { world, now, api, database, advance } = harness
  api.settings.intercept = shortTokens(SECOND / 2, now)
  const ran: Cycle[] = []
  for (let turn = 0; turn < 25; turn += 1) {
    ran.push(await runOnce(harness, { limits: TURN }))
    advance(2 * MINUTE)
  }
  for (const { requests } of ran) expect(requests).toBeLessThanOrEqual(25)
  // Spans of a page need no token.
  expect(await compareWithWorld(database, world)).toEqual(EQUAL)
})
