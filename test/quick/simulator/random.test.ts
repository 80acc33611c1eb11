import { describe, expect, test } from 'vitest'
import { indexOfJobId, jobId } from '../../../src/simulator/ids.ts'
import { createRandom, deriveSeed, randomFrom, seedWords } from '../../../src/simulator/random.ts'

function draw(seed: number | string): number[] {
  const random = createRandom(seed)
  return Array.from({ length: 20 }, () => random.bits())
}

describe('createRandom', () => {
  test('the same seed gives the same numbers, another seed others', () => {
    expect(draw(7)).toEqual(draw(7))
    expect(draw('seven')).toEqual(draw('seven'))
    expect(draw(7)).not.toEqual(draw(8))
    expect(draw(7)).not.toEqual(draw('7'))
  })

  test('the numbers of a seed never change, so that a failing seed can be kept', () => {
    expect(draw(1).slice(0, 4)).toMatchInlineSnapshot(`
      [
        3772427838,
        3679910205,
        2032338015,
        1552850535,
      ]
    `)
  })

  test('next is even over [0, 1)', () => {
    const random = createRandom(3)
    const tenths = new Array<number>(10).fill(0)
    for (let count = 0; count < 100_000; count++) {
      const value = random.next()
      expect(value >= 0 && value < 1).toBe(true)
      tenths[Math.floor(value * 10)]!++
    }
    for (const count of tenths) expect(Math.abs(count - 10_000)).toBeLessThan(500)
  })

  test('int includes both ends', () => {
    const random = createRandom(4)
    const seen = new Set(Array.from({ length: 200 }, () => random.int(-1, 2)))
    expect([...seen].sort((a, b) => a - b)).toEqual([-1, 0, 1, 2])
  })

  test('exponential, normal and chance have the means they should', () => {
    const random = createRandom(5)
    const mean = (draw: () => number) => {
      let sum = 0
      for (let count = 0; count < 50_000; count++) sum += draw()
      return sum / 50_000
    }
    expect(mean(() => random.exponential(10))).toBeCloseTo(10, 0)
    expect(mean(() => random.normal())).toBeCloseTo(0, 1)
    expect(mean(() => random.normal() ** 2)).toBeCloseTo(1, 1)
    expect(mean(() => Number(random.chance(0.2)))).toBeCloseTo(0.2, 1)
  })

  test('shuffle keeps every value and leaves its argument alone', () => {
    const values = Array.from({ length: 50 }, (_, index) => index)
    const shuffled = createRandom(6).shuffle(values)
    expect(shuffled).not.toEqual(values)
    expect(shuffled.toSorted((a, b) => a - b)).toEqual(values)
    expect(values[0]).toBe(0)
  })

  test('picking from nothing is refused', () => {
    expect(() => createRandom(1).pick([])).toThrow(RangeError)
  })
})

describe('deriveSeed', () => {
  test('neighbouring keys give unrelated streams, the same key the same one', () => {
    const words = seedWords('base')
    const first = (key: number) => randomFrom(deriveSeed(words, key)).next()
    expect(first(5)).toBe(first(5))
    const values = Array.from({ length: 10_000 }, (_, key) => first(key))
    expect(new Set(values).size).toBeGreaterThan(9_990)
    const mean = values.reduce((sum, value) => sum + value) / values.length
    expect(mean).toBeCloseTo(0.5, 1)
    const steps = values.slice(1).map((value, key) => Math.abs(value - values[key]!))
    expect(steps.reduce((sum, step) => sum + step) / steps.length).toBeCloseTo(1 / 3, 1)
  })

  test('keys of more than 32 bits count whole', () => {
    const words = seedWords('base')
    expect(deriveSeed(words, 1)).not.toEqual(deriveSeed(words, 2 ** 32 + 1))
  })
})

describe('jobId', () => {
  test('is unique, looks like a UUID and leads back to its index', () => {
    const seed = seedWords('ids')
    const indexes = [0, 1, 2, 65_535, 65_536, 999_999, 2 ** 32 - 1]
    const ids = indexes.map((index) => jobId(seed, index))
    expect(ids.map((id) => indexOfJobId(seed, id))).toEqual(indexes)
    expect(new Set(ids).size).toBe(indexes.length)
    for (const id of ids)
      expect(id).toMatch(/^cls-[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  })

  test('ids of another seed and other text lead nowhere', () => {
    const seed = seedWords('ids')
    expect(indexOfJobId(seed, jobId(seedWords('others'), 1))).toBeUndefined()
    expect(indexOfJobId(seed, 'cls-00000000-')).toBeUndefined()
    expect(indexOfJobId(seed, '')).toBeUndefined()
  })
})
