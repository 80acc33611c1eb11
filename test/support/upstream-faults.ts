import { createHash } from 'node:crypto'
import type { Fault, Intercept, InterceptedRequest, Page } from '../../src/simulator/faults.ts'
import type { Job } from '../../src/simulator/job.ts'
import type { JsonObject, JsonValue } from '../../src/simulator/json.ts'
import type { Hides, World } from '../../src/simulator/world.ts'
import type { Bounds } from '../../src/store/spans.ts'
import { formatInstant, type Instant, parseInstant } from '../../src/values/instant.ts'

/** When a fault is there, by the world's time, both ends inclusive. */
export interface While {
  readonly from?: Instant
  readonly to?: Instant
}

const isDuring = ({ from = -Infinity, to = Infinity }: While, now: Instant) => now >= from && now <= to

/** A15: what is older than this is gone, more of it each moment. */
export function retention(age: Instant, during: While = {}): Hides {
  return ({ createdAt }, now) => isDuring(during, now) && createdAt < now - age
}

/** A18: this share of the jobs, by their ids, does not show. */
export function lostShard(share: number, during: While): Hides {
  return ({ id }, now) => isDuring(during, now) && isOnShard(id, share)
}

/** Whether a job is among those that `lostShard` hides. */
export function isOnShard(id: string, share: number): boolean {
  return createHash('sha256').update(id).digest().readUInt32BE() < share * 2 ** 32
}

/** A18: nothing shows at all. */
export function darkness(during: While): Hides {
  return (_, now) => isDuring(during, now)
}

/** A20: the key shows the jobs of one project. Returns how to replace it by that of another. */
export function keyOf(world: World, projectId: string): (other: string) => void {
  let shown = projectId
  world.hide((job) => job.projectId() !== shown)
  return (other) => {
    shown = other
  }
}

/** Intercepts one after the other: the first to refuse wins, and pages are changed by all. */
export function together(...intercepts: readonly Intercept[]): Intercept {
  return async (request) => {
    const changes: ((page: Page) => unknown)[] = []
    for (const intercept of intercepts) {
      const fault = await intercept(request)
      if (fault?.kind === 'page') changes.push(fault.change)
      else if (fault) return fault
    }
    return changes.length === 0 ? undefined : { kind: 'page', change: (page) => changes.reduce(chain, page) }
  }
}

const chain = (page: Page, change: (page: Page) => unknown) => change(page) as Page

export type Refusal = 404 | 410 | 500 | 422 | 'hang'

function refuse(how: Refusal): Fault {
  if (how === 'hang') return { kind: 'hang' }
  return { kind: 'status', status: how, body: JSON.stringify({ detail: `poisoned: ${how}` }) }
}

/** A19: each request that asks for one of these ids is refused, or never answered. */
export function poisonIds(ids: readonly string[], how: Refusal): Intercept {
  return ({ query }) => (query.getAll('job_ids').some((id) => ids.includes(id)) ? refuse(how) : undefined)
}

/** A19: each listing whose span touches this one is refused. */
export function poisonInstants(poisoned: Bounds, how: Refusal = 500): Intercept {
  return ({ query }) => (touches(query, poisoned) ? refuse(how) : undefined)
}

/** Whether this is a listing by time whose span touches the given one. */
export function touches(query: URLSearchParams, { lower, upper }: Bounds): boolean {
  if (query.has('job_ids')) return false
  const bound = (name: string) => parseInstant(query.get(`created_at_on_or_${name}`) ?? '')
  return (bound('after') ?? -Infinity) <= upper && (bound('before') ?? Infinity) >= lower
}

/** A17: this many replies have a Date that is so far ahead; negative: behind. */
export function wrongDate(ahead: Instant, replies = Infinity): Intercept {
  let left = replies
  return () => {
    left -= 1
    return left >= 0 ? { kind: 'date', ahead } : undefined
  }
}

/** A16: RUNNING was written by a server whose clock is ahead by this, COMPLETED later by one that is right. */
export function steppingBack(
  id: string,
  times: {
    readonly createdAt: Instant
    readonly runs: Instant
    readonly ends: Instant
    readonly ahead: Instant
  },
): Job {
  const { createdAt, runs, ends, ahead } = times
  const running = { status: 'RUNNING', updated_at: formatInstant(runs + ahead) }
  return {
    id,
    createdAt,
    steps: [
      { at: runs, changes: running },
      { at: ends, changes: { status: 'COMPLETED' } },
    ],
  }
}

/** A21: each item has a field that differs at each reading. */
export function volatileField(): Intercept {
  let reading = 0
  return () => ({
    kind: 'page',
    change: (page) => {
      reading += 1
      const presigned = (item: JsonValue) => ({
        ...(item as JsonObject),
        preview: { url: `https://files.example/preview?signature=${reading}`, kind: 'image/png' },
      })
      return { ...page, items: page.items.map(presigned) }
    },
  })
}

/** A22: these parameters are ignored by what stands in between. */
export function ignored(...parameters: readonly string[]): Intercept {
  return ({ query }) => {
    for (const name of parameters) query.delete(name)
    return undefined
  }
}

export const CREATED_AT = ['created_at_on_or_after', 'created_at_on_or_before'] as const

/** A2: a page token is good for so long. */
export function shortTokens(validFor: Instant, now: () => Instant): Intercept {
  const issued = new Map<string, Instant>()
  return ({ query }) => {
    const token = query.get('page_token')
    if (token !== null && now() > (issued.get(token) ?? -Infinity) + validFor) {
      return { kind: 'status', status: 410, body: '{"detail":"Page token expired"}' }
    }
    return {
      kind: 'page',
      change: (page) => {
        if (page.next_page_token !== null) issued.set(page.next_page_token, now())
        return page
      },
    }
  }
}

const CIRCLE = /^circle\.(\d+)$/

/** A4: a listing that this holds for never ends: its tokens come round after this many pages. */
export function tokenCircle(pages: number, holds: (request: InterceptedRequest) => boolean): Intercept {
  return (request) => {
    if (!holds(request)) return undefined
    const { query } = request
    const place = Number(CIRCLE.exec(query.get('page_token') ?? '')?.[1] ?? 0)
    query.delete('page_token')
    const next = `circle.${(place + 1) % pages}`
    return { kind: 'page', change: (page) => ({ ...page, next_page_token: next }) }
  }
}

/** A18: of the requests by id only each nth is answered with jobs; the others with none. */
export function emptyAnswers(each: number): Intercept {
  let requests = 0
  return ({ query }) => {
    if (!query.has('job_ids')) return undefined
    requests += 1
    return requests % each === 0
      ? undefined
      : { kind: 'page', change: () => ({ items: [], next_page_token: null }) }
  }
}

/** A19: each listing whose span touches this one is refused, where it asks for more than 10 jobs a page. */
export function largePages(poisoned: Bounds, how: Refusal): Intercept {
  return ({ query }) =>
    touches(query, poisoned) && Number(query.get('page_size')) > 10 ? refuse(how) : undefined
}
