import { describe, expect, test } from 'vitest'
import type { InterceptedRequest } from '../../src/simulator/faults.ts'
import { verify } from '../../src/sync/verify.ts'
import { DAY, HOUR, MINUTE } from '../../src/values/instant.ts'
import { compareWithWorld, EQUAL } from '../support/compare.ts'
import { createHarness, type Harness } from '../support/harness.ts'
import { unaccountedRuns } from '../support/sync-tables.ts'

const MEGABYTE = 1_024 * 1_024

interface Putting {
  readonly bytes?: number
  readonly status?: string
  readonly name?: string
}

function put(
  { world, now }: Harness,
  jobs: number,
  { bytes = 10, status = 'COMPLETED', name = 'job' }: Putting,
) {
  for (let index = 0; index < jobs; index += 1) {
    const fields = { status, error_message: `${index} ${'x'.repeat(bytes)}` }
    world.put({ id: `${name}-${index}`, createdAt: now() - HOUR - index * MINUTE, fields })
  }
}

async function storedPageSize({ database }: Harness): Promise<number | null> {
  const { rows } = await database.pool.query<{ items: number | null }>(
    'select page_size as items from llamacloud_sync.sources',
  )
  return rows[0]!.items
}

const idsOf = ({ query }: Pick<InterceptedRequest, 'query'>) => query.getAll('job_ids')
const askedById = ({ api }: Harness) => api.requests.entries.map(idsOf).filter((ids) => ids.length > 0)

/** Each page of a listing that this holds for has one job, whatever was asked for. */
function oneByOne({ api }: Harness, holds: (request: InterceptedRequest) => boolean): void {
  api.settings.intercept = (request) => {
    if (holds(request)) request.query.set('page_size', '1')
    return undefined
  }
}

describe('A23: jobs of half a megabyte', () => {
  test('I11: pages shrink, the next process begins with small ones, and they grow again', async () => {
    const harness = await createHarness()
    const { world, database, worker, advance, sync } = harness
    put(harness, 40, { bytes: 0.5 * MEGABYTE })
    const first = worker()
    expect(await sync(first)).toMatchObject({ outcome: 'succeeded' })
    expect(first.requests().byStatus['cut off']).toBeGreaterThan(0)
    expect(await compareWithWorld(database, world)).toEqual(EQUAL)
    expect(await storedPageSize(harness)).toBeLessThanOrEqual(16)
    advance(2 * HOUR)
    const second = worker()
    expect(await sync(second)).toMatchObject({ outcome: 'succeeded' })
    expect(second.requests().byStatus['cut off']).toBeUndefined()
    advance(10 * HOUR)
    put(harness, 300, { name: 'small' })
    await sync(second)
    expect(await storedPageSize(harness)).toBeGreaterThan(32)
    expect(await compareWithWorld(database, world)).toEqual(EQUAL)
    expect(await unaccountedRuns(database)).toEqual([])
  })

  test('I11: fewer of them are asked for by id at a time', async () => {
    const harness = await createHarness()
    const { api, world, database, advance, sync } = harness
    put(harness, 40, { bytes: 0.5 * MEGABYTE, status: 'RUNNING' })
    await sync()
    put(harness, 40, { bytes: 0.5 * MEGABYTE })
    advance(DAY)
    api.requests.reset()
    expect(await sync()).toMatchObject({ outcome: 'succeeded' })
    const asked = askedById(harness)
    expect(new Set(asked.flat()).size).toBe(40)
    expect(Math.max(...asked.map((ids) => ids.length))).toBeLessThanOrEqual(16)
    expect(await compareWithWorld(database, world)).toEqual(EQUAL)
  })

  test('I12: one that grows beyond every limit is set aside by its id, and no other', async () => {
    const harness = await createHarness()
    const { world, database, advance, sync } = harness
    put(harness, 20, { status: 'RUNNING' })
    await sync()
    put(harness, 20, {})
    put(harness, 1, { name: 'job', bytes: 17 * MEGABYTE })
    advance(10 * MINUTE)
    expect(await sync()).toMatchObject({ outcome: 'degraded' })
    const { rows } = await database.pool.query(
      'select job_id, reason from llamacloud_sync.rechecks where reason is not null',
    )
    expect(rows).toEqual([{ job_id: 'job-0', reason: expect.stringContaining('larger than 16 MB') }])
    const { missing, different } = await compareWithWorld(database, world)
    expect([missing, different]).toEqual([[], ['job-0']])
  })
})

test('A3, A4: pages of one job each, hundreds of them: that is no circle', async () => {
  const harness = await createHarness()
  const { world, database, sync } = harness
  put(harness, 450, {})
  oneByOne(harness, ({ query }) => query.has('created_at_on_or_before'))
  expect(await sync()).toMatchObject({ outcome: 'succeeded' })
  expect(await compareWithWorld(database, world)).toEqual(EQUAL)
})

describe('A2: the token of a listing by id', () => {
  const isExpired = ({ query }: InterceptedRequest) => query.has('job_ids') && query.has('page_token')

  test('that expires: the ids are asked for in halves', async () => {
    const harness = await createHarness()
    const { api, world, database, advance, sync } = harness
    put(harness, 30, { status: 'RUNNING' })
    await sync()
    put(harness, 30, {})
    oneByOne(harness, ({ query }) => query.has('job_ids'))
    const { intercept } = api.settings
    api.settings.intercept = (request) =>
      isExpired(request) ? { kind: 'status', status: 410 } : intercept?.(request)
    advance(10 * MINUTE)
    api.requests.reset()
    expect(await sync()).toMatchObject({ outcome: 'succeeded' })
    expect(await compareWithWorld(database, world)).toEqual(EQUAL)
    // A tree of halves has twice as many as leaves; each asks for two pages at most.
    expect(askedById(harness).length).toBeLessThan(4 * 30 + 10)
  })

  test('that expires while verify asks again: each difference is told once', async () => {
    const harness = await createHarness()
    const { api, database, source, sync } = harness
    put(harness, 12, {})
    await sync()
    await database.pool.query(`update llamacloud.classify_jobs set error_message = 'other'`)
    oneByOne(harness, ({ query }) => query.has('job_ids'))
    const { intercept } = api.settings
    api.settings.intercept = (request) =>
      isExpired(request) ? { kind: 'status', status: 410 } : intercept?.(request)
    const found: string[] = []
    const { differences } = await verify(source, new AbortController().signal, ({ id }) => found.push(id))
    expect(differences).toBe(12)
    expect(new Set(found).size).toBe(12)
  })

  test('I11: that expires for one id as well is an error, and bounded', async () => {
    const harness = await createHarness()
    const { api, advance, sync } = harness
    put(harness, 30, { status: 'RUNNING' })
    await sync()
    api.settings.intercept = (request) => {
      if (isExpired(request)) return { kind: 'status', status: 422 }
      if (!request.query.has('job_ids')) return undefined
      return { kind: 'page', change: (page) => ({ ...page, next_page_token: 'more' }) }
    }
    advance(10 * MINUTE)
    api.requests.reset()
    await expect(sync()).rejects.toThrow('expire before the listing for one id ends')
    expect(askedById(harness).length).toBeLessThan(4 * 30 + 10)
  })
})
