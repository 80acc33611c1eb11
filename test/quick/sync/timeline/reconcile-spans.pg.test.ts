import { describe, expect, test } from 'vitest'
import type { Intercept } from '../../../../src/simulator/faults.ts'
import { HOUR, MINUTE, SECOND } from '../../../../src/values/instant.ts'
import { compareWithWorld, EQUAL } from '../../../support/compare.ts'
import type { Harness } from '../../../support/harness.ts'
import {
  begunSpansOf,
  isOfSpan,
  latestRun,
  missesOf,
  spanAskedFor,
  unaccountedRuns,
} from '../../../support/sync-tables.ts'
import {
  APART,
  filled,
  idsOf,
  markedIds,
  NO_DIFFERENCE,
  reconcile,
  removeSome,
  verified,
} from '../reconcile-support.ts'

const ONE_LANE = { pageSize: 20, concurrency: 1 }

/** The requests for closed spans, each as its span and token. */
function spanRequests({ api }: Harness): string[] {
  return api.requests.entries.filter(({ query }) => isOfSpan(query)).map(({ query }) => String(query))
}

/** Does something before the so-and-so-many-th request for a page of a closed span beyond its first is answered. */
function atTokenOfSpan(number: number, act: () => ReturnType<Intercept>): Intercept {
  let count = 0
  return ({ query }) => {
    if (!isOfSpan(query) || !query.has('page_token')) return undefined
    count += 1
    return count === number ? act() : undefined
  }
}

