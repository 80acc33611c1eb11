import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { jsonbText, storableText } from '../../../../src/lists/jsonb.ts'
import { isJsonObject, type JsonValue, parseJson } from '../../../../src/values/json.ts'
import { anyJson } from '../../../support/arbitrary-payload.ts'
import { asStored, comparable } from '../../../support/reassemble.ts'

const nested = (levels: number, inner = '1') => '['.repeat(levels) + inner + ']'.repeat(levels)
const reversed = (value: JsonValue): JsonValue => {
  if (Array.isArray(value)) return value.map(reversed)
  if (!isJsonObject(value)) return value
  const entries = Object.entries(value).reverse()
  return Object.fromEntries(entries.map(([key, inner]) => [key, reversed(inner)]))
}

test('A10: NUL and lone surrogates become U+FFFD, pairs stay', () => {
  expect(storableText('a\0b\ud800c\udc00\u{1f600}')).toBe('a\ufffdb\ufffdc\ufffd\u{1f600}')
  expect(jsonbText({ 'k\0': ['\ud800', '\\u0000'] })).toBe('{"k\ufffd":["\ufffd","\\\\u0000"]}')
})

describe('canonical form', () => {
  test('no spaces, keys by code point and not by UTF-16 unit', () => {
    const value = parseJson(
      '{ "\u{1f600}": 1, "\\uffff": 2, "b": {"z": 1.0, "a": [ ]}, "a": null, "10": 0, "9": -0 }',
    )
    expect(jsonbText(value)).toBe('{"10":0,"9":0,"a":null,"b":{"a":[],"z":1},"\uffff":2,"\u{1f600}":1}')
  })

  test('does not depend on the order of keys', () => {
    fc.assert(
      fc.property(anyJson, (value) => {
        expect(jsonbText(reversed(value))).toBe(jsonbText(value))
      }),
      { seed: 2, numRuns: 1_000 },
    )
  })

  test('is the value with the documented replacements, no more', () => {
    fc.assert(
      fc.property(anyJson, (value) => {
        expect(jsonbText(value)).toBe(comparable(asStored(value)))
      }),
      { seed: 3, numRuns: 1_000 },
    )
  })
})

test('keys that a replacement makes equal stay apart, and a key that needs none keeps its name', () => {
  expect(jsonbText({ 'a\0': 1, 'a\ufffd': 2, 'a\ud800': 3 })).toBe(
    '{"a\ufffd":2,"a\ufffd\ufffd2":1,"a\ufffd\ufffd3":3}',
  )
  expect(jsonbText({ 'a\ud800': 3, 'a\0': 1 })).toBe(jsonbText({ 'a\0': 1, 'a\ud800': 3 }))
})

test('I11: a hundred thousand keys that a replacement makes equal, in time that grows with their number', () => {
  const unit = (index: number) => String.fromCharCode(0xd800 + (index % 1_024))
  const keys = Array.from({ length: 100_000 }, (_, index) => unit(Math.floor(index / 1_024)) + unit(index))
  const stored = JSON.parse(jsonbText(Object.fromEntries(keys.map((key) => [key, 0])))) as object
  expect(Object.keys(stored)).toHaveLength(100_000)
  expect(Object.keys(stored)).toContain('\ufffd\ufffd\ufffd100000')
})

test('`__proto__` is a key like any other', () => {
  expect(jsonbText(parseJson('{"__proto__":{"a":1},"b":2}'))).toBe('{"__proto__":{"a":1},"b":2}')
})

test.each([
  ['12345678901234567890', '12345678901234567890'],
  ['1e131071', '1e131071'],
  ['0.001e131074', '0.001e131074'],
  ['1e-16383', '1e-16383'],
  ['1e131072', '"1e131072"'],
  ['0.5e-16383', '"0.5e-16383"'],
  ['1e-99999999999', '"1e-99999999999"'],
])('the number %s is stored as %s', (source, stored) => {
  expect(jsonbText(parseJson(`[${source}]`))).toBe(`[${stored}]`)
})

describe('depth', () => {
  test('500 levels stay, what is below becomes its JSON text', () => {
    expect(jsonbText(parseJson(nested(500)))).toBe(nested(500))
    expect(jsonbText(parseJson(nested(502)))).toBe(nested(500, '"[[1]]"'))
  })

  test('the text below is canonical and keeps what jsonb would not', () => {
    const inner = '{"b":"\\u0000\\ud800","a":12345678901234567890}'
    const stored = jsonbText(parseJson(nested(500, inner)))
    const text = '{"a":12345678901234567890,"b":"\\u0000\\ud800"}'
    expect(stored).toBe(nested(500, JSON.stringify(text)))
  })

  test('100,000 levels of arrays or objects do not overflow the stack', () => {
    expect(jsonbText(parseJson(nested(100_000)))).toHaveLength(2 * 100_000 + 1 + 2)
    const objects = '{"a":'.repeat(100_000) + 1 + '}'.repeat(100_000)
    expect(jsonbText(parseJson(objects)).startsWith('{"a":{"a":')).toBe(true)
  })
})
