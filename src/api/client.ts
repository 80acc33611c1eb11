import { LlamaCloud } from '@llamaindex/llama-cloud'
import { Stopwatch } from '../clock.ts'
import { type ApiStats, createCounters } from './counters.ts'
import type { Pace } from './pace.ts'
import { type Asking, PageSize, readWithin } from './page-size.ts'
import { type Page, type Reply, type RequestOptions, requestPage } from './request.ts'
import { type Retry, type RetryPolicy, withRetries } from './retry.ts'
import type { Rooms } from './room.ts'
import { withShortErrors } from './short-errors.ts'
import { createUpstreamClock, type UpstreamClock } from './upstream-clock.ts'
import { type VerdictContext, verdictOn } from './verdict.ts'

/** Sends one list request for this many items through the official client: `client.x.list(query, options).asResponse()`. */
export type SendPage = (
  client: LlamaCloud,
  options: { readonly signal: AbortSignal },
  items: number,
) => Promise<Response>

export interface PageRequest extends Asking {
  /** `one`: a failure is not retried. */
  readonly attempts?: 'one' | undefined
  /** The reply is a single item: it becomes a page of its own. */
  readonly isItem?: boolean
}

/** LlamaCloud over HTTP, for one source. Every request is paced, timed, retried and counted here. */
export interface Api {
  readonly upstreamClock: UpstreamClock
  /** Asks for the key again, so that it can be rotated: to be called at the start of each cycle. */
  renewKey(): void
  /** How many items a page may hold. */
  readonly pageSize: PageSize
  /**
   * Reads one page. Throws ApiRefusedError, ApiRequestError, ApiUnavailableError, ApiReplyTooLargeError, or the signal's
   * reason at once when it aborts, whether in a queue, between attempts or in a request.
   */
  readPage(send: SendPage, request?: PageRequest): Promise<Page>
  /** See `Pace.reserve`. */
  readonly reserve: Pace['reserve']
  stats(): ApiStats
}

export interface ApiOptions
  extends Omit<VerdictContext, 'now'>,
    Pick<RetryPolicy, 'clock' | 'random' | 'retryForMs'> {
  /** Throws when there is no key. */
  readonly apiKey: () => string
  readonly fetch: typeof fetch
  /** The one pace of this key and base URL. */
  readonly pace: Pace
  /** The one of this process. */
  readonly rooms: Rooms
  readonly requestTimeoutMs: number
  /** They go with every request, beside the key. */
  readonly headers: Readonly<Record<string, string>>
  /** For the log; counting and pausing are done already. */
  readonly onRetry?: (retry: Retry) => void
}

export function createApi(options: ApiOptions): Api {
  const { baseUrl, clock, pace, rooms } = options
  const pageSize = new PageSize()
  const upstreamClock = createUpstreamClock(clock)
  const counters = createCounters()
  const watch = new Stopwatch(clock)
  const client = createRotatingClient(options)

  const attempt = async (
    send: SendPage,
    items: number,
    limits: Pick<RequestOptions, 'hold' | 'signal' | 'isItem'>,
  ): Promise<Reply> => {
    const timeoutMs = options.requestTimeoutMs
    const request = requestPage((init) => send(client.current(), init, items), {
      ...limits,
      clock,
      timeoutMs,
    })
    const page = await counters.count(request)
    if (page.date !== undefined) upstreamClock.observe(page.date, page.receivedAt)
    return page
  }
  const onRetry = (retry: Retry) => {
    counters.retried()
    options.onRetry?.(retry)
  }
  const onPause = (ms: number) => {
    counters.paused()
    pace.pause(ms)
  }
  const { keyVariable, proxy, redact } = options
  const context = { baseUrl, keyVariable, proxy, redact, now: clock.now }
  const policy = { ...options, verdictOn: (error: unknown) => verdictOn(error, context), onPause, onRetry }
  return {
    upstreamClock,
    renewKey: client.renew,
    pageSize,
    reserve: pace.reserve,
    readPage: (send, { attempts, isItem, ...asking } = {}) => {
      const { signal } = asking
      watch.begin()
      // Paced within the retries: while a request waits to be retried it holds no place that another could use.
      return readWithin(rooms, pageSize, asking, (items, hold) =>
        withRetries(
          () => pace.run(() => attempt(send, items, { hold, signal, isItem }), signal),
          attempts === 'one' ? { ...policy, retryForMs: 0 } : policy,
          signal,
        ),
      ).finally(() => watch.end())
    },
    stats: () => ({ ...counters.stats(), waitedMs: watch.ms }),
  }
}

/** The official client has its key for life: another key makes another client. */
function createRotatingClient(
  options: Pick<ApiOptions, 'apiKey' | 'baseUrl' | 'fetch' | 'headers' | 'requestTimeoutMs'>,
) {
  let key: string | undefined
  let client: LlamaCloud | undefined
  const renew = (): LlamaCloud => {
    const fresh = options.apiKey()
    if (client === undefined || fresh !== key) client = createClient(fresh, options)
    key = fresh
    return client
  }
  return { renew, current: () => client ?? renew() }
}

/** Headroom over our own time-out, which also covers the body and has to be the one that fires. */
const CLIENT_TIMEOUT_HEADROOM_MS = 5_000

/**
 * The official client, with everything it would do by itself switched off: its retries (ours have a budget and honour
 * Retry-After), its log (it writes to the console), and the environment variables that it reads for what is left out. It
 * reads LLAMA_CLOUD_CUSTOM_HEADERS all the same, which the settings have judged and handed in.
 */
export function createClient(
  apiKey: string,
  options: Pick<ApiOptions, 'baseUrl' | 'fetch' | 'headers' | 'requestTimeoutMs'>,
): LlamaCloud {
  return new LlamaCloud({
    apiKey,
    baseURL: options.baseUrl,
    fetch: withShortErrors(options.fetch),
    defaultHeaders: options.headers,
    maxRetries: 0,
    timeout: Math.ceil(options.requestTimeoutMs) + CLIENT_TIMEOUT_HEADROOM_MS,
    logLevel: 'off',
  })
}
