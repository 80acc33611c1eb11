import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { arrivals } from '../../../../src/simulator/arrivals.ts'
import type { Order } from '../../../../src/simulator/page.ts'
import { createRandom } from '../../../../src/simulator/random.ts'
import type { Bounds } from '../../../../src/store/spans.ts'
import { Estimate } from '../../../../src/sync/timeline/estimate.ts'
import { densityOf, WindowPlan } from '../../../../src/sync/timeline/plan.ts'
import {
  DAY,
  formatInstant,
  HOUR,
  type Instant,
  parseInstant,
  SECOND,
} from '../../../../src/values/instant.ts'
import { freshWindow, leastRequests, OPTIONS, readByPlan, type Window } from '../../../support/plan-world.ts'

const START = parseInstant('2024-01-01T00:00:00Z')!
const ORDERS: readonly Order[] = ['ascending', 'descending', 'shuffled']

function uneven(count: number, from: Instant, to: Instant, arrival: 'even' | 'bursty' = 'bursty') {
  return arrivals({ count, from, to, arrival, random: createRandom('plan') })
}

/** The spans, put together: they must make up `whole` with shared boundaries, and nothing twice. */
function isPartition(spans: readonly Bounds[], whole: Bounds): boolean {
  const sorted = spans.toSorted((left, right) => left.lower - right.lower || left.upper - right.upper)
  const ends = [whole.lower, ...sorted.map(({ upper }) => upper)]
  return ends.at(-1) === whole.upper && sorted.every(({ lower }, index) => lower === ends[index])
}

describe('a plan, whatever it is told', () => {
  /** Of pages of 100 jobs, a second apart, that begin at these moments. */
  const estimateOf = (pages: readonly Instant[]) => {
    const estimate = new Estimate()
    for (const start of pages) {
      const jobs = Array.from({ length: 100 }, (_, index) => start + index * SECOND)
      estimate.add(
        jobs.map((at) => ({ id: String(at), projectId: null, createdAt: formatInstant(at) })),
        true,
      )
    }
    return estimate
  }
  const at = fc.integer({ min: START, max: START + 1_000 * DAY })
  const step = fc.record({
    lane: fc.nat(7),
    does: fc.constantFrom('takes', 'drains', 'gives back'),
    jobs: fc.nat(5_000),
    pages: fc.array(at, { maxLength: 4 }),
  })

  test('I2: what is handed out and not given back, and what remains, always make up the spans', () => {
    const ends = fc
      .uniqueArray(at, { minLength: 2, maxLength: 6 })
      .map((all) => all.toSorted((a, b) => a - b))
    fc.assert(
      fc.property(ends, fc.array(step, { maxLength: 60 }), (all, steps) => {
        const spans = all.slice(1).map((upper, index) => ({ lower: all[index]!, upper }))
        const plan = new WindowPlan(spans.map(freshWindow), OPTIONS)
        const handedOut: Window[] = []
        for (const { lane, does, jobs, pages } of steps) {
          const index = handedOut.length === 0 ? 0 : lane % handedOut.length
          const window = does === 'takes' ? plan.next() : handedOut[index]
          if (!window) continue
          if (does === 'takes') handedOut.push(window)
          else if (does === 'drains') plan.drained(window, jobs)
          else plan.giveBack(window, estimateOf(pages))
          if (does === 'gives back') handedOut.splice(index, 1)
          expect(isPartition([...handedOut, ...plan.remaining], { lower: all[0]!, upper: all.at(-1)! })).toBe(
            true,
          )
        }
      }),
    )
  })
})

describe('a lane is idle', () => {
  const long = { lower: START, upper: START + 16 * HOUR }
  /** Three pages of ten minutes each: 93 lie ahead. */
  const dense = () => {
    const estimate = new Estimate()
    for (let page = 0; page < 3; page += 1) {
      const jobs = Array.from({ length: 100 }, (_, index) => long.upper - (page * 100 + index) * 6 * SECOND)
      estimate.add(
        jobs.map((at) => ({ id: String(at), projectId: null, createdAt: formatInstant(at) })),
        true,
      )
    }
    return estimate
  }
  const beside = { lower: long.upper, upper: long.upper + DAY, pages: 1 }

  test('only where a window of the plan ended: spans that are read beside it do not make it so', () => {
    const plan = new WindowPlan([freshWindow(long), freshWindow(beside)], { ...OPTIONS, concurrency: 2 })
    expect([plan.next(), plan.next(), plan.next()].map((window) => window?.upper)).toEqual([
      beside.upper,
      long.upper,
      undefined,
    ])
    plan.drained({ lower: long.lower - DAY, upper: long.lower, pages: 1 }, 100)
    expect(plan.shouldSplit({ ...long, pages: 3 }, dense())).toBe(false)
    plan.drained(beside, 100)
    expect(plan.shouldSplit({ ...long, pages: 3 }, dense())).toBe(true)
  })

  test('and what the windows beside it have read counts as read: a long one is split before any is drained', () => {
    const plan = new WindowPlan([freshWindow(long), freshWindow(beside)], { ...OPTIONS, concurrency: 3 })
    for (const _ of [1, 2]) plan.next()
    const open = { ...beside, pages: 40 }
    for (let page = 0; page < 40; page += 1) plan.shouldSplit(open, new Estimate())
    expect(plan.shouldSplit({ ...long, pages: 8 }, dense())).toBe(true)
  })
})

