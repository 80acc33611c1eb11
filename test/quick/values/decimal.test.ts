import fc from 'fast-check'
import { expect, test } from 'vitest'
import { holdsExactly, parseDecimal } from '../../../src/values/decimal.ts'

test('parseDecimal takes a number apart as it is written', () => {
  expect(parseDecimal('-012.500e+03')).toEqual({ whole: '012', fraction: '500', exponent: 3 })
  expect(parseDecimal('7')).toEqual({ whole: '7', fraction: '', exponent: 0 })
})

test.each(['', '-', '1.', '.5', '1e', '0x1', 'Infinity', '1e5-2'])('%j is not a number', (source) => {
  expect(parseDecimal(source)).toBeUndefined()
  expect(holdsExactly(source)).toBe(false)
})

test('holdsExactly agrees with integers of any size', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: -(2n ** 80n), max: 2n ** 80n }), fc.nat({ max: 5 }), (integer, zeros) => {
      // Exact: the shortest decimal text that JavaScript gives for its double is this integer again.
      const same = BigInt(integer) === BigInt(shortest(Number(integer)))
      expect(holdsExactly(String(integer))).toBe(same)
      expect(holdsExactly(`${integer}.${'0'.repeat(zeros + 1)}e0`)).toBe(same)
    }),
    { seed: 1, numRuns: 1_000 },
  )
})

test('holdsExactly is true for every double that JavaScript writes', () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
      expect(holdsExactly(JSON.stringify(value))).toBe(true)
      expect(holdsExactly(value.toExponential())).toBe(true)
    }),
    { seed: 1, numRuns: 1_000 },
  )
})

/** The decimal text of an integral double, without an exponent. */
function shortest(value: number): string {
  const [mantissa = '', exponent = '0'] = value.toExponential().split('e')
  const [whole = '', fraction = ''] = mantissa.split('.')
  return whole + fraction.padEnd(Number(exponent), '0')
}
