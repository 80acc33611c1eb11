import type { IncomingMessage, ServerResponse } from 'node:http'
import { describe, expect, test } from 'vitest'
import { type ApiOptions, createApi, type SendPage } from '../../../src/api/client.ts'
import { createPace } from '../../../src/api/pace.ts'
import { createRooms } from '../../../src/api/room.ts'
import { ApiRefusedError, ApiRequestError, ApiUnavailableError } from '../../../src/errors.ts'
import { createRedactor } from '../../../src/redact.ts'
import { parseInstant } from '../../../src/values/instant.ts'
import { createVirtualClock, seededRandom } from '../../support/virtual-clock.ts'
import { goneServer, serve } from './http-server.ts'

const TIMEOUT = 60_000
const KEY = 'llx-0123456789abcdef'

const list: SendPage = (client, options, items) =>
  client.classify.list({ page_size: items }, options).asResponse()

/** An Api against a server that answers request n by the n-th answer, the last one for ever. */
async function setUp(
  answers: ((reply: ServerResponse, request: IncomingMessage) => void)[],
  own: Partial<ApiOptions> = {},
) {
  const requests: IncomingMessage[] = []
  const baseUrl = await serve((request, reply) => {
    requests.push(request)
    answers[Math.min(requests.length, answers.length) - 1]?.(reply, request)
  })
  const clock = createVirtualClock({ holdFrom: TIMEOUT })
  const api = createApi({
    baseUrl,
    apiKey: () => KEY,
    keyVariable: 'LLAMA_CLOUD_API_KEY',
    headers: {},
    proxy: undefined,
    fetch,
    clock,
    random: seededRandom(5),
    pace: createPace({ clock, concurrency: 4, rate: { count: 1_000, perMs: 1_000 } }),
    rooms: createRooms(),
    requestTimeoutMs: TIMEOUT,
    retryForMs: 30_000,
    redact: createRedactor(() => [KEY]),
    ...own,
  })
  return { api, clock, requests, baseUrl }
}

const page = (reply: ServerResponse) => reply.end('{"items":[{"id":"a"}]}')
const status =
  (code: number, body = '{"detail":"no"}', headers = {}) =>
  (reply: ServerResponse) =>
    reply.writeHead(code, headers).end(body)

describe('requests', () => {
  test('go through the official client with key and query, once each', async () => {
    const { api, requests } = await setUp([page])
    expect((await api.readPage(list, { items: 2 })).items).toEqual([{ id: 'a' }])
    expect(requests).toHaveLength(1)
    expect(requests[0]).toMatchObject({ url: '/api/v2/classify?page_size=2' })
    expect(requests[0]!.headers).toMatchObject({
      authorization: `Bearer ${KEY}`,
      'user-agent': expect.stringMatching(/^LlamaCloud/),
    })
  })

  test('use another key from the cycle on in which it was rotated', async () => {
    let key = 'first'
    const { api, requests } = await setUp([page], { apiKey: () => key })
    const used = () => requests.at(-1)!.headers.authorization
    await api.readPage(list)
    key = 'second'
    await api.readPage(list)
    expect(used()).toBe('Bearer first')
    api.renewKey()
    await api.readPage(list)
    expect(used()).toBe('Bearer second')
  })

  test("A14: tell the API's time", async () => {
    const { api } = await setUp([(reply) => page(reply.setHeader('Date', 'Tue, 14 Nov 2023 22:13:20 GMT'))])
    expect(api.upstreamClock.now()).toBeUndefined()
    await api.readPage(list)
    expect(api.upstreamClock.now()).toBe(parseInstant('2023-11-14T22:13:20Z'))
  })
})

