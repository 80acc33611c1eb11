import { describe, expect, test } from 'vitest'
import type { Intercept } from '../../../src/simulator/faults.ts'
import { MINUTE, SECOND } from '../../../src/values/instant.ts'
import { compareWithWorld, EQUAL } from '../../support/compare.ts'
import type { Harness } from '../../support/harness.ts'
import { latestRun, unaccountedRuns } from '../../support/sync-tables.ts'
import {
  filled,
  idsOf,
  isOfWalk,
  markedIds,
  NO_DIFFERENCE,
  NOTHING_LEFT,
  reconcile,
  removeSome,
  verified,
  walkLeftovers,
} from './reconcile-support.ts'

/** The tokens of a walk's requests in their order; null for its beginning. */
function walkTokens({ api }: Harness): (string | null)[] {
  return api.requests.entries
    .filter(({ query }) => isOfWalk(query))
    .map(({ query }) => query.get('page_token'))
}

/** Does something before the so-and-so-many-th request of a walk is answered. */
function atWalkRequest(number: number, act: () => ReturnType<Intercept>): Intercept {
  let count = 0
  return ({ query }) => {
    if (!isOfWalk(query)) return undefined
    count += 1
    return count === number ? act() : undefined
  }
}

describe('the walk of a reconcile', () => {
  test('A5: pages that shift because jobs are deleted meanwhile cause no false mark', async () => {
    const harness = await filled(300, { simulator: { paging: 'offset' }, run: { pageSize: 20 } })
    const { world, api, database, sync } = harness
    const ids = idsOf(world)
    const removed: string[] = []
    // Before each page four of the jobs before it go, and it begins four jobs too late.
    api.settings.intercept = ({ query }) => {
      if (!isOfWalk(query) || !query.has('page_token')) return undefined
      for (const id of ids.splice(0, 4)) {
        world.remove(id)
        removed.push(id)
      }
      return undefined
    }
    await reconcile(harness)
    api.settings.intercept = undefined
    expect(removed.length).toBeGreaterThan(40)
    for (const run of [() => sync(), reconcile, () => sync()]) await run(harness)
    expect(await markedIds(database)).toEqual(removed.toSorted())
    expect(await compareWithWorld(database, world)).toEqual(EQUAL)
    expect(await unaccountedRuns(database)).toEqual([])
  })

  test('stops at its deadline, and each next run goes on from the token until the end', async () => {
    const harness = await filled(400, { run: { pageSize: 20 } })
    const { world, api, database, sync } = harness
    const removed = removeSome(world, 10)
    api.requests.reset()
    api.settings.latencyMs = 1_000
    let runs = 0
    for (let walks = 1; walks > 0; runs += 1) {
      await reconcile(harness, { maxRuntimeMs: 6_000 })
      walks = (await walkLeftovers(database)).walks
      if (walks > 0) expect(await latestRun(database)).toMatchObject({ outcome: 'stopped', error: null })
      expect(await markedIds(database)).toEqual([])
    }
    expect(runs).toBeGreaterThan(3)
    const tokens = walkTokens(harness)
    expect(tokens.filter((token) => token === null)).toHaveLength(1)
    // A run that stops has asked for one page ahead; nothing else is asked for twice.
    expect(tokens.length - new Set(tokens).size).toBeLessThan(runs)
    expect(await walkLeftovers(database)).toEqual(NOTHING_LEFT)
    // The last run may have come to its deadline before it asked for what the walk did not come by.
    await sync()
    await sync()
    expect(await markedIds(database)).toEqual(removed)
    expect(await verified(harness)).toEqual(NO_DIFFERENCE)
    expect(await unaccountedRuns(database)).toEqual([])
  })

  test('A8: when a crash of the server has emptied what it came by, it begins again', async () => {
    const harness = await filled(400, { run: { pageSize: 20 } })
    const { world, api, database, sync } = harness
    const removed = removeSome(world, 10)
    api.settings.latencyMs = 1_000
    await reconcile(harness, { maxRuntimeMs: 6_000 })
    expect((await walkLeftovers(database)).walked).toBeGreaterThan(0)
    // As PostgreSQL does with an unlogged table.
    await database.pool.query('truncate llamacloud_sync.walked_jobs')
    api.settings.latencyMs = 0
    api.requests.reset()
    await reconcile(harness)
    const tokens = walkTokens(harness)
    expect(tokens).toHaveLength(20)
    expect(tokens[0]).toBeNull()
    await sync()
    expect(await markedIds(database)).toEqual(removed)
    expect(await walkLeftovers(database)).toEqual(NOTHING_LEFT)
    expect(await compareWithWorld(database, world)).toEqual(EQUAL)
  })

  test('aborted in the middle, it is finished by the next sync that may reconcile', async () => {
    const harness = await filled(400, { run: { pageSize: 20, reconcileEveryMs: 7 * 86_400_000 } })
    const { world, api, database, sync } = harness
    const removed = removeSome(world, 10)
    api.requests.reset()
    const stop = new AbortController()
    api.settings.intercept = atWalkRequest(10, () => {
      stop.abort(new Error('stop'))
      return undefined
    })
    expect((await reconcile(harness, { signal: stop.signal })).outcome).toBe('stopped')
    expect(await walkLeftovers(database)).toMatchObject({ walks: 1 })
    expect((await sync()).outcome).toBe('succeeded')
    const tokens = walkTokens(harness)
    expect(tokens.filter((token) => token === null)).toHaveLength(1)
    expect(tokens.length).toBeLessThan(400 / 20 + 3)
    expect(await walkLeftovers(database)).toEqual(NOTHING_LEFT)
    await sync()
    expect(await markedIds(database)).toEqual(removed)
  })

  test.each([400, 404, 410, 422])('A2: a token that expired (%s) begins the walk again', async (status) => {
    const harness = await filled(200, { run: { pageSize: 20 } })
    const { world, api, database, sync } = harness
    const removed = removeSome(world, 10)
    api.requests.reset()
    api.settings.intercept = atWalkRequest(5, () => ({
      kind: 'status',
      status,
      body: '{"detail":"expired"}',
    }))
    expect((await reconcile(harness)).outcome).toBe('succeeded')
    expect(walkTokens(harness).filter((token) => token === null)).toHaveLength(2)
    expect(await walkLeftovers(database)).toEqual(NOTHING_LEFT)
    expect(await markedIds(database)).toEqual([])
    await sync()
    expect(await markedIds(database)).toEqual(removed)
    expect(await unaccountedRuns(database)).toEqual([])
  })

  test('A2: so does one that an earlier run kept', async () => {
    const harness = await filled(200, { run: { pageSize: 20 } })
    const { world, api, database, sync } = harness
    const removed = removeSome(world, 10)
    api.settings.latencyMs = 1_000
    expect((await reconcile(harness, { maxRuntimeMs: 6_000 })).outcome).toBe('stopped')
    expect(await walkLeftovers(database)).toMatchObject({ walks: 1 })
    api.requests.reset()
    api.settings.intercept = atWalkRequest(1, () => ({ kind: 'status', status: 410 }))
    await reconcile(harness)
    const [kept, again, ...others] = walkTokens(harness)
    expect([kept, again]).toEqual([expect.any(String), null])
    expect(others).not.toContain(null)
    await sync()
    expect(await markedIds(database)).toEqual(removed)
  })

  test('a job that is missed, and shown by the head in a later slice of the same run, is no reason to fail', async () => {
    const harness = await filled(250, { run: { pageSize: 10 } })
    const { world, now, api, database, advance, sync } = harness
    world.put({ id: 'flickering', createdAt: now() - 10 * SECOND })
    await sync()
    advance(MINUTE)
    world.remove('flickering')
    const start = now()
    // The walk takes longer than a slice.
    api.settings.intercept = ({ query }) => {
      if (isOfWalk(query)) world.restore('flickering')
      return isOfWalk(query) ? { kind: 'delay', ms: 20_000 } : undefined
    }
    const { outcome, counts } = await reconcile(harness)
    expect(now() - start).toBeGreaterThan(5 * MINUTE)
    expect([outcome, counts.deletions]).toEqual(['succeeded', 0])
    expect(await compareWithWorld(database, world)).toEqual(EQUAL)
  })
})
