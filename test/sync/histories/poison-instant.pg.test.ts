import { expect, test } from 'vitest'
import { generate } from '../../../src/simulator/generate.ts'
import { DAY, HOUR, MINUTE } from '../../../src/values/instant.ts'
import { compareWithWorld, EQUAL } from '../../support/compare.ts'
import { createHarness } from '../../support/harness.ts'
import { poisonInstants, type Refusal } from '../../support/upstream-faults.ts'
import { cycles, failures, markedIds, medianRequests, quarantinedSpans, runOnce } from './support.ts'

test.each<Refusal>([500, 422])(
  'A19, I12: each listing that touches one hour answers %s: all else is stored in the first run',
  async (how) => {
    const harness = await createHarness()
    const { world, now, api, database } = harness
    generate(world, {
      seed: 'instants',
      jobs: 3_000,
      from: now() - 60 * DAY,
      to: now() - HOUR,
      fate: { stuckShare: 0 },
    })
    const lower = now() - 20 * DAY
    const poisoned = { lower, upper: lower + HOUR }
    const at = (createdAt: number) => ({
      id: `at ${createdAt - lower}`,
      createdAt,
      fields: { status: 'COMPLETED' },
    })
    world.put(at(lower + 30 * MINUTE), at(lower - 5 * MINUTE), at(lower + HOUR + 5 * MINUTE))
    const createdAt = new Map(
      [...world.list({ filters: {}, direction: 'ascending', now: now() })].map(({ shelf, position }) => [
        shelf.idAt(position),
        shelf.keyAt(position),
      ]),
    )
    api.settings.intercept = poisonInstants(poisoned, how)
    const first = await runOnce(harness)
    expect(first).toMatchObject({ outcome: 'degraded', error: null })
    const { missing, ...others } = await compareWithWorld(database, world)
    expect(others).toEqual({ surplus: [], different: [] })
    expect(missing).toContain(`at ${30 * MINUTE}`)
    for (const id of missing) {
      expect(createdAt.get(id)!).toBeGreaterThan(lower - 5 * MINUTE)
      expect(createdAt.get(id)!).toBeLessThan(poisoned.upper + 5 * MINUTE)
    }
    const spans = await quarantinedSpans(database)
    expect(spans.length).toBeGreaterThan(0)
    expect(spans.length).toBeLessThanOrEqual(4)
    expect(Math.min(...spans.map((span) => span.lower))).toBeLessThanOrEqual(lower)
    expect(Math.max(...spans.map((span) => span.upper))).toBeGreaterThanOrEqual(poisoned.upper)

    const later = await cycles(harness, { during: HOUR })
    expect(failures(later)).toEqual([])
    expect(new Set(later.map(({ outcome }) => outcome))).toEqual(new Set(['degraded']))
    expect(await markedIds(database)).toEqual([])

    api.settings.intercept = undefined
    await cycles(harness, { during: DAY, every: HOUR })
    expect((await runOnce(harness)).outcome).toBe('succeeded')
    expect(await quarantinedSpans(database)).toEqual([])
    expect(await compareWithWorld(database, world)).toEqual(EQUAL)
  },
)

test.each<Refusal>([500, 'hang'])(
  'A19, I12: each run ends while one hour is still retried (%s): all else is stored within hours all the same',
  async (how) => {
    const harness = await createHarness()
    const { world, now, api, database, source } = harness
    generate(world, { seed: 'cut off', jobs: 300, from: now() - 60 * DAY, to: now() - HOUR })
    // In the middle of what is set aside at first: both halves fail.
    const middle = Math.floor((source.options.startAt + now()) / 2)
    const poisoned = { lower: middle - HOUR / 2, upper: middle + HOUR / 2 }
    api.settings.intercept = poisonInstants(poisoned, how)
    const ran = await cycles(harness, { during: 12 * HOUR, limits: { maxRuntimeMs: 60_000 } })
    expect(failures(ran)).toEqual([])
    expect(ran.at(-1)!.outcome).toBe('degraded')
    expect(await compareWithWorld(database, world)).toEqual(EQUAL)
    const aside = await quarantinedSpans(database)
    expect(aside.length).toBeGreaterThan(0)
    expect(aside.at(0)!.lower).toBeGreaterThan(poisoned.lower - 10 * MINUTE)
    expect(aside.at(-1)!.upper).toBeLessThan(poisoned.upper + 10 * MINUTE)
    expect(medianRequests(ran.slice(-36))).toBeLessThanOrEqual(2)
  },
)
