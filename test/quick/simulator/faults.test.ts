import { describe, expect, test } from 'vitest'
import type { Clock } from '../../../src/clock.ts'
import type { Fault, Intercept } from '../../../src/simulator/faults.ts'
import { Bucket } from '../../../src/simulator/rate-limit.ts'
import { type SimulatorOptions, startSimulator } from '../../../src/simulator/server.ts'
import { DAY, HOUR, MILLISECOND } from '../../../src/values/instant.ts'
import { get, idsOf, job, listAll, NOON, simulate, worldAt } from './support.ts'

/** Sleeping takes no time: it moves the clock and is remembered. */
function fakeClock() {
  const slept: number[] = []
  let ms = 0
  const clock: Clock = {
    now: () => ms,
    monotonic: () => ms,
    sleep: async (duration) => {
      slept.push(duration)
      ms += duration
    },
  }
  const advance = (duration: number) => {
    ms += duration
  }
  return { clock, slept, advance }
}

async function simulator(options: Omit<SimulatorOptions, 'world'> = {}) {
  const { world, time } = worldAt(NOON)
  for (const id of ['a', 'b', 'c']) world.put(job(id, NOON))
  return { ...(await simulate({ world, ...options })), time }
}

/** The fault for the first request, none afterwards. */
function once(fault: Fault): Intercept {
  return ({ count }) => (count === 1 ? fault : undefined)
}

