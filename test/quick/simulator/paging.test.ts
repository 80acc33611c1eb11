import { describe, expect, test } from 'vitest'
import { generate } from '../../../src/simulator/generate.ts'
import type { JsonObject } from '../../../src/simulator/json.ts'
import type { Order, Paging } from '../../../src/simulator/page.ts'
import type { SimulatorOptions } from '../../../src/simulator/server.ts'
import { DAY, HOUR } from '../../../src/values/instant.ts'
import { get, idsOf, job, listAll, NOON, simulate, worldAt } from './support.ts'

/** 60 generated jobs, three with one created_at between them, and two without. */
async function simulator(options: Omit<SimulatorOptions, 'world'>) {
  const { world } = worldAt(NOON + DAY)
  generate(world, { seed: 1, jobs: 60, from: NOON, to: NOON + HOUR, fate: { failedShare: 0.5 } })
  for (const id of ['tie-b', 'tie-a', 'tie-c']) world.put(job(id, NOON + HOUR / 2))
  world.put(job('undated-2', null), job('undated-1', null))
  const running = await simulate({ world, ...options })
  const ids = [...world.all()].map((payload) => (payload as JsonObject).id)
  return { ...running, ids }
}

const ORDERS: Order[] = ['ascending', 'descending', 'shuffled']
const PAGINGS: Paging[] = ['keyset', 'offset']
const COMBINATIONS = ORDERS.flatMap((order) => PAGINGS.map((paging) => ({ order, paging })))

describe('a world that stands still', () => {
  test.each(COMBINATIONS)('A1: $order by $paging shows every job once', async ({ order, paging }) => {
    const running = await simulator({ order, paging })
    const { ids, pages } = await listAll(running, { page_size: 7 })
    expect(pages).toBe(10)
    const expected = order === 'descending' ? running.ids.toReversed() : running.ids
    if (order === 'shuffled') expect(ids).not.toEqual(expected)
    else expect(ids).toEqual(expected)
    expect(ids.toSorted()).toEqual(running.ids.toSorted())
  })

  test.each(COMBINATIONS)('filters hold on every page, $order by $paging', async ({ order, paging }) => {
    const running = await simulator({ order, paging })
    const failed = [...running.world.all()].filter((payload) => (payload as JsonObject).status === 'FAILED')
    expect(failed.length).toBeGreaterThan(10)
    const byStatus = await listAll(running, { page_size: 3, status: 'FAILED' })
    expect(byStatus.ids.toSorted()).toEqual(failed.map((payload) => (payload as JsonObject).id).toSorted())
    const some = running.ids.filter((_, index) => index % 3 === 0).map(String)
    const byId = await listAll(running, { page_size: 5, job_ids: some })
    expect(byId.ids.toSorted()).toEqual(some.toSorted())
  })

  test('a page size that divides the number of jobs gives no empty last page', async () => {
    const running = await simulator({})
    expect((await listAll(running, { page_size: 13 })).pages).toBe(5)
    expect((await listAll(running, { page_size: 65 })).pages).toBe(1)
    expect((await listAll(running, { page_size: 64 })).pages).toBe(2)
  })

  test('the page size may change from page to page', async () => {
    const running = await simulator({})
    const first = await get(running, { page_size: 5 })
    const second = await get(running, { page_size: 100, page_token: String(first.body.next_page_token) })
    expect([...idsOf(first), ...idsOf(second)]).toEqual(running.ids)
  })

  test('shuffling is the same for the same seed and token', async () => {
    const [one, two, three] = [
      await simulator({ seed: 's' }),
      await simulator({ seed: 's' }),
      await simulator({ seed: 't' }),
    ]
    for (const { settings } of [one, two, three]) settings.order = 'shuffled'
    expect(await listAll(one)).toEqual(await listAll(two))
    expect(await listAll(one)).not.toEqual(await listAll(three))
  })

  test('A1: changing order and paging within a listing skips and repeats nothing', async () => {
    const running = await simulator({ order: 'ascending', paging: 'keyset' })
    const { ids } = await listAll(running, { page_size: 7 }, (page) => {
      running.settings.order = ORDERS[page % 3]!
      running.settings.paging = PAGINGS[page % 2]!
    })
    expect(ids.toSorted()).toEqual(running.ids.toSorted())
    expect(ids).toHaveLength(running.ids.length)
  })
})

describe('A5: a world that changes between pages', () => {
  test('by offset, a deletion on a page already read hides a job, a creation repeats one', async () => {
    const running = await simulator({ paging: 'offset' })
    const [first, , , , , , , eighth] = running.ids.map(String)
    const afterDeletion = await listAll(running, { page_size: 7 }, (page) => {
      if (page === 1) running.world.remove(String(first))
    })
    expect(afterDeletion.ids).not.toContain(eighth)
    const afterCreation = await listAll(running, { page_size: 7 }, (page) => {
      if (page === 1) running.world.restore(String(first))
    })
    expect(afterCreation.ids.filter((id) => id === eighth)).toHaveLength(2)
  })

  test.each(['ascending', 'descending'] as const)('by keyset, %s, nothing else shifts', async (order) => {
    const running = await simulator({ order })
    const listed = order === 'ascending' ? running.ids : running.ids.toReversed()
    const removed = listed.slice(6, 9).map(String)
    const { ids } = await listAll(running, { page_size: 7 }, (page) => {
      if (page === 1) for (const id of removed) running.world.remove(id)
    })
    expect(ids).toEqual(listed.filter((id, index) => index === 6 || !removed.includes(String(id))))
  })
})

describe('page tokens', () => {
  test('A2: garbage, tampering and other filters are refused, and never by a page', async () => {
    const running = await simulator({})
    const token = String((await get(running, { status: 'FAILED' })).body.next_page_token)
    const other = token.at(-1) === 'A' ? 'E' : 'A'
    const attempts = [
      { page_token: '' },
      { page_token: 'garbage' },
      { page_token: token },
      { page_token: token, status: 'COMPLETED' },
      { page_token: token, status: 'FAILED', created_at_on_or_after: '2020-01-01T00:00:00Z' },
      { page_token: token, status: 'FAILED', job_ids: ['a'] },
      { page_token: `${token.slice(0, -1)}${other}`, status: 'FAILED' },
      { page_token: `${token}=`, status: 'FAILED' },
    ]
    for (const attempt of attempts) {
      const { status, body } = await get(running, attempt)
      expect([status, body]).toEqual([400, { detail: 'Invalid page token' }])
    }
    expect((await get(running, { page_token: token, status: 'FAILED' })).status).toBe(200)
  })

  test('a token of another simulator is refused unless the seeds agree', async () => {
    const [one, two, three] = [await simulator({}), await simulator({}), await simulator({ seed: 'other' })]
    const token = String((await get(one)).body.next_page_token)
    expect((await get(two, { page_token: token })).status).toBe(200)
    expect((await get(three, { page_token: token })).status).toBe(400)
  })
})
