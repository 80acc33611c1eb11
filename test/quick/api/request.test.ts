import { getEventListeners } from 'node:events'
import { describe, expect, test } from 'vitest'
import { BadReplyError, RequestTimeoutError, requestPage, type Send } from '../../../src/api/request.ts'
import { systemClock } from '../../../src/clock.ts'
import { parseInstant } from '../../../src/values/instant.ts'
import { ExactNumber } from '../../../src/values/json.ts'
import { createVirtualClock } from '../../support/virtual-clock.ts'
import { serve } from './http-server.ts'

const TIMEOUT = 60_000
const hold = { growTo: () => true }

const fetching =
  (url: string): Send =>
  ({ signal }) =>
    fetch(url, { signal })

const request = (send: Send) => requestPage(send, { clock: systemClock, timeoutMs: TIMEOUT, hold })

const sendText =
  (text: string, headers: Record<string, string> = {}): Send =>
  async () =>
    new Response(text, { headers })

describe('a page', () => {
  test('has its items lossless, its token and the time of the reply (A14)', async () => {
    const date = 'Tue, 14 Nov 2023 22:13:20 GMT'
    const body = '{"items":[{"id":"a","n":12345678901234567890}],"next_page_token":"t","total_size":null}'
    const url = await serve((_request, reply) => {
      reply.setHeader('Date', date)
      reply.end(body)
    })
    const clock = createVirtualClock({ holdFrom: TIMEOUT })
    const page = await requestPage(fetching(url), { clock, timeoutMs: TIMEOUT, hold })
    expect(page).toEqual({
      items: [{ id: 'a', n: new ExactNumber('12345678901234567890') }],
      nextPageToken: 't',
      date: parseInstant('2023-11-14T22:13:20Z'),
      receivedAt: 0,
      size: body.length,
    })
  })

  test.each(['{"items":[]}', '{"items":[],"next_page_token":null}', '{"items":[],"next_page_token":""}'])(
    '%s is the last',
    async (text) => {
      expect((await request(sendText(text))).nextPageToken).toBeNull()
    },
  )

  test('has no date when the header is missing or makes no sense', async () => {
    expect((await request(sendText('{"items":[]}'))).date).toBeUndefined()
    expect((await request(sendText('{"items":[]}', { date: 'now' }))).date).toBeUndefined()
  })
})

describe('A12: a bad reply', () => {
  test.each([
    '',
    '<html>Bad gateway</html>',
    '[]',
    'null',
    '{}',
    '{"items":{}}',
    '{"items":[],"next_page_token":7}',
    '{"items":[',
    `{"items":[${'1,'.repeat(10_000)}1]}`,
    `{"items":[],"next_page_token":"${'t'.repeat(16_385)}"}`,
  ])('%j is one', async (text) => {
    await expect(request(sendText(text))).rejects.toThrow(BadReplyError)
  })

  test('one cut off in its body is one', async () => {
    const url = await serve((_request, reply) => {
      reply.writeHead(200, { 'Content-Length': 100 })
      reply.write('{"items":[')
      setImmediate(() => reply.destroy())
    })
    await expect(request(fetching(url))).rejects.toThrow(BadReplyError)
  })
})

describe('A12: a reply that never comes', () => {
  test.each(['before its headers', 'in its body'])(
    'times out %s, and the connection is dropped',
    async (where) => {
      const { promise: reached, resolve: reach } = Promise.withResolvers<void>()
      const { promise: dropped, resolve: drop } = Promise.withResolvers<void>()
      const url = await serve((_request, reply) => {
        reply.on('close', drop)
        if (where === 'in its body') reply.write('{"items":[')
        reach()
      })
      const clock = createVirtualClock({ holdFrom: TIMEOUT })
      const outcome = requestPage(fetching(url), { clock, timeoutMs: TIMEOUT, hold })
      const expected = expect(outcome).rejects.toThrow(RequestTimeoutError)
      await reached
      clock.advance(TIMEOUT)
      await expected
      await dropped
    },
  )

  test('an abort ends the request at once with its reason', async () => {
    const { promise: reached, resolve: reach } = Promise.withResolvers<void>()
    const url = await serve(() => reach())
    const controller = new AbortController()
    const reason = new Error('stop')
    const outcome = requestPage(fetching(url), {
      clock: systemClock,
      timeoutMs: TIMEOUT,
      signal: controller.signal,
      hold,
    })
    const expected = expect(outcome).rejects.toBe(reason)
    await reached
    controller.abort(reason)
    await expected
  })

  test('nothing is sent after an abort', async () => {
    const send: Send = () => Promise.reject(new Error('sent'))
    const signal = AbortSignal.abort(new Error('stop'))
    // Async, so that a throw before the first await counts as a rejection too.
    await expect(
      (async () => requestPage(send, { clock: systemClock, timeoutMs: 1, signal, hold }))(),
    ).rejects.toThrow('stop')
  })

  test('I11: a request leaves nothing behind on a signal that outlives it', async () => {
    const { signal } = new AbortController()
    await requestPage(sendText('{"items":[]}'), { clock: systemClock, timeoutMs: TIMEOUT, signal, hold })
    const failed = requestPage(sendText(''), { clock: systemClock, timeoutMs: TIMEOUT, signal, hold })
    await expect(failed).rejects.toThrow(BadReplyError)
    expect(getEventListeners(signal, 'abort')).toEqual([])
  })
})
