import { describe, expect, test } from 'vitest'
import { formatJson, parseJson } from '../../src/api/json.ts'
import { stripUrlQuery } from '../../src/classify/strip-url-query.ts'

function stripped(item: unknown): unknown {
  const value = parseJson(JSON.stringify(item))
  stripUrlQuery(value)
  return JSON.parse(formatJson(value))
}

describe('SYNC_STRIP_URL_QUERY', () => {
  test.each([
    ['https://bucket.example/a.pdf?X-Amz-Signature=s3cr3t&x=1', 'https://bucket.example/a.pdf'],
    ['https://bucket.example/a.pdf?sig=s3cr3t#page=2', 'https://bucket.example/a.pdf'],
    ['https://bucket.example/a.pdf?sig=line\nbreak', 'https://bucket.example/a.pdf'],
    ['S3://bucket/key?versionId=7', 'S3://bucket/key'],
    ['https://bucket.example/a.pdf', 'https://bucket.example/a.pdf'],
    ['https://bucket.example/a.pdf#what?', 'https://bucket.example/a.pdf#what'],
    ['dfl-1?x', 'dfl-1?x'],
    ['what is this?', 'what is this?'],
  ])('%j is stored as %j', (given, kept) => {
    expect(stripped({ id: 'a', file_input: given })).toEqual({ id: 'a', file_input: kept })
  })

  test('an error message that quotes the URL loses its query there as well', () => {
    const file_input = 'https://b.example/a.pdf?sig=s3cr3t'
    const item = { file_input, error_message: `GET ${file_input}: 403, gave up on ${file_input}` }
    expect(stripped(item)).toEqual({
      file_input: 'https://b.example/a.pdf',
      error_message: 'GET https://b.example/a.pdf: 403, gave up on https://b.example/a.pdf',
    })
  })

  test.each([null, 7, 'text', [], {}, { file_input: null }, { file_input: 7, error_message: 'x' }])(
    'A9: %j is left as it is',
    (item) => expect(stripped(item)).toEqual(item),
  )
})
