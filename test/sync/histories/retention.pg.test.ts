import { describe, expect, test } from 'vitest'
import { generate } from '../../../src/simulator/generate.ts'
import { DAY, HOUR, MILLISECOND } from '../../../src/values/instant.ts'
import { createHarness } from '../../support/harness.ts'
import { idsAskedFor } from '../../support/sync-tables.ts'
import { retention } from '../../support/upstream-faults.ts'
import { cycles, dailyCounts, failures, markedIds, medianRequests, reconciled } from './support.ts'

describe('A15: the API shows the last 30 days only, each day a day less', () => {
  test('I8, I13: no run fails, what went is marked within two days, the past keeps its counts', async () => {
    const harness = await createHarness({ run: { reconcileEveryMs: (7 * DAY) / MILLISECOND } })
    const { world, now, database, advance, sync } = harness
    const began = now()
    generate(world, {
      seed: 'retention',
      jobs: 2_400,
      from: now() - 90 * DAY,
      to: now() - HOUR,
      fate: { stuckShare: 0 },
    })
    await sync()
    advance(2 * DAY)
    const quiet = await cycles(harness, { during: DAY, every: HOUR })
    const counts = await dailyCounts(database)
    const created = new Map([...world.all()].map((job) => [idOf(job), createdAtOf(job)]))
    const olderThan = (age: number) =>
      [...created]
        .filter(([, at]) => at < now() - age)
        .map(([id]) => id)
        .toSorted()

    world.hide(retention(30 * DAY))
    const first = await reconciled(harness)
    expect(failures([first])).toEqual([])
    expect(await markedIds(database)).toEqual([])
    const went = olderThan(30 * DAY)
    const twoDays = await cycles(harness, { during: 2 * DAY, every: HOUR })
    expect(failures(twoDays)).toEqual([])
    expect(await markedIds(database)).toEqual(expect.arrayContaining(went))

    const later = await cycles(harness, { during: 10 * DAY, every: 3 * HOUR })
    expect(failures(later)).toEqual([])
    const marked = await markedIds(database)
    // A span is read again after 7 days, and a miss is believed within a day.
    expect(marked).toEqual(expect.arrayContaining(olderThan(38 * DAY)))
    expect(new Set(olderThan(30 * DAY))).toEqual(new Set([...olderThan(30 * DAY), ...marked]))
    expect(await dailyCounts(database)).toEqual(counts)
    expect(medianRequests(later)).toBeLessThanOrEqual(medianRequests(quiet) + 1)
    expect(now()).toBeGreaterThan(began)
  })

  test('I11: what is gone is asked for ever more rarely', async () => {
    const harness = await createHarness({ run: { reconcileEveryMs: null } })
    const { world, api, now, database, sync } = harness
    generate(world, {
      seed: 'gone',
      jobs: 600,
      from: now() - 60 * DAY,
      to: now() - 2 * DAY,
      fate: { stuckShare: 0 },
    })
    await sync()
    world.hide(retention(30 * DAY))
    await reconciled(harness)
    await cycles(harness, { during: 3 * DAY, every: HOUR })
    expect((await markedIds(database)).length).toBeGreaterThan(250)
    const gone = new Set(await markedIds(database))
    api.requests.reset()
    await cycles(harness, { during: 3 * DAY, every: HOUR })
    const asked = api.requests.entries.flatMap((request) => idsAskedFor(request) ?? [])
    const times = Map.groupBy(asked, (id) => id)
    // Only what is still there is among the oldest, which are asked for each day, and may be missed then.
    for (const [id, each] of times) if (gone.has(id)) expect([id, each.length]).toEqual([id, 1])
  })
})

const idOf = (job: unknown) => (job as { id: string }).id
const createdAtOf = (job: unknown) => Date.parse((job as { created_at: string }).created_at) * MILLISECOND
