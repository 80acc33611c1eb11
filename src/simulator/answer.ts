import type { IncomingMessage } from 'node:http'
import type { Instant } from '../values/instant.ts'
import { parseJson } from '../values/json.ts'
import type { Page } from './faults.ts'
import { isJsonObject } from './json.ts'
import { isLookup, lookupPage } from './lookups.ts'
import { listPage, type PageOptions, type PageTexts } from './page.ts'
import { parseListQuery } from './query.ts'
import { isUsage, usagePage } from './usage.ts'
import type { World } from './world.ts'

/** What is sent: `cut` closes the connection after half of the body. */
export interface Answer {
  readonly status: number
  readonly body: string
  readonly headers?: Readonly<Record<string, string>>
  /** How many items the body holds, if it is a page. */
  readonly items?: number
  readonly cut?: boolean
}

export interface AnswerOptions extends PageOptions {
  readonly apiKey: string
}

/** The answer of an API that behaves, as of `now`. In its order: path, method, key, parameters, page token. */
export function answer(
  worlds: readonly World[],
  request: Pick<IncomingMessage, 'method' | 'headers'>,
  url: URL,
  options: AnswerOptions,
  now: Instant,
): Answer {
  const world = worlds.find(({ simulates }) => simulates.paths.includes(url.pathname))
  const alone = world ? undefined : aloneIn(worlds, url)
  if (!world && !alone && !isLookup(url) && !isUsage(url)) return refusal(404, 'Not Found')
  if (request.method !== 'GET') return { ...refusal(405, 'Method Not Allowed'), headers: { allow: 'GET' } }
  if (request.headers.authorization !== `Bearer ${options.apiKey}`) {
    return refusal(401, 'Invalid API Key. Please check your region')
  }
  if (alone) return answerAlone(alone, url, now)
  if (isUsage(url)) return answerUsage(worlds, url, now)
  if (!world) return answerLookup(worlds, url)
  const query = parseListQuery(url.searchParams, world.simulates)
  if ('problems' in query) return refusal(422, query.problems)
  const page = listPage(world, query, options, now)
  return page ? pageAnswer(page) : refusal(400, 'Invalid page token')
}

interface Alone {
  readonly world: World
  readonly id: string
}

/** The job that is asked for alone: `{path}/{id}`, of lists that tell more then. */
function aloneIn(worlds: readonly World[], { pathname }: URL): Alone | undefined {
  const [, path = '', id = ''] = /^(.*)\/([^/]+)$/.exec(pathname) ?? []
  const world = worlds.find(({ simulates }) => simulates.usageOf && simulates.paths.includes(path))
  return world && { world, id: decodeURIComponent(id) }
}

function answerAlone({ world, id }: Alone, { searchParams }: URL, now: Instant): Answer {
  const job = world.get(id)
  if (!isJsonObject(job)) return refusal(404, 'Classify job not found')
  const isExpanded = searchParams.getAll('expand').includes('usage')
  const { usage = world.simulates.usageOf?.(job, now) ?? null } = job
  return { status: 200, body: JSON.stringify({ ...job, usage: isExpanded ? usage : null }) }
}

/** Of all worlds: one name may come twice, as items may. */
function answerLookup(worlds: readonly World[], url: URL): Answer {
  const lookups = {
    projects: worlds.flatMap(({ lookups }) => lookups.projects),
    configurations: worlds.flatMap(({ lookups }) => lookups.configurations),
  }
  const page = lookupPage(lookups, url)
  return page ? pageAnswer(page) : refusal(404, 'Not Found')
}

function answerUsage(worlds: readonly World[], url: URL, now: Instant): Answer {
  const page = usagePage(worlds, url, now)
  return 'status' in page ? refusal(page.status, page.detail) : pageAnswer(page)
}

export function refusal(status: number, detail: unknown): Answer {
  return { status, body: JSON.stringify({ detail }) }
}

export function rateLimited(waitSeconds: number): Answer {
  return { ...refusal(429, 'Rate limit exceeded'), headers: { 'retry-after': String(waitSeconds) } }
}

export function htmlAnswer(): Answer {
  const body = '<!DOCTYPE html><html><head><title>Just a moment</title></head><body>Please wait</body></html>'
  return { status: 200, body, headers: { 'content-type': 'text/html; charset=utf-8' } }
}

/** The same answer with its page changed; answers that are no page stay as they are. */
export async function changePage(original: Answer, change: (page: Page) => unknown): Promise<Answer> {
  if (original.items === undefined) return original
  // Exactly: a page that is changed in one place loses no digit in another.
  const changed = await change(parseJson(original.body) as unknown as Page)
  return { ...original, body: JSON.stringify(changed) ?? '', items: countItems(changed) }
}

/** Joined by hand: the items already are JSON text. */
function pageAnswer({ items, nextPageToken }: PageTexts): Answer {
  const body = `{"items":[${items.join(',')}],"next_page_token":${JSON.stringify(nextPageToken)},"total_size":null}`
  return { status: 200, body, items: items.length }
}

function countItems(page: unknown): number {
  const hasItems = typeof page === 'object' && page !== null && 'items' in page && Array.isArray(page.items)
  return hasItems ? (page.items as unknown[]).length : 0
}
