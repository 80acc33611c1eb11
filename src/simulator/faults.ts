import type { Instant } from '../values/instant.ts'
import type { JsonValue } from './json.ts'

/** How the simulated API misbehaves in one request. All but 'delay', 'past', 'date' and 'page' stand in place of the answer. */
export type Fault =
  /** Any status with any body: 429, 503 with HTML, 410 for an expired token, … */
  | { readonly kind: 'status'; readonly status: number; readonly body?: string; readonly headers?: Headers }
  /** The connection is reset before a byte of the answer. */
  | { readonly kind: 'reset' }
  /** No answer ever; the connection stays open. */
  | { readonly kind: 'hang' }
  /** The connection is closed after half of the body. */
  | { readonly kind: 'cut' }
  /** Status 200 with HTML in place of JSON. */
  | { readonly kind: 'garbage' }
  /** The answer is made after this time. */
  | { readonly kind: 'delay'; readonly ms: number }
  /** The answer comes from a replica that is so far behind (A7), in microseconds. */
  | { readonly kind: 'past'; readonly by: Instant }
  /** The answer's Date is so far ahead (A17), in microseconds; negative: behind. */
  | { readonly kind: 'date'; readonly ahead: Instant }
  /** The answer is made, and then changed: empty pages, repeated tokens, repeated items. */
  | { readonly kind: 'page'; readonly change: (page: Page) => unknown }

export interface Page {
  readonly items: readonly JsonValue[]
  readonly next_page_token: string | null
  readonly total_size: number | null
}

type Headers = Readonly<Record<string, string>>

export interface InterceptedRequest {
  readonly url: URL
  readonly query: URLSearchParams
  /** 1 for the first request since the simulator started. */
  readonly count: number
}

/**
 * Asked before every request; undefined to answer it as it should be. It may wait, to hold the request back, and it may
 * rewrite the query, to have another request answered.
 */
export type Intercept = (request: InterceptedRequest) => Fault | undefined | Promise<Fault | undefined>
