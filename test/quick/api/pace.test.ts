import { describe, expect, test } from 'vitest'
import { createPace, createPaces } from '../../../src/api/pace.ts'
import { createVirtualClock, seededRandom } from '../../support/virtual-clock.ts'

/** The most beginnings in any half-open window of `perMs`. */
function busiest(begun: readonly number[], perMs: number): number {
  return Math.max(...begun.map((start) => begun.filter((at) => at >= start && at < start + perMs).length))
}

describe('rate', () => {
  test.each([
    ['10/s', 10, 1_000, 200],
    ['20/m', 20, 60_000, 100],
    ['1/s', 1, 1_000, 20],
    ['500/s', 500, 1_000, 2_000],
  ])(
    '%s is never exceeded in any window, and reached to 95 percent under load',
    async (_, count, perMs, total) => {
      const clock = createVirtualClock()
      const random = seededRandom(7)
      // Timers of a busy process wake late.
      const late = {
        ...clock,
        sleep: (ms: number, signal?: AbortSignal) => clock.sleep(ms + random() * 2, signal),
      }
      const pace = createPace({ clock: late, concurrency: 64, rate: { count, perMs } })
      const begun: number[] = []
      const request = async () => {
        begun.push(clock.monotonic())
        await clock.sleep((perMs / count) * random() * 5)
      }
      await Promise.all(Array.from({ length: total }, () => pace.run(request)))
      expect(busiest(begun, perMs)).toBeLessThanOrEqual(count)
      const rate = (total - 1) / (begun.at(-1)! - begun[0]!)
      expect(rate).toBeGreaterThanOrEqual((0.95 * count) / perMs)
    },
  )

  test('it holds when the process stood still for a while', async () => {
    const clock = createVirtualClock()
    const pace = createPace({ clock, concurrency: 8, rate: { count: 10, perMs: 1_000 } })
    const begun: number[] = []
    const request = async () => {
      begun.push(clock.monotonic())
      if (begun.length % 15 === 0) clock.advance(730)
    }
    await Promise.all(Array.from({ length: 60 }, () => pace.run(request)))
    expect(busiest(begun, 1_000)).toBeLessThanOrEqual(10)
  })

  test('a lone request does not wait', async () => {
    const clock = createVirtualClock()
    const pace = createPace({ clock, concurrency: 1, rate: { count: 1, perMs: 60_000 } })
    expect(await pace.run(async () => clock.monotonic())).toBe(0)
  })
})

test('no more requests are in flight than the concurrency allows, and that many are', async () => {
  const clock = createVirtualClock()
  const pace = createPace({ clock, concurrency: 3, rate: { count: 1_000, perMs: 1_000 } })
  let flying = 0
  let most = 0
  const request = async () => {
    most = Math.max(most, ++flying)
    await clock.sleep(100)
    flying -= 1
  }
  await Promise.all(Array.from({ length: 12 }, () => pace.run(request)))
  expect(most).toBe(3)
})

describe('told exactly the limit, on a machine where requests reach the API with uneven delays', () => {
  /** Ten in any second; whatever is refused pauses all for a second and is sent again. */
  async function send(total: number, delayMs: number) {
    const clock = createVirtualClock()
    const random = seededRandom(7)
    const pace = createPace({ clock, concurrency: 8, rate: { count: 10, perMs: 1_000 } })
    const accepted: number[] = []
    let refused = 0
    const attempt = async (): Promise<boolean> => {
      await clock.sleep(random() * delayMs)
      const now = clock.monotonic()
      const isRefused = accepted.filter((at) => at > now - 1_000).length >= 10
      if (!isRefused) accepted.push(now)
      await clock.sleep(20)
      if (isRefused) pace.pause(1_000)
      return !isRefused
    }
    const request = async () => {
      while (!(await pace.run(attempt))) refused += 1
    }
    await Promise.all(Array.from({ length: total }, request))
    return { refused, perSecond: (1_000 * (total - 1)) / (accepted.at(-1)! - accepted[0]!) }
  }

  test.each([0, 5])('delays of up to %i ms: nothing is refused', async (delayMs) => {
    expect(await send(300, delayMs)).toEqual({ refused: 0, perSecond: expect.closeTo(9.9, 1) })
  })

  test.each([30, 80, 150])('of up to %i ms: what is refused slows it down', async (delayMs) => {
    const { refused, perSecond } = await send(300, delayMs)
    expect(refused).toBeGreaterThan(0)
    expect(refused).toBeLessThanOrEqual(2)
    expect(perSecond).toBeGreaterThan(7.5)
  })

  test('it recovers, and meets the limit again only after hundreds of requests', async () => {
    const { refused, perSecond } = await send(5_000, 80)
    expect(refused).toBeLessThanOrEqual(12)
    expect(perSecond).toBeGreaterThan(8.5)
  })
})

