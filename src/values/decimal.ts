/** A JSON number taken apart as it is written, without its sign: `-12.50e3` is `12`, `50` and 3. */
export interface Decimal {
  readonly whole: string
  readonly fraction: string
  readonly exponent: number
}

const PATTERN = /^-?(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/

/** Undefined when `source` is not a JSON number. */
export function parseDecimal(source: string): Decimal | undefined {
  const match = PATTERN.exec(source)
  if (!match) return undefined
  const [, whole = '', fraction = '', exponent = '0'] = match
  return { whole, fraction, exponent: Number(exponent) }
}

/**
 * Whether JavaScript, given the number `source`, gives the same number back. The spelling (1.0, 1e2) is not
 * kept.
 */
export function holdsExactly(source: string): boolean {
  const value = Number(source)
  if (!Number.isFinite(value)) return false
  const text = String(value)
  if (text === source) return true
  const spelling = normalForm(source)
  return spelling !== undefined && spelling === normalForm(text)
}

/**
 * The same text for all spellings of a number, whatever its sign: digits without outer zeros and a power of
 * ten.
 */
function normalForm(source: string): string | undefined {
  const decimal = parseDecimal(source)
  if (!decimal) return undefined
  const digits = decimal.whole + decimal.fraction
  // Loops: a pattern such as /0+$/ takes quadratic time over a run of zeros that does not end the text.
  let start = 0
  while (digits[start] === '0') start += 1
  if (start === digits.length) return '0'
  let end = digits.length
  while (digits[end - 1] === '0') end -= 1
  const power = decimal.exponent - decimal.fraction.length + (digits.length - end)
  return `${digits.slice(start, end)}e${power}`
}
