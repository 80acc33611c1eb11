import { describe, expect, test } from 'vitest'
import type { Fault, InterceptedRequest, Page } from '../../../src/simulator/faults.ts'
import { generate } from '../../../src/simulator/generate.ts'
import { DAY, HOUR, MINUTE } from '../../../src/values/instant.ts'
import { compareWithWorld, EQUAL } from '../../support/compare.ts'
import { createHarness, type Harness } from '../../support/harness.ts'
import { latestRun, totalCounts, unaccountedRuns, unreadSpans } from '../../support/sync-tables.ts'

/** A harness with 1,000 jobs to come, so that the history is one window of ten pages. */
async function withJobs(): Promise<Harness> {
  const harness = await createHarness()
  generate(harness.world, { seed: 11, jobs: 1_000, from: harness.now() - 30 * DAY, to: harness.now() - HOUR })
  return harness
}

const change = (to: (page: Page) => unknown): Fault => ({ kind: 'page', change: to })
const token = ({ query }: InterceptedRequest) => query.get('page_token')

describe('a listing that misbehaves', () => {
  test.each([400, 404, 410, 422])(
    'A2: a token that expires in the middle (%i): the window is begun again',
    async (status) => {
      const { world, sync, api, database } = await withJobs()
      let tokens = 0
      api.settings.intercept = (request) => {
        if (token(request) !== null) tokens += 1
        return tokens === 5 && token(request) !== null ? { kind: 'status', status } : undefined
      }
      expect((await sync()).outcome).toBe('succeeded')
      expect(await compareWithWorld(database, world)).toEqual(EQUAL)
      const { received, inserted, unchanged } = await totalCounts(database)
      expect({ inserted, unchanged, received }).toEqual({ inserted: 1_000, unchanged: 500, received: 1_500 })
    },
  )

  test('A2, I11: tokens that never live: spans are halved until each is one page, and all is stored', async () => {
    const { world, sync, api, database } = await withJobs()
    api.settings.intercept = (request) =>
      token(request) === null ? undefined : { kind: 'status', status: 410 }
    expect((await sync()).outcome).toBe('succeeded')
    expect(await compareWithWorld(database, world)).toEqual(EQUAL)
    expect(api.requests.total).toBeLessThan(150)
  })

  test('A2: a request without a token that is refused is no expired token', async () => {
    const { sync, api, database } = await withJobs()
    api.settings.intercept = () => ({ kind: 'status', status: 404 })
    await expect(sync()).rejects.toThrow('404')
    // The second tells that it is not of this listing alone.
    expect(api.requests.total).toBe(2)
    expect(await latestRun(database)).toMatchObject({ outcome: 'failed', pages: 0, requests: 2 })
  })

  test('A3: empty pages with a token are not the end', async () => {
    const { world, sync, api, database } = await withJobs()
    let empty = 0
    // Before each page but the first comes an empty one, whose token leads to it.
    api.settings.intercept = ({ query }) => {
      const asked = query.get('page_token')
      if (asked === null) return undefined
      if (asked.startsWith('real ')) {
        query.set('page_token', asked.slice('real '.length))
        return undefined
      }
      empty += 1
      return {
        kind: 'status',
        status: 200,
        body: JSON.stringify({ items: [], next_page_token: `real ${asked}` }),
      }
    }
    expect((await sync()).outcome).toBe('succeeded')
    expect(await compareWithWorld(database, world)).toEqual(EQUAL)
    expect(empty).toBe(9)
  })

  test('A4, I12: a token that repeats: no page with it is committed, the run is degraded, and what is set aside is read later', async () => {
    const { world, sync, advance, api, database } = await withJobs()
    const tokens: string[] = []
    api.settings.intercept = () =>
      change((page) => {
        if (page.next_page_token) tokens.push(page.next_page_token)
        return { ...page, next_page_token: tokens.length > 3 ? tokens[0] : page.next_page_token }
      })
    expect((await sync()).outcome).toBe('degraded')
    expect(api.requests.total).toBeLessThan(1_000)
    const { rows } = await database.pool.query<{ reason: string }>(
      'select distinct reason from llamacloud_sync.spans where reason is not null',
    )
    expect(rows.length).toBeGreaterThan(0)
    // The token of another listing is refused as one that expired.
    for (const { reason } of rows) expect(reason).toMatch(/loops|page tokens of the API expire/)
    expect(await latestRun(database)).toMatchObject({ outcome: 'degraded', error: null })
    api.settings.intercept = undefined
    advance(HOUR)
    expect((await sync()).outcome).toBe('succeeded')
    expect(await compareWithWorld(database, world)).toEqual(EQUAL)
  })

  test('A4, I11: fresh tokens for ever with empty pages: a clear error', async () => {
    const { sync, api, database } = await withJobs()
    let count = 0
    api.settings.intercept = ({ query }) => {
      query.delete('page_token') // made up here, and unknown to the simulator
      count += 1
      return change(() => ({ items: [], next_page_token: `token ${count}` }))
    }
    await expect(sync()).rejects.toThrow('too many empty pages')
    // 1,000 pages of the head; the history is cut until the budget of the run is spent.
    expect(api.requests.total).toBeLessThanOrEqual(1_500)
    expect((await latestRun(database)).outcome).toBe('failed')
    expect(await unreadSpans(database)).toHaveLength(1)
  })

  test('A5, I7: items that repeat across pages and on one page are stored once and counted each time', async () => {
    const { world, sync, api, database } = await withJobs()
    let before: Page['items'] = []
    api.settings.intercept = ({ query }) =>
      query.has('job_ids')
        ? undefined
        : change((page) => {
            const items = [...before.slice(0, 20), ...page.items, ...page.items.slice(0, 3)]
            before = page.items
            return { ...page, items }
          })
    expect((await sync()).outcome).toBe('succeeded')
    expect(await compareWithWorld(database, world)).toEqual(EQUAL)
    const { inserted, unchanged, received } = await totalCounts(database)
    expect({ inserted, unchanged, received }).toEqual({ inserted: 1_000, unchanged: 210, received: 1_210 })
    expect(await unaccountedRuns(database)).toEqual([])
  })

  test('A5: jobs that arrive while a list paged by offset is read shift it, and none is missed', async () => {
    const { world, sync, advance, api, database, now } = await createHarness({
      simulator: { order: 'descending', paging: 'offset', latencyMs: 2_000 },
      run: { concurrency: 2 },
    })
    generate(world, { seed: 12, jobs: 1_500, from: now() - 5 * MINUTE, to: now() + 5 * MINUTE })
    await sync()
    advance(HOUR)
    api.settings.latencyMs = 0
    await sync()
    expect(await compareWithWorld(database, world)).toEqual(EQUAL)
    expect((await totalCounts(database)).unchanged).toBeGreaterThan(0)
  })
})
