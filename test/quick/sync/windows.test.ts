import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Coverage, Span, Window } from '../../../src/store/coverage.ts'
import { absorb, gaps, spanOf } from '../../../src/sync/windows.ts'

/** Instants of a small world, so that spans meet, overlap and have no width as often as not. */
const instant = fc.integer({ min: 0, max: 40 })
const span: fc.Arbitrary<Span> = fc
  .tuple(instant, instant)
  .map(([one, other]) => ({ lower: Math.min(one, other), upper: Math.max(one, other) }))
const window: fc.Arbitrary<Window> = fc
  .record({ span, reach: fc.option(instant), drained: fc.boolean() })
  // A window whose listing began before its span is never kept.
  .filter(({ span, reach }) => reach === null || reach >= span.lower)
  .map(({ span, reach, drained }) => ({
    ...span,
    kind: 'coverage',
    reach,
    pageToken: null,
    pages: 1,
    drained,
  }))
const coverage: fc.Arbitrary<Coverage> = span.map(({ lower, upper }) => ({
  coveredFrom: lower,
  watermark: upper,
}))

/** The instants and, between them, the stretches (as halves): a stretch is covered only by one span that has both ends. */
function pointsOf(spans: readonly Span[]): Set<number> {
  const points = new Set<number>()
  for (const { lower, upper } of spans) for (let at = lower; at <= upper; at += 0.5) points.add(at)
  return points
}

const spanOfCoverage = ({ coveredFrom, watermark }: Coverage): Span => ({
  lower: coveredFrom,
  upper: watermark,
})

/** By the definition: the spans that can be reached from the first, hopping over shared instants. */
function reachableFrom(first: Span, others: readonly Span[]): Set<number> {
  const meets = (one: Span, other: Span) => one.lower <= other.upper && other.lower <= one.upper
  const reached = [first]
  const left = new Set(others)
  for (const from of reached) {
    for (const to of left) {
      if (!meets(from, to)) continue
      left.delete(to)
      reached.push(to)
    }
  }
  return pointsOf(reached)
}

describe('gaps', () => {
  test('with what is taken they make up the target, and share their boundaries with it', () => {
    fc.assert(
      fc.property(span, fc.array(span, { maxLength: 6 }), (target, taken) => {
        const found = gaps(target, taken)
        const covered = pointsOf([...found, ...taken])
        for (const point of pointsOf([target])) expect(covered).toContain(point)
        const ends = new Set([
          target.lower,
          target.upper,
          ...taken.flatMap(({ lower, upper }) => [lower, upper]),
        ])
        for (const { lower, upper } of found) expect(ends.has(lower) && ends.has(upper)).toBe(true)
      }),
    )
  })

  test('they have nothing of the inside of what is taken, nothing outside the target, and come newest first', () => {
    fc.assert(
      fc.property(span, fc.array(span, { maxLength: 6 }), (target, taken) => {
        const found = gaps(target, taken)
        for (const { lower, upper } of found) {
          expect(target.lower <= lower && lower <= upper && upper <= target.upper).toBe(true)
          for (const other of taken)
            expect(Math.min(upper, other.upper) <= Math.max(lower, other.lower)).toBe(true)
        }
        expect(found).toEqual(found.toSorted((left, right) => right.upper - left.upper))
        for (const [index, { lower }] of found.entries()) {
          expect(found[index + 1]?.upper ?? target.lower).toBeLessThanOrEqual(lower)
        }
      }),
    )
  })

  test.each<[string, Span, Span[], Span[]]>([
    ['nothing taken', { lower: 1, upper: 9 }, [], [{ lower: 1, upper: 9 }]],
    ['all taken', { lower: 1, upper: 9 }, [{ lower: 1, upper: 9 }], []],
    ['a target without width', { lower: 5, upper: 5 }, [], [{ lower: 5, upper: 5 }]],
    ['a target without width, taken', { lower: 5, upper: 5 }, [{ lower: 5, upper: 5 }], []],
    [
      'a taken span without width',
      { lower: 1, upper: 9 },
      [{ lower: 4, upper: 4 }],
      [
        { lower: 4, upper: 9 },
        { lower: 1, upper: 4 },
      ],
    ],
    [
      'neighbours',
      { lower: 1, upper: 9 },
      [
        { lower: 9, upper: 12 },
        { lower: 0, upper: 1 },
      ],
      [{ lower: 1, upper: 9 }],
    ],
  ])('%s', (_name, target, taken, found) => {
    expect(gaps(target, taken)).toEqual(found)
  })
})

describe('absorb', () => {
  test('I2: the coverage is exactly the contiguous union that touches it, whatever of the windows is drained', () => {
    fc.assert(
      fc.property(coverage, fc.array(window, { maxLength: 8 }), (before, windows) => {
        const drained = windows.filter((each) => each.drained)
        const after = absorb(before, windows)
        expect(pointsOf([spanOfCoverage(after.coverage)])).toEqual(
          reachableFrom(spanOfCoverage(before), drained.map(spanOf)),
        )
      }),
    )
  })

  test('I3: the coverage only grows, and never beyond the clock of the API when a window was begun', () => {
    fc.assert(
      fc.property(coverage, fc.array(window, { maxLength: 8 }), (before, windows) => {
        const { coverage: after, absorbed } = absorb(before, windows)
        expect(after.coveredFrom).toBeLessThanOrEqual(before.coveredFrom)
        expect(after.watermark).toBeGreaterThanOrEqual(before.watermark)
        const latest = Math.max(
          before.watermark,
          ...absorbed.map(({ reach, upper }) => Math.min(reach ?? upper, upper)),
        )
        expect(after.watermark).toBeLessThanOrEqual(latest)
      }),
    )
  })

  test('I2: windows that complete one by one, in any order, end in the same coverage as all at once', () => {
    const orders = fc
      .array(window, { maxLength: 7 })
      .chain((windows) =>
        fc.tuple(fc.constant(windows), fc.shuffledSubarray(windows, { minLength: windows.length })),
      )
    fc.assert(
      fc.property(coverage, orders, (before, [windows, order]) => {
        let now = before
        let waiting: Window[] = []
        for (const completed of order) {
          const grown = absorb(now, [...waiting, completed])
          waiting = [...waiting, completed].filter((each) => !grown.absorbed.includes(each))
          // A crash may come here: what is committed so far has no hole either.
          const known = pointsOf([
            spanOfCoverage(before),
            ...order.filter((each) => each.drained).map(spanOf),
          ])
          for (const point of pointsOf([spanOfCoverage(grown.coverage)])) expect(known).toContain(point)
          now = grown.coverage
        }
        expect(now).toEqual(absorb(before, windows).coverage)
      }),
    )
  })

  test('absorbed are the windows within the coverage, drained or made superfluous; the others wait', () => {
    fc.assert(
      fc.property(coverage, fc.array(window, { maxLength: 8 }), (before, windows) => {
        const { coverage: after, absorbed } = absorb(before, windows)
        for (const each of windows) {
          const { lower, upper } = spanOf(each)
          const within = after.coveredFrom <= lower && upper <= after.watermark
          expect(absorbed.includes(each)).toBe(within)
        }
      }),
    )
  })
})
