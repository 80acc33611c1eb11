import { APIConnectionError, APIError, APIUserAbortError } from '@llamaindex/llama-cloud'
import { describe, expect, test } from 'vitest'
import { BadReplyError, RequestTimeoutError } from '../../../src/api/request.ts'
import { readRetryAfter, verdictOn } from '../../../src/api/verdict.ts'
import { ApiRefusedError, ApiRequestError } from '../../../src/errors.ts'
import { createRedactor } from '../../../src/redact.ts'

const KEY = 'llx-0123456789abcdef'
const NOW = Date.parse('2023-11-14T22:13:20Z')
const redact = createRedactor(() => [KEY])
const context = {
  baseUrl: 'https://base',
  keyVariable: 'LLAMA_CLOUD_API_KEY',
  proxy: undefined,
  redact,
  now: () => NOW,
}

const failed = (status: number, body?: object, headers: Record<string, string> = {}) =>
  APIError.generate(status, body, undefined, new Headers(headers))

function refusalOf(error: Error): Error {
  const verdict = verdictOn(error, context)
  if (verdict.retry || !(verdict.error instanceof Error)) throw new Error('expected a refusal')
  return verdict.error
}

describe('A12: what is retried', () => {
  test.each([408, 409, 425, 429, 500, 502, 503, 504, 520, 599])('status %d', (status) => {
    expect(verdictOn(failed(status), context)).toMatchObject({
      retry: true,
      reason: expect.stringContaining(`${status}`),
    })
  })

  test('lost connections, time-outs and bad replies', () => {
    const cause = new TypeError('fetch failed', { cause: new Error('connect ECONNREFUSED 127.0.0.1:1') })
    const lost = verdictOn(new APIConnectionError({ message: undefined, cause }), context)
    expect(lost).toMatchObject({
      retry: true,
      reason: 'Connection error.: fetch failed: connect ECONNREFUSED 127.0.0.1:1',
    })
    expect(verdictOn(new RequestTimeoutError(60_000), context)).toMatchObject({
      retry: true,
      reason: expect.stringContaining('60 s'),
    })
    expect(verdictOn(new BadReplyError('the reply is not JSON'), context)).toMatchObject({ retry: true })
  })

  test.each([400, 404, 405, 410, 422, 302])('not status %d', (status) => {
    const error = refusalOf(failed(status, { detail: 'No such project' }))
    expect(error).toBeInstanceOf(ApiRequestError)
    expect(error).toMatchObject({ status, message: expect.stringContaining('No such project') })
  })

  test('not what is no failure of the API', () => {
    for (const error of [new TypeError('a bug'), new APIUserAbortError()])
      expect(refusalOf(error)).toBe(error)
  })
})

test.each([401, 403])(
  'status %d names the key, the base URL, the regions and what the API said',
  (status) => {
    const error = refusalOf(failed(status, { detail: 'Invalid API Key. Please check your region' }))
    expect(error).toBeInstanceOf(ApiRefusedError)
    for (const part of [
      'LLAMA_CLOUD_API_KEY',
      'https://base',
      'na: https://api.cloud.llamaindex.ai',
      'eu: https://api.cloud.eu.llamaindex.ai',
      'Please check your region',
      `${status}`,
    ]) {
      expect(error.message).toContain(part)
    }
  },
)

describe('detail', () => {
  test("FastAPI's list of faults becomes one line", () => {
    const detail = [
      { loc: ['query', 'page_size'], msg: 'Input should be less', type: 'x' },
      { loc: ['query', 'project_id'], msg: 'Not a UUID', type: 'y' },
    ]
    const { message } = refusalOf(failed(422, { detail }))
    expect(message).toContain('(422: query.page_size: Input should be less; query.project_id: Not a UUID)')
  })

  test('a page of HTML is cut short', () => {
    const html = APIError.generate(502, undefined, `<html>\n${'<p>'.repeat(9_000)}`, new Headers())
    const verdict = verdictOn(html, context)
    expect(verdict.retry && verdict.reason.length).toBeLessThan(400)
  })

  test('I10: a key that the API echoes is not passed on, in no part of the error', () => {
    for (const status of [401, 404]) {
      const error = refusalOf(failed(status, { detail: `${'x'.repeat(290)}${KEY} is not valid` }))
      expect(`${error.message} ${String(error.cause)}`).not.toContain('llx-')
    }
    expect(verdictOn(failed(500, { detail: KEY }), context)).toMatchObject({
      reason: 'status 500: [redacted]',
    })
    const half = verdictOn(new BadReplyError(`${'x'.repeat(290)}${KEY}`), context)
    expect(half).toMatchObject({ reason: expect.not.stringContaining('llx-') })
  })
})

describe('Retry-After', () => {
  const wait = (value: string, date?: string) =>
    readRetryAfter(new Headers({ 'retry-after': value, ...(date ? { date } : {}) }), NOW)

  test('in seconds, and never more than five minutes', () => {
    expect(wait('7')).toBe(7_000)
    expect(wait('1.5')).toBe(1_500)
    expect(wait('86400')).toBe(300_000)
  })

  test("A14: as a date, it is measured from the reply's own Date, not from our clock", () => {
    expect(wait('Sun, 06 Nov 1994 08:49:57 GMT', 'Sun, 06 Nov 1994 08:49:37 GMT')).toBe(20_000)
    expect(wait('Tue, 14 Nov 2023 22:13:25 GMT')).toBe(5_000)
  })

  test.each(['', '0', '-5', 'soon', 'Sun, 06 Nov 1994 08:49:37 GMT'])('%j asks for no wait', (value) => {
    expect(wait(value)).toBeUndefined()
  })

  test('429 pauses all requests, 503 only where it says how long, others never', () => {
    const pauses = (status: number, headers = {}) => {
      const verdict = verdictOn(failed(status, undefined, headers), context)
      return verdict.retry && verdict.pauseAll
    }
    expect(pauses(429)).toBe(true)
    expect(pauses(503)).toBe(false)
    expect(pauses(503, { 'retry-after': '3' })).toBe(true)
    expect(pauses(500, { 'retry-after': '3' })).toBe(false)
  })
})
