import { expect, test } from 'vitest'
import { isExpiredToken, type ListedPage, readPages } from '../../../src/api/pages.ts'
import { ApiProtocolError, ApiRequestError, ApiUnavailableError } from '../../../src/errors.ts'

interface Items extends ListedPage {
  readonly items: readonly unknown[]
}

const page = (items: unknown[], nextPageToken: string | null): Items => ({
  items,
  received: items.length,
  nextPageToken,
})

/** A listing given as token to page; '' is the first page. */
function listing(pages: Record<string, Items>) {
  const asked: (string | null)[] = []
  const fetchPage = async (token: string | null) => {
    asked.push(token)
    return pages[token ?? '']!
  }
  return { asked, fetchPage }
}

async function collect(fetchPage: (token: string | null) => Promise<Items>, from: string | null = null) {
  const items: unknown[] = []
  for await (const { items: more } of readPages(fetchPage, from)) items.push(...more)
  return items
}

test('a listing is read by its tokens to the page without one', async () => {
  const { asked, fetchPage } = listing({ '': page([1, 2], 'a'), a: page([3], 'b'), b: page([4], null) })
  expect(await collect(fetchPage)).toEqual([1, 2, 3, 4])
  expect(asked).toEqual([null, 'a', 'b'])
})

test('A3: an empty page with a token is not the end', async () => {
  const { fetchPage } = listing({ '': page([], 'a'), a: page([], 'b'), b: page([1], null) })
  expect(await collect(fetchPage)).toEqual([1])
})

test('a listing goes on from a token', async () => {
  const { asked, fetchPage } = listing({ b: page([4], null) })
  expect(await collect(fetchPage, 'b')).toEqual([4])
  expect(asked).toEqual(['b'])
})

test.each([
  ['the same again', { '': page([1], 'a'), a: page([2], 'a') }, null],
  ['an earlier one', { '': page([1], 'a'), a: page([2], 'b'), b: page([3], 'a') }, null],
  ['the one begun with', { s: page([1], 'a'), a: page([2], 's') }, 's'],
])('A4: a token that repeats (%s) is an error, and its page is not handed out', async (_, pages, from) => {
  const { asked, fetchPage } = listing(pages)
  const read: unknown[] = []
  const reading = (async () => {
    for await (const { items } of readPages(fetchPage, from)) read.push(...items)
  })()
  await expect(reading).rejects.toThrow(ApiProtocolError)
  expect(asked).toHaveLength(Object.keys(pages).length)
  expect(read).toHaveLength(asked.length - 1)
})

test('A4: the error does not spread a long token over the log', async () => {
  const token = 'x'.repeat(5_000)
  const { fetchPage } = listing({ '': page([1], token), [token]: page([2], token) })
  const error = await collect(fetchPage).catch((caught: Error) => caught)
  expect((error as Error).message.length).toBeLessThan(200)
})

test('I11: a listing of ever new tokens ends at the guard', async () => {
  let asked = 0
  const endless = async () => page([0], `token ${asked++}`)
  await expect(collect(endless)).rejects.toThrow(ApiProtocolError)
  expect(asked).toBe(1_000_000)
})

test('I11: empty pages in a row have a smaller guard, which a page with items resets', async () => {
  let asked = 0
  const empty = async () => page(asked === 600 ? [1] : [], `token ${asked++}`)
  await expect(collect(empty)).rejects.toThrow(/empty/)
  expect(asked).toBe(1_601)
})

test('A2: a refused request with a token is an expired token, one without is not', () => {
  for (const status of [400, 404, 410, 422]) {
    expect(isExpiredToken(new ApiRequestError('', status), true)).toBe(true)
    expect(isExpiredToken(new ApiRequestError('', status), false)).toBe(false)
  }
  expect(isExpiredToken(new ApiRequestError('', 405), true)).toBe(false)
  expect(isExpiredToken(new ApiUnavailableError(''), true)).toBe(false)
})

test('I10: the error about a token has none of it: it is the text of a stranger', async () => {
  const key = 'llx-0123'
  const error = await collect(async () => page([1], key)).catch((caught: Error) => caught)
  expect(error).toBeInstanceOf(ApiProtocolError)
  expect(String(error)).not.toContain('llx')
})
