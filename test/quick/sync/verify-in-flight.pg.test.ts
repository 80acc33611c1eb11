import { describe, expect, test } from 'vitest'
import { ApiUnavailableError } from '../../../src/errors.ts'
import { generate } from '../../../src/simulator/generate.ts'
import { DAY, HOUR, MINUTE, parseInstant, SECOND } from '../../../src/values/instant.ts'
import { createHarness } from '../../support/harness.ts'
import { filled, idsOf, isOfWalk, NO_DIFFERENCE, reconcile, verified } from './reconcile-support.ts'

describe('verify, while things change', () => {
  test('jobs that the head has yet to see are in flight, however young; an absurd created_at is not', async () => {
    // The Date of a reply is cut to whole seconds, so the API's time is known to be at least so late, and may be later.
    const harness = await filled(120, { start: '2026-03-02T08:00:00.900Z' })
    const { world, now, advance } = harness
    world.put({ id: 'before the watermark, late', createdAt: now() - 4 * MINUTE, visibleAt: now() })
    advance(10 * MINUTE)
    for (const age of [9 * MINUTE, SECOND, 0]) world.put({ id: `${age} old`, createdAt: now() - age })
    expect(await verified(harness)).toEqual({ differences: [], inFlight: 4 })
    world.put({ id: 'later than promised', createdAt: now() - HOUR })
    world.put({ id: 'far', createdAt: parseInstant('2099-01-01T00:00:00Z')!, visibleAt: now() })
    world.put({ id: 'timeless', createdAt: null, visibleAt: now() })
    const { differences, inFlight } = await verified(harness)
    expect(differences.map(({ id, kind }) => `${id}: ${kind}`).toSorted()).toEqual([
      'far: missing',
      'later than promised: missing',
      'timeless: missing',
    ])
    expect(inFlight).toBe(4)
    await reconcile(harness)
    expect(await verified(harness)).toEqual(NO_DIFFERENCE)
  })

  test('A6, A9: open jobs that moved on are in flight, with updated_at or without', async () => {
    const harness = await filled(120)
    const { world, now, database, advance, sync } = harness
    world.put({ id: 'open', createdAt: now() - MINUTE })
    world.put({ id: 'dateless', createdAt: now() - MINUTE, fields: { updated_at: null } })
    world.put({ id: 'done', createdAt: now() - MINUTE, fields: { status: 'COMPLETED' } })
    await sync()
    advance(MINUTE)
    world.patch('open', { status: 'COMPLETED' })
    world.patch('dateless', { status: 'FAILED', updated_at: null })
    expect(await verified(harness)).toEqual({ differences: [], inFlight: 2 })
    // Terminal jobs are not asked for again: whatever differs in them stays so.
    world.patch('done', { status: 'FAILED' })
    // Nor are open ones of which the worker does not know any more.
    await database.pool.query(`delete from llamacloud_sync.open_jobs where job_id = 'open'`)
    const { differences, inFlight } = await verified(harness)
    expect(differences.map(({ id }) => id).toSorted()).toEqual(['done', 'open'])
    expect(inFlight).toBe(1)
  })

  test('a history that is not read yet is in flight, and so is everything before the first cycle', async () => {
    const harness = await createHarness()
    const { world, now, database, sync } = harness
    generate(world, { seed: 3, jobs: 300, from: now() - 20 * DAY, to: now() - DAY, fate: { stuckShare: 0 } })
    expect(await verified(harness)).toEqual({ differences: [], inFlight: 300 })
    await sync()
    const { rowCount } = await database.pool.query(
      `delete from llamacloud.classify_jobs where created_at < to_timestamp($1::numeric / 1e6)`,
      [now() - 10 * DAY],
    )
    expect((await verified(harness)).differences).toHaveLength(rowCount!)
    await database.pool.query(
      'update llamacloud_sync.sources set covered_from = to_timestamp($1::numeric / 1e6)',
      [now() - 10 * DAY],
    )
    expect(await verified(harness)).toEqual({ differences: [], inFlight: rowCount })
  })

  test('what a worker mends between the listing and the second look is no difference', async () => {
    const harness = await filled(250)
    const { world, api, database } = harness
    const [missing, changed] = idsOf(world)
    await database.pool.query('delete from llamacloud.classify_jobs where id = $1', [missing])
    await database.pool.query(`update llamacloud.classify_jobs set status = 'FAILED' where id = $1`, [
      changed,
    ])
    api.settings.intercept = async ({ query }) => {
      if (!query.has('job_ids')) return undefined
      api.settings.intercept = undefined
      await reconcile(harness)
      return undefined
    }
    expect(await verified(harness)).toEqual(NO_DIFFERENCE)
  })

  test('a job deleted after it was listed is no difference, equal or not', async () => {
    const harness = await filled(250)
    const { world, api, database } = harness
    const [equal, changed, missing] = idsOf(world)
    await database.pool.query(`update llamacloud.classify_jobs set status = 'x' where id = $1`, [changed])
    await database.pool.query('delete from llamacloud.classify_jobs where id = $1', [missing])
    api.settings.intercept = ({ query }) => {
      if (!query.has('job_ids')) return undefined
      for (const id of [equal, changed, missing]) world.remove(id!)
      api.settings.intercept = undefined
      return undefined
    }
    expect(await verified(harness)).toEqual(NO_DIFFERENCE)
  })

  test('A5: pages that shift meanwhile cause no false difference', async () => {
    const harness = await filled(250, { simulator: { paging: 'offset' }, run: { pageSize: 50 } })
    const { world, now, api, sync } = harness
    world.put({ id: 'open', createdAt: now() - MINUTE })
    await sync()
    const ids = idsOf(world)
    api.settings.intercept = ({ query }) => {
      if (isOfWalk(query) && query.has('page_token')) for (const id of ids.splice(0, 3)) world.remove(id)
      return undefined
    }
    expect(await verified(harness)).toEqual(NO_DIFFERENCE)
  })

  test('A2: a token that expires ends it with what to do', async () => {
    const harness = await filled(250)
    harness.api.settings.intercept = ({ query }) =>
      query.has('page_token') ? { kind: 'status', status: 410 } : undefined
    const failure = await verified(harness).catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(ApiUnavailableError)
    expect(String(failure)).toMatch(/expired.*run it again/)
  })
})