describe.each(ORDERS)('the requests of a plan, listing %s', (order) => {
  test('at most 10 % more than there are pages, for 200,000 jobs over two uneven years', () => {
    const times = uneven(200_000, START, START + 730 * DAY)
    const whole = { lower: START, upper: START + 730 * DAY }
    const { requests, drained } = readByPlan({ times, order }, [whole])
    expect(isPartition(drained, whole)).toBe(true)
    expect(requests).toBeLessThanOrEqual(leastRequests(200_000) * 1.1)
    // Many enough to be read in parallel to the end.
    expect(drained.length).toBeGreaterThan(4 * OPTIONS.concurrency)
  })

  test('a history that goes on begins with windows of the right size, and splits none to learn it', () => {
    const whole = { lower: START, upper: START + 200 * DAY }
    const times = uneven(40_000, whole.lower, whole.upper, 'even')
    const above = [
      { lower: whole.upper + 10 * DAY, upper: whole.upper + 90 * DAY, items: 0 },
      { lower: whole.upper, upper: whole.upper + 10 * DAY, items: 2_000 },
    ]
    const density = densityOf(above.toReversed(), OPTIONS.pageSize)
    const plan = new WindowPlan([freshWindow(whole)], { ...OPTIONS, density })
    const { lower, upper } = plan.next()!
    expect((upper - lower) / DAY).toBeCloseTo(12.5, 0)
    const { splits, requests } = readByPlan({ times, order }, [whole], { ...OPTIONS, density })
    expect(splits).toBeLessThanOrEqual(order === 'shuffled' ? 0 : OPTIONS.concurrency)
    expect(requests).toBeLessThanOrEqual(leastRequests(40_000) * 1.08)
    expect(densityOf(above.slice(0, 1), OPTIONS.pageSize)).toBeNull()
  })

  test.each([
    ['even', 730, 1.4],
    ['bursty', 730, 1.4],
    ['even', 30, 2.1],
    ['bursty', 30, 2.4],
  ] as const)(
    '10,000 %s jobs in the last %i days of two years keep the lanes busy',
    (arrival, days, most) => {
      const whole = { lower: START, upper: START + 730 * DAY }
      const times = uneven(10_000, whole.upper - days * DAY, whole.upper, arrival)
      const { rounds, requests } = readByPlan({ times, order }, [whole])
      const least = leastRequests(10_000)
      expect(rounds).toBeLessThanOrEqual(most * Math.ceil(least / OPTIONS.concurrency))
      expect(requests).toBeLessThanOrEqual(1.4 * least)
    },
  )

  test('a handful for many empty years', () => {
    const whole = { lower: START - 20 * 365 * DAY, upper: START + 100 * DAY }
    expect(readByPlan({ times: [], order }, [whole]).requests).toBe(1)
    expect(readByPlan({ times: [START, START + DAY], order }, [whole]).requests).toBe(1)
    const times = uneven(20_000, START, START + 100 * DAY)
    expect(readByPlan({ times, order }, [whole]).requests).toBeLessThanOrEqual(
      leastRequests(20_000) * 1.1 + 30,
    )
  })

  test('a day with 50,000 jobs is read as several windows', () => {
    const whole = { lower: START, upper: START + DAY }
    const times = uneven(50_000, START, START + DAY, 'even')
    const { requests, drained } = readByPlan({ times, order }, [whole])
    expect(drained.length).toBeGreaterThan(2 * OPTIONS.concurrency)
    expect(requests).toBeLessThanOrEqual(leastRequests(50_000) * 1.1)
  })

  test('two busy days years apart, and 10,000 jobs on five instants', () => {
    const whole = { lower: START - 3_000 * DAY, upper: START + 1_000 * DAY }
    const bursts = [
      ...uneven(10_000, START - 2_000 * DAY, START - 1_999 * DAY, 'even'),
      ...uneven(10_000, START, START + DAY),
    ]
    expect(readByPlan({ times: bursts, order }, [whole]).requests).toBeLessThanOrEqual(
      leastRequests(20_000) * 1.1 + 40,
    )
    const instants = Array.from({ length: 10_000 }, (_, index) => START + Math.floor(index / 2_000) * HOUR)
    expect(readByPlan({ times: instants, order }, [whole]).requests).toBeLessThanOrEqual(
      leastRequests(10_000) * 1.1 + 40,
    )
  })

  test('one window where the jobs of a small project come a few a day', () => {
    const times = uneven(1_000, START, START + 730 * DAY)
    const whole = { lower: START - 1_000 * DAY, upper: START + 730 * DAY }
    expect(readByPlan({ times, order }, [whole]).requests).toBeLessThanOrEqual(11)
  })

  test('it ends and makes up the spans, whatever the world', () => {
    const clump = fc.record({
      at: fc.integer({ min: 0, max: 1_000 }),
      jobs: fc.integer({ min: 1, max: 3_000 }),
      width: fc.constantFrom(0, 1, SECOND, HOUR, 30 * DAY),
    })
    fc.assert(
      fc.property(fc.array(clump, { maxLength: 8 }), (clumps) => {
        const times = clumps
          .flatMap(({ at, jobs, width }) =>
            Array.from({ length: jobs }, (_, index) => START + at * DAY + Math.floor((index / jobs) * width)),
          )
          .toSorted((left, right) => left - right)
        const whole = { lower: START, upper: START + 1_100 * DAY }
        const { requests, drained, splits } = readByPlan({ times, order }, [whole])
        expect(isPartition(drained, whole)).toBe(true)
        expect(splits).toBeLessThanOrEqual(4 + 4 * clumps.length)
        expect(requests).toBeLessThanOrEqual(leastRequests(times.length) * 1.1 + 20 * (1 + clumps.length))
      }),
      { numRuns: 100, seed: 1 },
    )
  })
})
