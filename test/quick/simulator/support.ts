import { onTestFinished } from 'vitest'
import type { Job } from '../../../src/simulator/job.ts'
import type { JsonObject } from '../../../src/simulator/json.ts'
import { type Simulator, type SimulatorOptions, startSimulator } from '../../../src/simulator/server.ts'
import { World } from '../../../src/simulator/world.ts'
import { type Instant, parseInstant } from '../../../src/values/instant.ts'

export const NOON = at('2025-06-04T12:00:00Z')

export function at(text: string): Instant {
  const instant = parseInstant(text)
  if (instant === undefined) throw new Error(`not a date-time: ${text}`)
  return instant
}

/** A world whose clock the test moves. */
export function worldAt(start: Instant): { world: World; time: { now: Instant } } {
  const time = { now: start }
  return { world: new World({ now: () => time.now }), time }
}

export function job(id: string, createdAt: Instant | null, more: Partial<Job> = {}): Job {
  return { id, createdAt, ...more }
}

/** A simulator that is closed when the test ends. */
export async function simulate(options: SimulatorOptions): Promise<Simulator> {
  const simulator = await startSimulator(options)
  onTestFinished(() => simulator.close())
  return simulator
}

export interface Reply {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  readonly body: JsonObject
}

export type Params = Record<string, string | number | readonly string[]>

/** One request with the right key unless the headers say otherwise. `body` is {} where the text is not a JSON object. */
export async function get(
  { url, settings }: Simulator,
  params: Params = {},
  headers: Record<string, string> = { authorization: `Bearer ${settings.apiKey}` },
): Promise<Reply> {
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(params)) {
    for (const one of Array.isArray(value) ? value : [value]) query.append(name, String(one))
  }
  const response = await fetch(`${url}/api/v2/classify?${query}`, { headers })
  const text = await response.text()
  const isJson = response.headers.get('content-type') === 'application/json'
  return { status: response.status, headers: response.headers, text, body: isJson ? JSON.parse(text) : {} }
}

export function idsOf({ body }: Pick<Reply, 'body'>): unknown[] {
  return (body.items as readonly JsonObject[]).map(({ id }) => id)
}

/** The ids of all pages in the order received, and how many pages there were. */
export async function listAll(
  simulator: Simulator,
  params: Params = {},
  betweenPages: (page: number) => void = () => {},
): Promise<{ ids: unknown[]; pages: number }> {
  const ids: unknown[] = []
  let token: unknown
  for (let page = 1; page < 200; page++) {
    const reply = await get(simulator, { ...params, ...(token ? { page_token: String(token) } : {}) })
    ids.push(...idsOf(reply))
    token = reply.body.next_page_token
    if (!token) return { ids, pages: page }
    betweenPages(page)
  }
  throw new Error('the listing does not end')
}