describe('A12: failures', () => {
  test('that pass are retried and counted', async () => {
    const { api, requests } = await setUp([
      status(503, '<html>down</html>'),
      (reply) => reply.destroy(),
      status(200, 'not JSON'),
      status(429, '', { 'Retry-After': '3' }),
      status(408),
      page,
    ])
    const { items } = await api.readPage(list)
    expect(items).toHaveLength(1)
    expect(requests).toHaveLength(6)
    expect(api.stats()).toEqual({
      requests: 6,
      retries: 5,
      pauses: 1,
      // Of the one whole page.
      bytes: 22,
      waitedMs: expect.any(Number),
      byStatus: { '503': 1, connection: 1, 'bad reply': 1, '429': 1, '408': 1, '200': 1 },
    })
  })

  test('the client does not retry on its own, even when told to by the reply', async () => {
    const { api, requests } = await setUp([status(500, '', { 'x-should-retry': 'true' })], { retryForMs: 0 })
    await expect(api.readPage(list)).rejects.toThrow(ApiUnavailableError)
    expect(requests).toHaveLength(1)
  })

  test('a 429 pauses the other requests to the base URL too', async () => {
    const { promise: refused, resolve: onRetry } = Promise.withResolvers<unknown>()
    const { api, clock } = await setUp([status(429, '', { 'Retry-After': '20' }), page], { onRetry })
    const times: number[] = []
    const timed: SendPage = (...args) => {
      times.push(clock.monotonic())
      return list(...args)
    }
    const first = api.readPage(timed)
    await refused
    await Promise.all([first, api.readPage(timed), api.readPage(timed)])
    expect(times[0]).toBe(0)
    expect(times.slice(1).every((at) => at >= 20_000)).toBe(true)
  })

  test('so does one whose request is given up, as it asks for more than the budget', async () => {
    const { api, clock } = await setUp([status(429, '', { 'Retry-After': '20' }), page], {
      retryForMs: 19_000,
    })
    await expect(api.readPage(list)).rejects.toThrow(/asks to wait 20 s or longer/)
    const sent: number[] = []
    await api.readPage((...args) => {
      sent.push(clock.monotonic())
      return list(...args)
    })
    expect(sent).toHaveLength(1)
    expect(sent[0]).toBeGreaterThanOrEqual(20_000)
    expect(api.stats()).toMatchObject({ pauses: 1, retries: 0 })
  })

  test('a refused connection is retried until the budget is used up', async () => {
    const { api, clock } = await setUp([page], { baseUrl: await goneServer() })
    await expect(api.readPage(list)).rejects.toThrow(/Last failure: .*ECONNREFUSED/)
    expect(clock.monotonic()).toBeGreaterThanOrEqual(30_000)
  })

  test('a reply that never comes is retried after the time-out', async () => {
    const { promise: reached, resolve: reach } = Promise.withResolvers<void>()
    const { api, clock } = await setUp([() => reach(), page])
    const reading = api.readPage(list)
    await reached
    clock.advance(TIMEOUT)
    expect((await reading).items).toHaveLength(1)
    expect(api.stats().byStatus).toEqual({ timeout: 1, '200': 1 })
  })

  test('that do not pass are told at once', async () => {
    const refused = await setUp([status(401, '{"detail":"Invalid API Key. Please check your region"}')])
    await expect(refused.api.readPage(list)).rejects.toThrow(ApiRefusedError)
    const rejected = await setUp([status(404)])
    await expect(rejected.api.readPage(list)).rejects.toThrow(ApiRequestError)
    expect([...refused.requests, ...rejected.requests]).toHaveLength(2)
  })

  test('a refusal with a body that never ends is still a refusal', async () => {
    const { promise: arrived, resolve: arrive } = Promise.withResolvers<void>()
    const watched: typeof fetch = async (input, init) => {
      const response = await fetch(input, init)
      arrive()
      return response
    }
    const { api, clock } = await setUp([(reply) => reply.writeHead(401).write('{')], { fetch: watched })
    const expected = expect(api.readPage(list)).rejects.toThrow(ApiRefusedError)
    await arrived
    clock.advance(TIMEOUT)
    await expected
  })

  test('I10: a key echoed by the API is in no error', async () => {
    const echo = (reply: ServerResponse, request: IncomingMessage) =>
      reply.writeHead(403).end(JSON.stringify({ detail: `Not allowed: ${request.headers.authorization}` }))
    const { api } = await setUp([echo])
    const error = await api.readPage(list).catch((caught: Error) => caught)
    expect(String(error)).toContain('Bearer [redacted]')
  })

  test.each([64 * 1_024 - 10, 290])(
    'I10: of a key that a long refusal has after %i spaces no part is in the error',
    async (spaces) => {
      const { api } = await setUp([status(422, `${' '.repeat(spaces)}${KEY}${'x'.repeat(100_000)}`)])
      const error = await api.readPage(list).catch((caught: Error) => caught)
      expect(String(error)).not.toContain('llx-')
    },
  )

  test('an abort ends a request in flight at once, with its reason, and is not retried', async () => {
    const { promise: reached, resolve: reach } = Promise.withResolvers<void>()
    const { api, requests } = await setUp([() => reach()])
    const controller = new AbortController()
    const reason = new Error('stop')
    const expected = expect(api.readPage(list, { signal: controller.signal })).rejects.toBe(reason)
    await reached
    controller.abort(reason)
    await expected
    expect(requests).toHaveLength(1)
  })
})
