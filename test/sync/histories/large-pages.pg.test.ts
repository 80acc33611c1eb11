import { expect, test } from 'vitest'
import { generate } from '../../../src/simulator/generate.ts'
import { DAY, HOUR, MINUTE } from '../../../src/values/instant.ts'
import { compareWithWorld, EQUAL } from '../../support/compare.ts'
import { createHarness } from '../../support/harness.ts'
import { largePages, type Refusal } from '../../support/upstream-faults.ts'
import { cycles, failures, quarantinedSpans, requestsOf, runOnce } from './support.ts'

test.each<Refusal>([500, 'hang'])(
  'A19, I8: listings that touch one hour cannot be read at 100 a page (%s), at 10 they can: all is stored, none is set aside',
  async (how) => {
    const harness = await createHarness()
    const { world, now, api, database } = harness
    const lower = now() - 20 * DAY
    generate(world, {
      seed: 'large',
      jobs: 400,
      from: now() - 60 * DAY,
      to: now() - HOUR,
      fate: { stuckShare: 0 },
    })
    generate(world, { seed: 'hour', jobs: 300, from: lower, to: lower + HOUR, fate: { stuckShare: 0 } })
    api.settings.intercept = largePages({ lower, upper: lower + HOUR }, how)
    const first = await runOnce(harness)
    expect(first).toMatchObject({ outcome: 'succeeded', error: null })
    expect(first.requests).toBeLessThan(400)
    expect(await quarantinedSpans(database)).toEqual([])
    expect(await compareWithWorld(database, world)).toEqual(EQUAL)
    const later = await cycles(harness, { during: DAY, every: 20 * MINUTE })
    expect(failures(later)).toEqual([])
    expect(new Set(later.map(({ outcome }) => outcome))).toEqual(new Set(['succeeded']))
    expect(requestsOf(later)).toBeLessThan(400)
  },
)
