import type { Instant } from '../values/instant.ts'
import type { Direction, Filters } from './listing.ts'
import type { ListQuery } from './query.ts'
import { createRandom } from './random.ts'
import { type Found, placeOf } from './shelf.ts'
import { openToken, type Position, sealToken } from './token.ts'
import type { World } from './world.ts'

/** 'shuffled': each page in another order, chosen by the seed and the token; which jobs are on it stays the same. */
export type Order = 'ascending' | 'descending' | 'shuffled'

/**
 * 'keyset': a token names the last job, so that creations and deletions shift nothing. 'offset': it names a number of
 * jobs, so that they do (A5); a page then costs as much as all before it.
 */
export type Paging = 'keyset' | 'offset'

export interface PageOptions {
  readonly order: Order
  readonly paging: Paging
  /** Of tokens and of shuffling. */
  readonly seed: string
}

export interface PageTexts {
  /** The JSON texts of the items. */
  readonly items: readonly string[]
  readonly nextPageToken: string | null
}

/** One page of the list as of `now`; undefined when the page token is not one of this listing's. */
export function listPage(
  world: World,
  query: ListQuery,
  options: PageOptions,
  now: Instant,
): PageTexts | undefined {
  const { filters, pageSize, pageToken } = query
  const { order, seed } = options
  const start = pageToken === undefined ? beginning(options) : openToken(pageToken, filters, seed)
  if (!start) return undefined
  // One more than the page holds, to know whether there is a further page.
  const found = read(world, filters, start, now, pageSize + 1)
  const items = found.slice(0, pageSize)
  const texts = items.map(({ shelf, position }) => listedText(world, shelf.textAt(position, now)))
  const last = items.at(-1)
  const next = last && found.length > pageSize ? following(start, last, pageSize) : undefined
  return {
    items: order === 'shuffled' ? createRandom(`${seed} ${pageToken ?? ''}`).shuffle(texts) : texts,
    nextPageToken: next ? sealToken(next, filters, seed) : null,
  }
}

/** Lists have no `expand`: what it tells is null there. */
function listedText({ simulates }: World, text: string): string {
  if (simulates.usageOf === undefined || !text.includes('"usage"')) return text
  return JSON.stringify({ ...JSON.parse(text), usage: null })
}

/** Where a page starts; `after` is undefined on the first page of a keyset listing. */
interface Start {
  readonly direction: Direction
  readonly after: Position['after'] | undefined
}

function beginning({ order, paging }: PageOptions): Start {
  const direction = order === 'descending' ? 'descending' : 'ascending'
  return { direction, after: paging === 'offset' ? 0 : undefined }
}

function following({ direction, after }: Start, last: Found, pageSize: number): Position {
  return { direction, after: typeof after === 'number' ? after + pageSize : placeOf(last) }
}

function read(world: World, filters: Filters, start: Start, now: Instant, count: number): Found[] {
  const { direction, after } = start
  let skip = typeof after === 'number' ? after : 0
  const place = typeof after === 'object' ? { after } : {}
  const taken: Found[] = []
  for (const found of world.list({ filters, direction, now, ...place })) {
    if (skip-- > 0) continue
    taken.push(found)
    if (taken.length === count) break
  }
  return taken
}
