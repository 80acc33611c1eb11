import type { ServerResponse } from 'node:http'
import { brotliCompressSync, constants, createGzip, deflateSync, gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { createApi, type SendPage } from '../../../src/api/client.ts'
import { createPace } from '../../../src/api/pace.ts'
import { PageSize } from '../../../src/api/page-size.ts'
import { createRooms, MOST_REPLY_BYTES, Room } from '../../../src/api/room.ts'
import { systemClock } from '../../../src/clock.ts'
import { ApiReplyTooLargeError, ApiRequestError } from '../../../src/errors.ts'
import { createRedactor } from '../../../src/redact.ts'
import { serve } from './http-server.ts'

const MEGABYTE = 1_024 * 1_024
const UNLIMITED = { count: 1_000_000, perMs: 1_000 }

const list: SendPage = (client, options, items) =>
  client.classify.list({ page_size: items }, options).asResponse()

/** An API whose server answers a request for this many items. Returns what was asked for as well. */
async function setUp(answer: (reply: ServerResponse, items: number) => void, rooms = createRooms()) {
  const asked: number[] = []
  const baseUrl = await serve((request, reply) => {
    const items = Number(new URL(`http://host${request.url}`).searchParams.get('page_size'))
    asked.push(items)
    answer(reply, items)
  })
  const api = createApi({
    baseUrl,
    apiKey: () => 'key',
    keyVariable: 'LLAMA_CLOUD_API_KEY',
    headers: {},
    proxy: undefined,
    fetch,
    clock: systemClock,
    random: () => 0,
    pace: createPace({ clock: systemClock, concurrency: 8, rate: UNLIMITED }),
    rooms,
    requestTimeoutMs: 600_000,
    retryForMs: 0,
    redact: createRedactor(() => []),
  })
  return { api, asked }
}

/** A page of this many items of this many bytes each. */
const pageOf = (items: number, bytes: number) =>
  JSON.stringify({ items: Array.from({ length: items }, (_, id) => ({ id, text: 'x'.repeat(bytes) })) })

describe('A23: a page that is too large', () => {
  test('is asked for again as small as its announced size says, and not read before', async () => {
    const { api, asked } = await setUp((reply, items) => {
      const body = pageOf(items, 0.5 * MEGABYTE)
      reply.setHeader('Content-Length', body.length)
      reply.end(body)
    })
    expect((await api.readPage(list)).items).toHaveLength(7)
    expect(asked).toEqual([100, 7])
    expect(api.stats().byStatus).toEqual({ 'cut off': 1, '200': 1 })
  })

  test('is cut off where nothing announces its size', async () => {
    const { api, asked } = await setUp((reply, items) => {
      reply.write(pageOf(items, 0.5 * MEGABYTE))
      reply.end()
    })
    expect((await api.readPage(list)).items.length).toBeGreaterThan(0)
    expect(asked.length).toBeLessThanOrEqual(4)
  })

  test.each([
    ['br', (text: string) => brotliCompressSync(text, { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } })],
    ['deflate', deflateSync],
  ])('is cut off where it is small on its way only: %s', async (encoding, compress) => {
    const [large, small] = [compress(pageOf(20, MEGABYTE)), compress(pageOf(10, 10))]
    const { api, asked } = await setUp((reply, items) => {
      reply.setHeader('Content-Encoding', encoding)
      reply.end(items === 100 ? large : small)
    })
    expect((await api.readPage(list)).items).toHaveLength(10)
    expect(asked).toHaveLength(2)
    expect(large.length).toBeLessThan(0.1 * MEGABYTE)
  })

  test('is cut off where it is small on its way only: compressed, without an end', async () => {
    const { api, asked } = await setUp((reply, items) => {
      reply.setHeader('Content-Encoding', 'gzip')
      if (items <= 25) {
        reply.end(gzipSync(pageOf(items, 10)))
        return
      }
      const gzip = createGzip()
      gzip.pipe(reply)
      gzip.write('{"items":["')
      const more = () => {
        while (!reply.destroyed && gzip.write('x'.repeat(MEGABYTE)));
        if (!reply.destroyed) gzip.once('drain', more)
      }
      reply.on('close', () => gzip.destroy())
      more()
    })
    expect((await api.readPage(list)).items).toHaveLength(asked.at(-1)!)
    expect(asked[0]).toBe(100)
  })

  test.each(['[]', '{}'])(
    'is one that holds millions of %s, whatever its bytes: they are sixty each in memory',
    async (value) => {
      const { api, asked } = await setUp((reply, items) => {
        const values = `${value},`.repeat(items > 10 ? 1_200_000 : 10)
        reply.end(`{"items":[{"id":"a","values":[${values}0]}]}`)
      })
      expect((await api.readPage(list)).items).toHaveLength(1)
      expect(asked[0]).toBe(100)
      expect(asked.at(-1)).toBeLessThanOrEqual(25)
    },
  )

  test('with one item alone is an error, and few requests are spent on it', async () => {
    const page = pageOf(1, 17 * MEGABYTE)
    const { api, asked } = await setUp((reply) => void reply.end(page))
    await expect(api.readPage(list)).rejects.toThrow(ApiReplyTooLargeError)
    expect(asked.at(-1)).toBe(1)
    expect(asked.length).toBeLessThanOrEqual(5)
  })

  test('was cut off for want of room: it is asked for again as it is, with room for all of it', async () => {
    const rooms = { pages: new Room(MOST_REPLY_BYTES), answers: new Room(MOST_REPLY_BYTES) }
    const { api, asked } = await setUp((reply, items) => void reply.end(pageOf(items, 30_000)), rooms)
    const others = await rooms.pages.take(MOST_REPLY_BYTES - 2 * MEGABYTE)
    const reading = api.readPage(list)
    await expect.poll(() => api.stats().byStatus['cut off']).toBe(1)
    others.drop()
    expect((await reading).items).toHaveLength(100)
    expect(asked).toEqual([100, 100])
  })
})

