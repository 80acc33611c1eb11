import { Agent, get } from 'node:http'
import { classify } from '../../src/simulator/lists/classify.ts'
import { DEFAULT_API_KEY } from '../../src/simulator/server.ts'
import type { Bounds } from '../../src/store/spans.ts'
import { formatInstant } from '../../src/values/instant.ts'

const LANES = 4
const TOKEN = /"next_page_token":"([^"]+)"/

/**
 * Reads every page of a span as a bare client would: no retry, no pace, nothing decoded but the token. As many lanes
 * as there are connections read a part of the span each.
 */
export async function fetchPages(
  baseUrl: string,
  { lower, upper }: Bounds,
  onPage: (body: string) => Promise<void> | void = () => {},
): Promise<number> {
  const agent = new Agent({ keepAlive: true })
  const width = (upper - lower) / LANES
  const lane = async (number: number): Promise<number> => {
    // Both ends of the filter are inclusive: the last microsecond of a part belongs to it alone.
    const from = Math.ceil(lower + number * width)
    const to = Math.ceil(lower + (number + 1) * width) - 1
    let token: string | undefined
    for (let pages = 1; ; pages++) {
      const body = await fetchPage(baseUrl, queryOf({ lower: from, upper: to }, token), agent)
      await onPage(body)
      token = TOKEN.exec(body.slice(-1_000))?.[1]
      if (token === undefined) return pages
    }
  }
  const pages = await Promise.all(Array.from({ length: LANES }, (_, number) => lane(number)))
  agent.destroy()
  return pages.reduce((sum, count) => sum + count, 0)
}

export function queryOf({ lower, upper }: Bounds, token?: string): URLSearchParams {
  return new URLSearchParams({
    created_at_on_or_after: formatInstant(lower),
    created_at_on_or_before: formatInstant(upper),
    page_size: '100',
    ...(token === undefined ? {} : { page_token: token }),
  })
}

/** One request; `false` for a connection of its own. */
export function fetchPage(baseUrl: string, query: URLSearchParams, agent: Agent | false): Promise<string> {
  const url = `${baseUrl}${classify.paths[0]}?${query}`
  return new Promise((resolve, reject) => {
    get(url, { agent, headers: { authorization: `Bearer ${DEFAULT_API_KEY}` } }, (response) => {
      const parts: Buffer[] = []
      response.on('data', (part: Buffer) => parts.push(part))
      response.on('error', reject)
      response.on('end', () => {
        const body = Buffer.concat(parts).toString()
        if (response.statusCode === 200) resolve(body)
        else reject(new Error(`the simulated API answered ${response.statusCode}: ${body.slice(0, 200)}`))
      })
    }).on('error', reject)
  })
}
