import { describe, expect, test } from 'vitest'
import { classify } from '../../../../src/lists/classify/list.ts'
import { createJobDecoder } from '../../../../src/lists/decode.ts'
import { parseJson } from '../../../../src/values/json.ts'
import { decodeFields, decodeItem, NOTHING } from '../../../support/decode-item.ts'

test('a usual job fits its columns', () => {
  const job = decodeFields(`
    "project_id": "p", "user_id": "u", "status": "COMPLETED", "document_input_type": "file_id", "file_input": "dfl-1",
    "parse_job_id": "pjb-1", "transaction_id": "t", "configuration_id": "cfg-1", "error_message": "",
    "configuration": {"rules": [{"type": "invoice", "description": "An invoice."}], "mode": "FAST", "future": 1},
    "result": {"type": "invoice", "confidence": 0.8712345678901234, "reasoning": "It says so."},
    "created_at": "2025-06-01T12:34:56.123456Z", "updated_at": "2025-06-01T14:34:57+02:00",
    "usage": {"credits": 2.5, "parse_credits": 1}`)
  expect(job).toEqual({
    id: 'j1',
    projectId: 'p',
    userId: 'u',
    status: 'COMPLETED',
    documentInputType: 'file_id',
    fileInput: 'dfl-1',
    parseJobId: 'pjb-1',
    transactionId: 't',
    configurationId: 'cfg-1',
    errorMessage: '',
    resultType: 'invoice',
    resultReasoning: 'It says so.',
    resultConfidence: 0.8712345678901234,
    credits: 2.5,
    parseCredits: 1,
    createdAt: '2025-06-01T12:34:56.123456Z',
    updatedAt: '2025-06-01T12:34:57.000000Z',
    configuration: expect.objectContaining({ mode: 'FAST', ruleCount: 1 }),
    extra: null,
  })
})

describe('I9: only an item without a usable id is rejected', () => {
  test.each([
    ['null', 'the item is not an object'],
    ['[{"id":"a"}]', 'the item is not an object'],
    ['"id"', 'the item is not an object'],
    ['12345678901234567890', 'the item is not an object'],
    ['{}', 'the id is missing'],
    ['{"id":null}', 'the id is missing'],
    ['{"__proto__":{"id":"a"}}', 'the id is missing'],
    ['{"id":1}', 'the id is not text'],
    ['{"id":12345678901234567890}', 'the id is not text'],
    ['{"id":["a"]}', 'the id is not text'],
    ['{"id":""}', 'the id is empty'],
    [`{"id":"${'a'.repeat(513)}"}`, 'the id is longer than 512 bytes'],
    [`{"id":"${'é'.repeat(257)}"}`, 'the id is longer than 512 bytes'],
    ['{"id":"a\\u0000"}', 'the id holds a NUL character or half of a surrogate pair'],
    ['{"id":"\\ud800"}', 'the id holds a NUL character or half of a surrogate pair'],
  ])('%s: %s', (item, reject) => {
    expect(createJobDecoder(classify)(parseJson(item))).toEqual({ reject })
  })

  test.each([' ', ' a\n', 'a'.repeat(512), 'é'.repeat(256), '\u{1f600}'])(
    'the id %j is usable as it is',
    (id) => {
      expect(decodeItem({ id })).toEqual({ ...NOTHING, id })
    },
  )
})

describe('I9, A9: what a column cannot hold is null there and verbatim in extra', () => {
  test('null and absent fields need no extra', () => {
    const fields = [
      'status',
      'project_id',
      'created_at',
      'result',
      'configuration',
      'error_message',
      'updated_at',
    ]
    expect(decodeFields(fields.map((field) => `"${field}":null`).join())).toEqual(NOTHING)
    expect(decodeItem({ id: 'j1' })).toEqual(NOTHING)
  })

  test('unknown fields are kept at any depth, null too', () => {
    const job = decodeFields(
      '"new":null,"__proto__":{"a":1},"result":{"type":"x","pages":[{"n":12345678901234567890}]}',
    )
    expect(job).toEqual({
      ...NOTHING,
      resultType: 'x',
      extra: '{"__proto__":{"a":1},"new":null,"result":{"pages":[{"n":12345678901234567890}]}}',
    })
  })

  test.each(['1', 'true', '[]', '{"a":"b"}', '12345678901234567890', '{"__proto__":null}'])(
    'text fields that hold %s',
    (value) => {
      expect(decodeFields(`"status":${value},"user_id":${value}`)).toEqual({
        ...NOTHING,
        extra: `{"status":${value},"user_id":${value}}`,
      })
    },
  )

  test('a status that nobody knows yet is text like any other', () => {
    expect(decodeFields('"status":"THROTTLED"')).toEqual({ ...NOTHING, status: 'THROTTLED' })
  })

  test.each(['[]', '"FAST"', '0', 'false', '12345678901234567890'])('configuration %s', (value) => {
    expect(decodeFields(`"configuration":${value}`)).toEqual({
      ...NOTHING,
      extra: `{"configuration":${value}}`,
    })
  })

  test('nothing of a configuration object goes to extra', () => {
    const job = decodeFields('"configuration":{"mode":1,"unknown":{"deep":[]}}')
    expect(job.extra).toBeNull()
    expect(job.configuration?.document).toBe('{"mode":1,"unknown":{"deep":[]}}')
    expect(decodeFields('"configuration":{}').configuration?.document).toBe('{}')
  })

  test('A10: text keeps all but NUL and lone surrogates', () => {
    const job = decodeFields('"error_message":"a\\u0000\\ud800\\ud83d\\ude00","x\\u0000":"\\udc00"')
    expect(job).toEqual({ ...NOTHING, errorMessage: 'a\ufffd\ufffd\u{1f600}', extra: '{"x\ufffd":"\ufffd"}' })
    expect(decodeItem({ id: 'j1', error_message: 'x'.repeat(1_000_000) }).errorMessage).toHaveLength(
      1_000_000,
    )
  })
})