describe('faults', () => {
  test('A17: a proper answer whose Date is ahead, or behind', async () => {
    for (const ahead of [DAY, -HOUR]) {
      const running = await simulator({ intercept: once({ kind: 'date', ahead }) })
      const reply = await get(running)
      expect(reply.status).toBe(200)
      expect(Date.parse(reply.headers.get('date') ?? '') * MILLISECOND).toBe(NOON + ahead)
      expect(Date.parse((await get(running)).headers.get('date') ?? '') * MILLISECOND).toBe(NOON)
    }
  })

  test('the log says what was asked, also where the query was rewritten', async () => {
    const running = await simulator({
      intercept: ({ query }) => {
        query.delete('job_ids')
        return undefined
      },
    })
    expect(idsOf(await get(running, { job_ids: ['b'] }))).toEqual(['a', 'b', 'c'])
    expect(running.requests.entries[0]?.query.getAll('job_ids')).toEqual(['b'])
  })

  test('A12: any status with any body and headers', async () => {
    const headers = { 'content-type': 'text/html', 'retry-after': '7', date: 'yesterday' }
    const running = await simulator({
      intercept: once({ kind: 'status', status: 503, body: '<h1>Busy</h1>', headers }),
    })
    const reply = await get(running)
    expect([reply.status, reply.text]).toEqual([503, '<h1>Busy</h1>'])
    expect(Object.fromEntries(reply.headers)).toMatchObject(headers)
    expect((await get(running)).status).toBe(200)
    expect(running.requests.entries.map(({ status, fault }) => [status, fault])).toEqual([
      [503, 'status'],
      [200, undefined],
    ])
  })

  test('A12: a reset connection', async () => {
    const running = await simulator({ intercept: once({ kind: 'reset' }) })
    await expect(get(running)).rejects.toMatchObject({ cause: { code: 'ECONNRESET' } })
    expect(idsOf(await get(running))).toEqual(['a', 'b', 'c'])
    expect(running.requests.entries[0]).toMatchObject({ fault: 'reset' })
    expect(running.requests.byStatus).toEqual({ 200: 1 })
  })

  test('A12: a body cut off half way', async () => {
    const running = await simulator({ intercept: once({ kind: 'cut' }) })
    const headers = { authorization: `Bearer ${running.settings.apiKey}` }
    const response = await fetch(`${running.url}/api/v2/classify`, { headers })
    expect(response.status).toBe(200)
    await expect(response.text()).rejects.toThrow('terminated')
    expect(idsOf(await get(running))).toEqual(['a', 'b', 'c'])
  })

  test('A12: HTML in place of JSON', async () => {
    const running = await simulator({ intercept: once({ kind: 'garbage' }) })
    const reply = await get(running)
    expect([reply.status, reply.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8'])
    expect(() => JSON.parse(reply.text)).toThrow(SyntaxError)
  })

  test('A12: an answer that never comes, until the client gives up or the simulator closes', async () => {
    const { world } = worldAt(NOON)
    const giveUp = new AbortController()
    const arrivals: (() => void)[] = []
    const intercept: Intercept = () => {
      arrivals.shift()?.()
      return { kind: 'hang' }
    }
    const running = await startSimulator({ world, intercept })
    const arrived = () => new Promise<void>((resolve) => arrivals.push(resolve))
    const first = arrived()
    const given = expect(fetch(`${running.url}/api/v2/classify`, { signal: giveUp.signal })).rejects.toThrow(
      'aborted',
    )
    await first
    giveUp.abort()
    await given
    const second = arrived()
    const closed = expect(get(running)).rejects.toThrow('fetch failed')
    await second
    await running.close()
    await closed
    await running.close()
    expect(running.requests.entries.map(({ status, fault }) => [status, fault])).toEqual([
      [undefined, 'hang'],
      [undefined, 'hang'],
    ])
  })

  test('a delay and the latency pass on the injected clock', async () => {
    const { clock, slept } = fakeClock()
    const running = await simulator({ clock, latencyMs: 20, intercept: once({ kind: 'delay', ms: 60_000 }) })
    await get(running)
    await get(running)
    running.settings.latencyMs = 0
    expect(idsOf(await get(running))).toEqual(['a', 'b', 'c'])
    expect(slept).toEqual([60_020, 20])
  })

  test('A3: an empty page that carries a token', async () => {
    const intercept = once({
      kind: 'page',
      change: (page) => ({ ...page, items: [], next_page_token: 'more' }),
    })
    const running = await simulator({ intercept })
    expect((await get(running)).body).toEqual({ items: [], next_page_token: 'more', total_size: null })
    expect(running.requests.entries[0]).toMatchObject({ status: 200, items: 0, fault: 'page' })
  })

  test('A4: a page token that repeats', async () => {
    const running = await simulator()
    running.settings.intercept = ({ query }) => {
      const token = query.get('page_token')
      return token ? { kind: 'page', change: (page) => ({ ...page, next_page_token: token }) } : undefined
    }
    await expect(listAll(running, { page_size: 1 })).rejects.toThrow('does not end')
  })

  test('a page may be held back while the world moves on', async () => {
    const running = await simulator()
    running.settings.intercept = once({
      kind: 'page',
      change: async (page) => {
        running.time.now++
        running.world.remove('a')
        return page
      },
    })
    expect(idsOf(await get(running))).toEqual(['a', 'b', 'c'])
    expect(idsOf(await get(running))).toEqual(['b', 'c'])
  })

  test('a change of the page leaves refusals alone', async () => {
    const running = await simulator({ intercept: () => ({ kind: 'page', change: () => 'page' }) })
    expect((await get(running, { page_size: 0 })).status).toBe(422)
    expect((await get(running)).text).toBe('"page"')
  })

  test('the intercept sees every request, and one that throws answers 500', async () => {
    const seen: [string, string | null, number][] = []
    const running = await simulator({
      intercept: async ({ url, query, count }) => {
        seen.push([url.pathname, query.get('status'), count])
        if (count === 3) throw new Error('out of order')
        return undefined
      },
    })
    await get(running, { status: 'FAILED' })
    await fetch(`${running.url}/elsewhere`)
    const reply = await get(running)
    expect(seen).toEqual([
      ['/api/v2/classify', 'FAILED', 1],
      ['/elsewhere', null, 2],
      ['/api/v2/classify', null, 3],
    ])
    expect([reply.status, reply.text]).toEqual([500, expect.stringContaining('out of order')])
  })
})

describe('rate limit', () => {
  test('A13: 429 with Retry-After once the burst is used up, until time has passed', async () => {
    const { clock, advance } = fakeClock()
    const running = await simulator({ clock, rateLimit: { perSecond: 20 / 60, burst: 2 } })
    const statuses = async (count: number) => {
      const replies = []
      for (let request = 0; request < count; request++) replies.push(await get(running))
      return replies.map(({ status, headers }) => [status, headers.get('retry-after')])
    }
    expect(await statuses(3)).toEqual([
      [200, null],
      [200, null],
      [429, '3'],
    ])
    advance(2_000)
    expect(await statuses(1)).toEqual([[429, '1']])
    advance(1_000)
    expect(await statuses(2)).toEqual([
      [200, null],
      [429, '3'],
    ])
    expect(running.requests.byStatus).toEqual({ 200: 3, 429: 3 })
    running.settings.rateLimit = undefined
    expect(await statuses(1)).toEqual([[200, null]])
  })

  test('over a long time exactly the rate gets through', () => {
    const bucket = new Bucket()
    let granted = 0
    for (let ms = 0; ms < 100_000; ms += 10) if (!bucket.take({ perSecond: 40 }, ms)) granted++
    expect(granted).toBe(40 + 40 * 100 - 1)
  })
})
