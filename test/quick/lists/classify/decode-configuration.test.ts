import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { createConfigurationDecoder } from '../../../../src/lists/classify/decode-configuration.ts'
import { type JsonObject, parseJson } from '../../../../src/values/json.ts'

const decode = (raw: string | JsonObject) =>
  createConfigurationDecoder()(typeof raw === 'string' ? (parseJson(raw) as JsonObject) : raw)

test('the whole becomes the document, what is known becomes columns and rules', () => {
  const configuration = decode(`{
    "rules": [{"type": "invoice", "description": "An invoice."}, {"type": "other", "description": "Rest\\u0000", "weight": 2}],
    "mode": "FAST", "new_field": [1],
    "parsing_configuration": {"lang": "en", "max_pages": 5, "target_pages": "1,3-5"}
  }`)
  const document =
    '{"mode":"FAST","new_field":[1],"parsing_configuration":{"lang":"en","max_pages":5,"target_pages":"1,3-5"},' +
    '"rules":[{"description":"An invoice.","type":"invoice"},{"description":"Rest\ufffd","type":"other","weight":2}]}'
  expect(configuration).toEqual({
    hash: createHash('sha256').update(document, 'utf8').digest('hex'),
    document,
    mode: 'FAST',
    lang: 'en',
    maxPages: 5,
    targetPages: '1,3-5',
    ruleCount: 2,
    rules: [
      { position: 0, type: 'invoice', description: 'An invoice.' },
      { position: 1, type: 'other', description: 'Rest\ufffd' },
    ],
  })
})

test('the order of keys makes no difference, the order of rules does', () => {
  expect(decode('{"mode":"FAST","rules":[1,2]}').hash).toBe(decode('{"rules":[1,2],"mode":"FAST"}').hash)
  expect(decode('{"rules":[1,2]}').hash).not.toBe(decode('{"rules":[2,1]}').hash)
})

test('A9: absent, null and unfit values are null', () => {
  const nothing = { mode: null, lang: null, maxPages: null, targetPages: null, ruleCount: null, rules: [] }
  expect(decode('{}')).toMatchObject(nothing)
  expect(decode('{"rules":null,"mode":null,"parsing_configuration":null}')).toMatchObject(nothing)
  const unfit =
    '{"mode":1,"parsing_configuration":{"lang":[],"max_pages":"5","target_pages":7},"rules":{"a":1}}'
  expect(decode(unfit)).toMatchObject({ ...nothing, document: expect.stringContaining('"max_pages":"5"') })
  expect(decode('{"parsing_configuration":["lang"]}')).toMatchObject(nothing)
})

test.each([
  ['2147483647', 2147483647],
  ['-2147483648', -2147483648],
  ['2147483648', null],
  ['-2147483649', null],
  ['1.5', null],
  ['1e3', 1000],
  ['12345678901234567890', null],
])('max_pages %s is stored as %s', (source, stored) => {
  expect(decode(`{"parsing_configuration":{"max_pages":${source}}}`).maxPages).toBe(stored)
})

test('A9: a rule that is not an object still has its row', () => {
  expect(decode('{"rules":["x",null,{"type":"a"},{"type":2,"description":"d"}]}')).toMatchObject({
    ruleCount: 4,
    rules: [
      { position: 0, type: null, description: null },
      { position: 1, type: null, description: null },
      { position: 2, type: 'a', description: null },
      { position: 3, type: null, description: 'd' },
    ],
  })
})

test('an equal configuration is decoded once; one that only looks alike is another', () => {
  const decodeShared = createConfigurationDecoder()
  const read = (text: string) => decodeShared(parseJson(text) as JsonObject)
  expect(read('{"a": 1e999}')).toBe(read('{"a":1e999}'))
  expect(read('{"a":1e999}')).not.toBe(read('{"a":{"source":"1e999"}}'))
  expect(read('{"a":1e999}').hash).not.toBe(read('{"a":"1e999"}').hash)
})

/** Texts of which all look alike to the cache: no rules, or rules of equal lengths and first letters. */
const LOOK_ALIKES = [
  '{}',
  '{"rules":[]}',
  '{"rules":{}}',
  '{"a":null}',
  '{"b":null}',
  '{"a":0}',
  '{"a":1}',
  '{"a":[]}',
  '{"a":[0]}',
  '{"a":[0,0]}',
  '{"a":{}}',
  '{"a":{"b":1}}',
  '{"a":{"__proto__":1}}',
  '{"rules":[{"type":"ab","description":"x"}]}',
  '{"rules":[{"type":"aa","description":"x"}]}',
  '{"rules":[{"type":"ab","description":"x","weight":1}]}',
  '{"mode":"FAST","rules":[{"type":"ab","description":"x"}]}',
]

test('what the cache takes for equal is equal, whatever was seen before', () => {
  const decodeShared = createConfigurationDecoder()
  for (const text of LOOK_ALIKES) {
    for (const before of LOOK_ALIKES) {
      decodeShared(parseJson(before) as JsonObject)
      expect(decodeShared(parseJson(text) as JsonObject)).toEqual(decode(text))
    }
  }
})

test('the order of keys makes no difference to the cache', () => {
  const decodeShared = createConfigurationDecoder()
  const first = decodeShared(
    parseJson('{"mode":"FAST","rules":[{"type":"a","description":"b"}]}') as JsonObject,
  )
  expect(
    decodeShared(parseJson('{"rules":[{"description":"b","type":"a"}],"mode":"FAST"}') as JsonObject),
  ).toBe(first)
})

test('I11: the memory of configurations is bounded by number and by size', () => {
  const decodeShared = createConfigurationDecoder()
  const withRules = (count: number): JsonObject => ({ rules: Array.from({ length: count }, () => null) })
  const first = decodeShared(withRules(0))
  for (let count = 1; count < 1_000; count += 1) decodeShared(withRules(count))
  expect(decodeShared(withRules(0))).toBe(first)
  decodeShared(withRules(1_000))
  expect(decodeShared(withRules(0))).not.toBe(first)

  const recent = decodeShared(withRules(999))
  decodeShared({ rules: ['x'.repeat(8_000_000)] })
  const again = decodeShared(withRules(999))
  expect(again).not.toBe(recent)
  expect(again).toEqual(recent)
  expect(decodeShared(withRules(999))).toBe(again)
})

test('A9: 100,000 levels of nesting do not overflow the stack', () => {
  const deep = `{"rules":${'['.repeat(100_000)}${']'.repeat(100_000)}}`
  expect(decode(deep)).toMatchObject({ ruleCount: 1, rules: [{ position: 0, type: null }] })
  expect(decode(deep).hash).toBe(decode(deep).hash)
})
