import { describe, expect, test } from 'vitest'
import { stripUrlQuery } from '../../../../src/lists/strip-url-query.ts'
import { formatJson, parseJson } from '../../../../src/values/json.ts'

function stripped(item: unknown) {
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
    [' https://bucket.example/a.pdf?sig=s3cr3t', ' https://bucket.example/a.pdf'],
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

  test.each([
    [
      'with other escapes',
      '403 for https://b.example/a.pdf?cred=AKIA/2026&sig=s3cr3t.',
      '403 for https://b.example/a.pdf',
    ],
    ['cut off', 'cannot get "https://b.example/a.pdf?cred=AK…"', 'cannot get "https://b.example/a.pdf"'],
    [
      'twice',
      '<https://b.example/?s=1> and https://c.example/?s=2 too',
      '<https://b.example/> and https://c.example/ too',
    ],
    ['not at all', 'what? https://b.example/ or what?', 'what? https://b.example/ or what?'],
  ])('so does one that quotes it %s', (_, error_message, kept) => {
    const file_input = 'https://b.example/a.pdf?cred=AKIA%2F2026&sig=s3cr3t'
    expect(stripped({ file_input, error_message })).toMatchObject({ error_message: kept })
    expect(stripped({ error_message })).toEqual({ error_message: kept })
  })

  test.each([
    ['addresses without an end', 'http://'.repeat(300_000), 'http://'.repeat(300_000)],
    ['addresses with a query', 'http://a/?s3cr3t '.repeat(120_000), 'http://a/ '.repeat(120_000)],
    ['question marks', `http://a/${'?'.repeat(2_000_000)}`, 'http://a/'],
  ])('I11: a message of 2 MB of %s is read in time that grows as it does', (_, error_message, kept) => {
    expect(stripped({ error_message }).error_message === kept).toBe(true)
  })

  test.each([null, 7, 'text', [], {}, { file_input: null }, { file_input: 7, error_message: 'x' }])(
    'A9: %j is left as it is',
    (item) => expect(stripped(item)).toEqual(item),
  )
})
