import type { Fault, Intercept, InterceptedRequest, Page } from '../../src/simulator/faults.ts'
import { createRandom, type Random } from '../../src/simulator/random.ts'
import { type Instant, MILLISECOND, SECOND } from '../../src/values/instant.ts'
import { strangeItem } from './strange-values.ts'

/**
 * How often the API misbehaves in each way that its assumptions list, as shares of requests, 0 to 1. The other ways have
 * their place elsewhere: A1 in the setting `order`, shifting items (A5) in `paging`, A6 and A7 in `fate`, A8 in
 * `World.remove`.
 */
export interface Knobs {
  /** A2: requests with a page token are told that it has expired: 400, 404, 410 or 422. */
  readonly expiredTokens: number
  /** A3: an empty page comes before the page that was asked for. */
  readonly emptyPages: number
  /** A4: a page hands back the very token that it was asked for with. */
  readonly repeatedTokens: number
  /** A4: no page is the last; the listing begins again with ever new tokens. */
  readonly endlessLists: number
  /** A5: some items of a page come twice. */
  readonly repeatedItems: number
  /** A9, A10: share of jobs, not of requests, with values nobody expects. The same job always has the same. */
  readonly strangeValues: number
  /** A12: 429, with Retry-After in seconds, as a date, or without. */
  readonly rateLimits: number
  /** A12: 408, 409, 425. */
  readonly clientErrors: number
  /** A12: 500, 502, 503, 504 with HTML. */
  readonly serverErrors: number
  /** A12 */
  readonly resets: number
  /** A12: no answer ever. */
  readonly hangs: number
  /** A12 */
  readonly cutBodies: number
  /** A12: status 200 and HTML. */
  readonly garbage: number
}

export const WELL_BEHAVED: Knobs = {
  expiredTokens: 0,
  emptyPages: 0,
  repeatedTokens: 0,
  endlessLists: 0,
  repeatedItems: 0,
  strangeValues: 0,
  rateLimits: 0,
  clientErrors: 0,
  serverErrors: 0,
  resets: 0,
  hangs: 0,
  cutBodies: 0,
  garbage: 0,
}

export const KNOB_NAMES = Object.keys(WELL_BEHAVED) as readonly (keyof Knobs)[]

export interface MisbehaviourOptions {
  readonly knobs: Partial<Knobs>
  readonly seed: number | string
  /** The upstream's time, for Retry-After as a date. */
  readonly now: () => Instant
  /** The longest Retry-After, in whole seconds; 5 by default. */
  readonly longestRetryAfter?: number
}

/** Misbehaves as the knobs say. The same seed and the same requests in the same order give the same faults. */
export function createMisbehaviour(options: MisbehaviourOptions): Intercept {
  const knobs = { ...WELL_BEHAVED, ...options.knobs }
  const random = createRandom(`${options.seed} misbehaviour`)
  const longest = options.longestRetryAfter ?? 5
  const ways: readonly [keyof Knobs, (request: InterceptedRequest) => Fault | undefined][] = [
    ['rateLimits', () => rateLimit(random, options.now(), longest)],
    ['clientErrors', () => status(random.pick([408, 409, 425]))],
    ['serverErrors', () => status(random.pick([500, 502, 503, 504]))],
    ['resets', () => ({ kind: 'reset' })],
    ['hangs', () => ({ kind: 'hang' })],
    ['cutBodies', () => ({ kind: 'cut' })],
    ['garbage', () => ({ kind: 'garbage' })],
    ['expiredTokens', ({ query }) => (query.has('page_token') ? expired(random) : undefined)],
  ]
  const changes: readonly [keyof Knobs, (page: Page, asked: string | null, target: string | null) => Page][] =
    [
      ['emptyPages', (page, _, target) => ({ ...page, items: [], next_page_token: detour(target, random) })],
      ['repeatedTokens', (page, asked) => ({ ...page, next_page_token: asked ?? page.next_page_token })],
      [
        'endlessLists',
        (page) => ({ ...page, next_page_token: page.next_page_token ?? detour(null, random) }),
      ],
      ['repeatedItems', (page) => ({ ...page, items: withRepeats(page.items, random) })],
    ]
  return (request) => {
    const asked = request.query.get('page_token')
    const target = followDetour(request.query)
    const fault = ways.find(([name]) => random.chance(knobs[name]))?.[1](request)
    if (fault) return fault
    const change = changes.find(([name]) => random.chance(knobs[name]))?.[1]
    if (!change && knobs.strangeValues === 0) return undefined
    const strange = (page: Page): Page => ({
      ...page,
      items: page.items.map((item) => strangeItem(item, options.seed, knobs.strangeValues)),
    })
    return { kind: 'page', change: (page) => change?.(strange(page), asked, target) ?? strange(page) }
  }
}

function rateLimit(random: Random, now: Instant, longest: number): Fault {
  const seconds = random.int(1, longest)
  const date = new Date((now + seconds * SECOND) / MILLISECOND).toUTCString()
  const headers = random.pick([{ 'retry-after': String(seconds) }, { 'retry-after': date }, {}])
  return { kind: 'status', status: 429, body: '{"detail":"Rate limit exceeded"}', headers }
}

function status(code: number): Fault {
  const body = `<html><head><title>${code}</title></head><body><h1>${code}</h1></body></html>`
  return { kind: 'status', status: code, body, headers: { 'content-type': 'text/html' } }
}

function expired(random: Random): Fault {
  return {
    kind: 'status',
    status: random.pick([400, 404, 410, 422]),
    body: '{"detail":"Page token expired"}',
  }
}

const DETOUR = /^detour\.[0-9a-f]+\.(.*)$/

/** A new token that leads where `target` leads; null: to the first page. */
function detour(target: string | null, random: Random): string {
  return `detour.${random.bits().toString(16)}.${target ?? ''}`
}

/** Rewrites a request by a detour into the one it stands for. Returns that one's token. */
function followDetour(query: URLSearchParams): string | null {
  const asked = query.get('page_token')
  const target = asked === null ? undefined : DETOUR.exec(asked)?.[1]
  if (target === '') query.delete('page_token')
  else if (target !== undefined) query.set('page_token', target)
  return query.get('page_token')
}

function withRepeats<T>(items: readonly T[], random: Random): T[] {
  const repeated = items.filter(() => random.chance(0.3))
  return random.chance(0.5) ? [...items, ...repeated] : random.shuffle([...items, ...repeated])
}
