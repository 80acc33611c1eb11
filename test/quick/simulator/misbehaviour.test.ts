import { describe, expect, test } from 'vitest'
import { MINUTE } from '../../../src/values/instant.ts'
import { createMisbehaviour, KNOB_NAMES, type Knobs } from '../../support/misbehaviour.ts'
import { get, idsOf, job, NOON, simulate, worldAt } from './support.ts'

/** Five jobs behind one knob. */
async function misbehaving(knobs: Partial<Knobs>, seed = 'one') {
  const { world, time } = worldAt(NOON)
  for (const id of ['a', 'b', 'c', 'd', 'e']) world.put(job(id, NOON))
  const intercept = createMisbehaviour({ knobs, seed, now: world.now })
  return { ...(await simulate({ world, intercept })), time }
}

const tokenOf = ({ body }: Awaited<ReturnType<typeof get>>) => body.next_page_token as string

type Running = Awaited<ReturnType<typeof misbehaving>>

/** The replies to this many requests for the first page. */
async function statuses(running: Running, count = 30): Promise<Set<number>> {
  const seen = new Set<number>()
  for (let request = 0; request < count; request += 1) seen.add((await get(running)).status)
  return seen
}

describe('each knob misbehaves in its own way', () => {
  test('A2: expired tokens: only requests with a token are refused', async () => {
    const running = await misbehaving({ expiredTokens: 1 })
    const first = await get(running, { page_size: 2 })
    expect(first.status).toBe(200)
    const seen = new Set<number>()
    for (let request = 0; request < 40; request += 1) {
      seen.add((await get(running, { page_size: 2, page_token: tokenOf(first) })).status)
    }
    expect([...seen].sort()).toEqual([400, 404, 410, 422])
  })

  test('A3: empty pages: the listing goes on behind them, complete', async () => {
    const running = await misbehaving({ emptyPages: 0.5 })
    const ids: string[] = []
    let [token, empty]: [string | null, number] = [null, 0]
    do {
      const reply = await get(running, { page_size: 1, ...(token === null ? {} : { page_token: token }) })
      ids.push(...(idsOf(reply) as string[]))
      if (idsOf(reply).length === 0) empty += 1
      token = tokenOf(reply)
    } while (token !== null)
    expect(ids).toEqual(['a', 'b', 'c', 'd', 'e'])
    expect(empty).toBeGreaterThan(0)
  })

  test('A4: repeated tokens: the page hands back what it was asked with', async () => {
    const running = await misbehaving({ repeatedTokens: 1 })
    const first = await get(running, { page_size: 2 })
    const token = tokenOf(first)
    expect((await get(running, { page_size: 2, page_token: token })).body.next_page_token).toBe(token)
  })

  test('A4: endless lists: ever new tokens', async () => {
    const running = await misbehaving({ endlessLists: 1 })
    const tokens = new Set<string>()
    let token: string | null = null
    for (let page = 0; page < 20; page += 1) {
      const reply = await get(running, { page_size: 4, ...(token === null ? {} : { page_token: token }) })
      expect(reply.status).toBe(200)
      token = tokenOf(reply)
      tokens.add(String(token))
    }
    expect(tokens.size).toBeGreaterThan(10)
    expect(tokens).not.toContain('null')
  })

  test('A5: repeated items: all are there, and some twice', async () => {
    const running = await misbehaving({ repeatedItems: 1 })
    const ids = idsOf(await get(running))
    expect(new Set(ids)).toEqual(new Set(['a', 'b', 'c', 'd', 'e']))
    expect(ids.length).toBeGreaterThan(5)
  })

  test('A9, A10: strange values: the same each time, and never the id', async () => {
    const running = await misbehaving({ strangeValues: 1 })
    const [one, other] = [await get(running), await get(running)]
    expect(one.text).toBe(other.text)
    expect(idsOf(one)).toEqual(['a', 'b', 'c', 'd', 'e'])
    expect(one.text).not.toBe((await get(await misbehaving({}))).text)
  })

  test('A12: 429 with Retry-After in seconds, as a date, and without', async () => {
    const running = await misbehaving({ rateLimits: 1 })
    const waits = new Set<string>()
    for (let request = 0; request < 120; request += 1) {
      const { status, headers } = await get(running)
      expect(status).toBe(429)
      waits.add(headers.get('retry-after')?.replace(/^\w+, .*/, 'a date') ?? 'none')
    }
    expect([...waits].sort()).toEqual(['1', '2', '3', '4', '5', 'a date', 'none'])
  })

  test('A12: statuses that pass by themselves', async () => {
    expect(await statuses(await misbehaving({ clientErrors: 1 }))).toEqual(new Set([408, 409, 425]))
    expect(await statuses(await misbehaving({ serverErrors: 1 }))).toEqual(new Set([500, 502, 503, 504]))
  })

  test('A12: resets, cut bodies and HTML', async () => {
    await expect(get(await misbehaving({ resets: 1 }))).rejects.toThrow()
    await expect(get(await misbehaving({ cutBodies: 1 }))).rejects.toThrow()
    expect((await get(await misbehaving({ garbage: 1 }))).text).toMatch(/^<!DOCTYPE html>/)
  })
})

test('A7: an answer from a replica that is behind', async () => {
  const running = await misbehaving({})
  running.world.put(job('new', NOON + MINUTE))
  running.time.now += 2 * MINUTE
  expect(idsOf(await get(running))).toContain('new')
  running.settings.intercept = () => ({ kind: 'past', by: 2 * MINUTE })
  expect(idsOf(await get(running))).not.toContain('new')
})

test('the same seed misbehaves in the same way, another one in another', async () => {
  const knobs = Object.fromEntries(KNOB_NAMES.map((name) => [name, 0.05])) as unknown as Knobs
  const played = async (seed: string) => {
    const running = await misbehaving({ ...knobs, hangs: 0 }, seed)
    const replies: unknown[] = []
    for (let request = 0; request < 40; request += 1) {
      replies.push(await get(running).then(({ status, text }) => [status, text], String))
    }
    return replies
  }
  expect(await played('one')).toEqual(await played('one'))
  expect(await played('one')).not.toEqual(await played('two'))
})