test('I11: eight pages at a time never take more room than there is, and all come', async () => {
  const rooms = { pages: new Room(20 * MEGABYTE), answers: new Room(MOST_REPLY_BYTES) }
  const pages = [1, 10, 20, 25, 50, 100].map((items) => [items, pageOf(items, 100_000)] as const)
  const { api } = await setUp((reply, asked) => {
    reply.end(pages.findLast(([items]) => items <= asked)?.[1])
  }, rooms)
  const read = async () => {
    const page = await api.readPage(list)
    page.hold.drop()
    return page.items.length
  }
  const lanes = Array.from({ length: 8 }, async () => [await read(), await read(), await read()])
  expect((await Promise.all(lanes)).flat().every((items) => items > 0)).toBe(true)
  // All of it was given back.
  expect((await rooms.pages.take(20 * MEGABYTE)).growTo(20 * MEGABYTE)).toBe(true)
})

test('I11: of a refusal without an end the beginning is read', async () => {
  const { api } = await setUp((reply) => {
    reply.writeHead(422)
    const more = () => {
      while (!reply.destroyed && reply.write('detail '.repeat(10_000)));
      if (!reply.destroyed) reply.once('drain', more)
    }
    more()
  })
  const error = await api.readPage(list).catch((caught: Error) => caught)
  expect(error).toBeInstanceOf(ApiRequestError)
  expect(String(error).length).toBeLessThan(1_000)
})

describe('how many items a request asks for', () => {
  const small = { asked: 1, received: 1, bytes: 1_000 }

  test('doubles with each small page that is full, up to what the API returns', () => {
    const size = new PageSize()
    expect(size.cutOff(100, 150 * MEGABYTE)).toBe(2)
    size.replied({ asked: 2, received: 2, bytes: 3 * MEGABYTE })
    expect(size.most).toBe(2)
    const sizes = Array.from({ length: 7 }, () => {
      size.replied({ ...small, asked: size.most, received: size.most })
      return size.most
    })
    expect(sizes).toEqual([4, 8, 16, 32, 64, 100, 100])
  })

  test('does not grow by the last page of a listing, which tells nothing', () => {
    const size = new PageSize()
    size.cutOff(100, 32 * MEGABYTE)
    size.replied({ asked: 12, received: 3, bytes: 1_000 })
    expect(size.most).toBe(12)
  })

  test('shrinks before a page is cut off', () => {
    const size = new PageSize()
    size.replied({ asked: 100, received: 100, bytes: 10 * MEGABYTE })
    expect(size.most).toBe(40)
  })

  test('is that of the process before, and stored when it has changed', () => {
    const size = new PageSize()
    size.begin(7)
    expect([size.most, size.unsaved]).toEqual([7, undefined])
    size.replied({ asked: 7, received: 7, bytes: 1_000 })
    expect(size.unsaved).toBe(14)
    size.saved(14)
    size.begin(7)
    expect([size.most, size.unsaved]).toEqual([14, undefined])
  })
})
