import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  ExactNumber,
  formatJson,
  type JsonObject,
  type JsonValue,
  parseJson,
} from '../../../src/values/json.ts'
import { anyJson } from '../../support/arbitrary-payload.ts'

const exact = (source: string) => new ExactNumber(source)
const nested = (levels: number, inner = '') => '['.repeat(levels) + inner + ']'.repeat(levels)

describe('parseJson', () => {
  test.each([
    '12345678901234567890',
    '9007199254740993',
    '-9007199254740993',
    '0.1234567890123456789012',
    '1e999',
    '-1E+999',
    '1e-999',
    '123456789012345678e2',
    '0.30000000000000004000001',
  ])('keeps %s exactly, wherever it stands', (source) => {
    expect(parseJson(source)).toEqual(exact(source))
    expect(parseJson(`[1,${source},"x"]`)).toEqual([1, exact(source), 'x'])
    expect(parseJson(`{ "a" : ${source} , "b":[ ${source}\n]}`)).toEqual({
      a: exact(source),
      b: [exact(source)],
    })
  })

  test.each([
    ['{"a":1,"\\\\":2}', '{"a":1,"\\ud800":2}', '\ud800'],
    ['{"b":1,"\\\\n":2}', '{"b":1,"\\n1":2}', '\n1'],
    ['{"c":1,"x\\\\":2}', '{"c":1,"x\\"":2}', 'x"'],
  ])('A10: after %s it does not take the key of %s for that one', (before, text, key) => {
    // What the engine remembers of the former is what misled it.
    parseJson(before)
    JSON.parse(before)
    expect(Object.keys(parseJson(text) as JsonObject)[1]).toBe(key)
  })

  test.each<[string, JsonValue]>([
    ['{"\\u0061":1}', { a: 1 }],
    ['{"a":1,"\\u0061":2}', { a: 2 }],
    ['{"\\u0061" \n :{"\\n":[{"\\t":"\\t: \\""}]}}', { a: { '\n': [{ '\t': '\t: "' }] } }],
    ['{"key":{"key0":{"key.":{"\\u006bey1":[]}}}}', { key: { key0: { 'key.': { key1: [] } } } }],
    ['["\\u0061:","\\":",{"a":"\\""}]', ['a:', '":', { a: '"' }]],
  ])('reads the escaped keys of %s', (text, value) => {
    expect(parseJson(text)).toEqual(value)
  })

  test('an escaped __proto__ is a key like any other', () => {
    const value = parseJson('{"__proto\\u005f_":{"a\\n":1e999}}') as JsonObject
    expect(Object.keys(value)).toEqual(['__proto__'])
    expect(formatJson(value)).toBe('{"__proto__":{"a\\n":1e999}}')
  })

  test.each([
    ['0.8712345678901234', 0.8712345678901234],
    ['9007199254740992', 2 ** 53],
    ['100000000000000000000000', 1e23],
    ['1.00000000000000000000', 1],
    ['0.10', 0.1],
    ['1E2', 100],
    ['0e999', 0],
    ['-0.000000000000000000', -0],
    ['5e-324', 5e-324],
  ])('leaves %s a number: its value survives', (source, value) => {
    expect(parseJson(source)).toBe(value)
    expect(parseJson(`[${source}]`)).toEqual([value])
  })

  test('digits inside strings and keys are not numbers', () => {
    const text = String.raw`{"12345678901234567890":"1e999","a":"x: 12345678901234567890,","b":"\\","c\"":" 1e999 \"","d":1e999}`
    expect(parseJson(text)).toEqual({
      '12345678901234567890': '1e999',
      a: 'x: 12345678901234567890,',
      b: '\\',
      'c"': ' 1e999 "',
      d: exact('1e999'),
    })
    expect(parseJson(text.replace('1e999}', '1}'))).toEqual(JSON.parse(text.replace('1e999}', '1}')))
  })

  test('`__proto__` is a key like any other, with and without a long number', () => {
    for (const source of ['1', '12345678901234567890']) {
      const value = parseJson(`{"__proto__":{"id":${source}}}`) as JsonObject
      expect(Object.keys(value)).toEqual(['__proto__'])
      expect(Object.getPrototypeOf(value)).toBe(Object.prototype)
      expect(value.id).toBeUndefined()
      expect(formatJson(value)).toBe(`{"__proto__":{"id":${source}}}`)
    }
  })

  test('A9: 100,000 levels of nesting do not overflow the stack, not even around a long number', () => {
    for (const text of [nested(100_000), nested(100_000, '1e999')]) {
      expect(formatJson(parseJson(text)) === text).toBe(true)
    }
  })

  test.each(['', '{', '[1,]', '[01]', '[1e999e]', '[12345678901234567890 1]', '{"a":1e999'])(
    'invalid text is a SyntaxError: %j',
    (text) => {
      expect(() => parseJson(text)).toThrow(SyntaxError)
    },
  )

  test('a long run of digits takes linear time', () => {
    const source = `1${'0'.repeat(200_000)}1`
    expect(parseJson(`[${source}]`)).toEqual([exact(source)])
  })
})

test('JSON.stringify and formatJson write an exact number digit for digit', () => {
  const value: JsonValue = { a: [exact('1e999'), { source: '1e999' }] }
  expect(JSON.stringify(value)).toBe('{"a":[1e999,{"source":"1e999"}]}')
  expect(formatJson(value)).toBe('{"a":[1e999,{"source":"1e999"}]}')
})

test('formatJson writes what JSON.stringify writes, and parseJson reads it back', () => {
  fc.assert(
    fc.property(anyJson, (value) => {
      const text = formatJson(value)
      expect(text).toBe(JSON.stringify(value))
      expect(formatJson(parseJson(text))).toBe(text)
      expect(formatJson(parseJson(` ${JSON.stringify(value, null, 2)}\n`))).toBe(text)
    }),
    { seed: 1, numRuns: 1_000 },
  )
})

test('formatJson takes the order of keys from its argument', () => {
  const sorted = (object: JsonObject) => Object.keys(object).sort()
  expect(formatJson({ b: { d: 1, c: 2 }, a: [] }, sorted)).toBe('{"a":[],"b":{"c":2,"d":1}}')
})