test('once it was refused it catches nothing up: an API that allows no burst refuses only a few', async () => {
  const clock = createVirtualClock()
  const random = seededRandom(7)
  // Timers of a busy machine wake late, and what is sent arrives at uneven times.
  const late = {
    ...clock,
    sleep: (ms: number, signal?: AbortSignal) => clock.sleep(ms + random() * 60, signal),
  }
  const pace = createPace({ clock: late, concurrency: 8, rate: { count: 10, perMs: 1_000 } })
  let [freeAt, refused] = [0, 0]
  const attempt = async (): Promise<boolean> => {
    await clock.sleep(random() * 30)
    const isRefused = clock.monotonic() < freeAt
    if (isRefused) pace.pause(1_000)
    else freeAt = clock.monotonic() + 100
    return !isRefused
  }
  const request = async () => {
    while (!(await pace.run(attempt))) refused += 1
  }
  await Promise.all(Array.from({ length: 300 }, request))
  expect(refused).toBeGreaterThan(0)
  expect(refused).toBeLessThanOrEqual(5)
})

describe('pause', () => {
  test('every request waits for its end, those already in the queue as well', async () => {
    const clock = createVirtualClock()
    const pace = createPace({ clock, concurrency: 4, rate: { count: 10, perMs: 1_000 } })
    const begun: number[] = []
    const request = async () => {
      begun.push(clock.monotonic())
      if (begun.length === 2) {
        pace.pause(5_000)
        pace.pause(1_000)
      }
    }
    await Promise.all(Array.from({ length: 6 }, () => pace.run(request)))
    const pausedUntil = begun[1]! + 5_000
    expect(begun[2]).toBe(pausedUntil)
    expect(begun.slice(2).every((at) => at >= pausedUntil)).toBe(true)
  })

  test('an abort ends the waiting at once, and the next in line is not held up', async () => {
    const clock = createVirtualClock({ holdFrom: 1_000 })
    const pace = createPace({ clock, concurrency: 2, rate: { count: 100, perMs: 1_000 } })
    pace.pause(60_000)
    const controller = new AbortController()
    const reason = new Error('stop')
    let ran = 0
    const request = async () => (ran += 1)
    const aborted = Array.from({ length: 4 }, () => pace.run(request, controller.signal))
    const patient = pace.run(request)
    controller.abort(reason)
    for (const outcome of await Promise.allSettled(aborted)) expect(outcome).toMatchObject({ reason })
    expect(ran).toBe(0)
    // The patient one gets to its turn only now, and sleeps.
    await new Promise((resolve) => setImmediate(resolve))
    clock.advance(60_000)
    expect(await patient).toBe(1)
  })
})

test.each([
  ['10/s', 10, 1_000],
  ['20/m', 20, 60_000],
  ['1/s', 1, 1_000],
])('of %s a quarter can be reserved, and nothing after the end of the time for it', (_, count, perMs) => {
  const pace = createPace({ clock: createVirtualClock(), concurrency: 8, rate: { count, perMs } })
  const until = 20 * perMs
  const turns: number[] = []
  for (let at = pace.reserve(until); at !== undefined; at = pace.reserve(until)) turns.push(at)
  expect(turns[0]).toBe(0)
  expect(turns.at(-1)).toBeLessThanOrEqual(until)
  expect(turns.length).toBeGreaterThan(0.9 * 5 * count)
  expect(busiest(turns, 4 * perMs)).toBeLessThanOrEqual(count)
})

test('one API and key have one pace, another has its own', () => {
  const paceOf = createPaces({ clock: createVirtualClock(), concurrency: 1, rate: { count: 1, perMs: 1 } })
  expect(paceOf('https://a')).toBe(paceOf('https://a'))
  expect(paceOf('https://a')).not.toBe(paceOf('https://b'))
  expect(paceOf('https://a', 'key')).toBe(paceOf('https://a', 'key'))
  expect(paceOf('https://a', 'key')).not.toBe(paceOf('https://a', 'other'))
})