describe('a reconcile reads every span again', () => {
  test('A5: pages that shift because jobs are deleted meanwhile cause no false mark', async () => {
    const harness = await filled(300, { simulator: { paging: 'offset' }, run: { pageSize: 20 } })
    const { world, api, database, advance, sync } = harness
    const ids = idsOf(world)
    const removed: string[] = []
    // Before each page three of the jobs before it go, and it begins three jobs too late.
    api.settings.intercept = ({ query }) => {
      if (!isOfSpan(query) || !query.has('page_token')) return undefined
      for (const id of ids.splice(0, 3)) {
        world.remove(id)
        removed.push(id)
      }
      return undefined
    }
    await reconcile(harness)
    api.settings.intercept = undefined
    expect(removed.length).toBeGreaterThan(30)
    for (const run of [() => sync(), reconcile, () => sync()]) {
      advance(APART)
      await run(harness)
    }
    expect(await markedIds(database)).toEqual(removed.toSorted())
    expect(await compareWithWorld(database, world)).toEqual(EQUAL)
    expect(await unaccountedRuns(database)).toEqual([])
  })

  test('I11: stopped at its deadline, each next sync goes on from the token until the end', async () => {
    const harness = await filled(400, { run: ONE_LANE })
    const { world, api, database, advance, source, sync } = harness
    const removed = removeSome(world, 10)
    api.requests.reset()
    api.settings.latencyMs = 1_000
    const limits = { maxRuntimeMs: 6_000 }
    let { outcome } = await reconcile(harness, limits)
    let runs = 1
    for (; outcome === 'stopped'; runs += 1) {
      expect(await latestRun(database)).toMatchObject({ outcome: 'stopped', error: null })
      expect(await markedIds(database)).toEqual([])
      outcome = (await sync(source, limits)).outcome
    }
    expect(runs).toBeGreaterThan(3)
    const requests = spanRequests(harness)
    // A run that stops has asked for one page ahead; nothing else is asked for twice.
    expect(requests.length - new Set(requests).size).toBeLessThan(runs)
    expect(await begunSpansOf(database)).toEqual([])
    api.settings.latencyMs = 0
    await sync()
    advance(APART)
    await sync()
    expect(await markedIds(database)).toEqual(removed)
    expect(await verified(harness)).toEqual(NO_DIFFERENCE)
    expect(await unaccountedRuns(database)).toEqual([])
  })

  test('I11: stopped and begun again, it still comes to its end', async () => {
    const harness = await filled(400, { run: { pageSize: 4, concurrency: 1 } })
    const { world, api, database, advance, sync } = harness
    const [oldest] = idsOf(world)
    world.remove(oldest!)
    api.settings.latencyMs = 1_000
    // Each has the time for a third of the pages.
    for (let run = 0; run < 8; run += 1) await reconcile(harness, { maxRuntimeMs: 40_000 })
    expect(await missesOf(database)).toHaveProperty([oldest!])
    api.settings.latencyMs = 0
    advance(APART)
    await sync()
    advance(APART)
    await sync()
    expect(await markedIds(database)).toEqual([oldest])
  })

  test('aborted in the middle, it is finished by the next sync', async () => {
    const harness = await filled(400, { run: ONE_LANE })
    const { world, api, database, advance, sync } = harness
    const removed = removeSome(world, 10)
    api.requests.reset()
    const stop = new AbortController()
    api.settings.intercept = atTokenOfSpan(8, () => {
      stop.abort(new Error('stop'))
      return undefined
    })
    expect((await reconcile(harness, { signal: stop.signal })).outcome).toBe('stopped')
    expect(await begunSpansOf(database)).toHaveLength(1)
    expect((await sync()).outcome).toBe('succeeded')
    const requests = spanRequests(harness)
    expect(requests.length - new Set(requests).size).toBeLessThan(3)
    expect(requests.length).toBeLessThan(400 / 20 + 10)
    expect(await begunSpansOf(database)).toEqual([])
    advance(APART)
    await sync()
    expect(await markedIds(database)).toEqual(removed)
  })

  test.each([400, 404, 410, 422])(
    'A2: a span whose token expired (%s) is read again, in halves from their beginnings',
    async (status) => {
      const harness = await filled(200, { run: ONE_LANE })
      const { world, api, database, advance, sync } = harness
      const removed = removeSome(world, 10)
      api.requests.reset()
      api.settings.intercept = atTokenOfSpan(4, () => ({
        kind: 'status',
        status,
        body: '{"detail":"expired"}',
      }))
      expect((await reconcile(harness)).outcome).toBe('succeeded')
      expect(await begunSpansOf(database)).toEqual([])
      expect(await markedIds(database)).toEqual([])
      advance(APART)
      await sync()
      expect(await markedIds(database)).toEqual(removed)
      expect(await unaccountedRuns(database)).toEqual([])
    },
  )

  test('A2: so is one whose token an earlier run kept', async () => {
    const harness = await filled(200, { run: ONE_LANE })
    const { world, api, database, advance, sync } = harness
    const removed = removeSome(world, 10)
    api.settings.latencyMs = 1_000
    expect((await reconcile(harness, { maxRuntimeMs: 6_000 })).outcome).toBe('stopped')
    const [begun] = await begunSpansOf(database)
    expect(begun).toBeDefined()
    api.settings.latencyMs = 0
    api.requests.reset()
    api.settings.intercept = atTokenOfSpan(1, () => ({ kind: 'status', status: 410 }))
    await sync()
    const listings = api.requests.entries.filter(({ query }) => isOfSpan(query))
    const [kept, ...others] = listings
    expect(kept!.query.get('page_token')).toBe(begun!.pageToken)
    const halves = others.filter(({ query }) => !query.has('page_token')).map(spanAskedFor)
    expect(halves.some(({ upper }) => upper === begun!.upper)).toBe(true)
    advance(APART)
    await sync()
    expect(await markedIds(database)).toEqual(removed)
  })

  test('I8: jobs flow in while it takes longer than a slice, and one that flickers is not marked', async () => {
    const harness = await filled(250, { run: { pageSize: 10, concurrency: 1 } })
    const { world, now, api, database, advance, sync } = harness
    world.put({ id: 'flickering', createdAt: now() - 10 * SECOND })
    await sync()
    advance(MINUTE)
    world.remove('flickering')
    const start = now()
    api.settings.intercept = ({ query }) => {
      if (isOfSpan(query)) world.restore('flickering')
      return isOfSpan(query) ? { kind: 'delay', ms: 20_000 } : undefined
    }
    const { outcome, counts } = await reconcile(harness)
    expect(now() - start).toBeGreaterThan(5 * MINUTE)
    expect(now() - start).toBeLessThan(HOUR)
    expect([outcome, counts.deletions]).toEqual(['succeeded', 0])
    expect(await compareWithWorld(database, world)).toEqual(EQUAL)
  })
})
