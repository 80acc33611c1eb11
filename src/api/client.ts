import { APIConnectionError, APIError, LlamaCloud } from '@llamaindex/llama-cloud'
import { type Clock, Stopwatch } from '../clock.ts'
import type { Redactor } from '../redact.ts'
import type { Pace } from './pace.ts'
import { BadReplyError, type Page, RequestTimeoutError, requestPage } from './request.ts'
import { type Retry, withRetries } from './retry.ts'
import { createUpstreamClock, type UpstreamClock } from './upstream-clock.ts'
import { judge } from './verdict.ts'

/** Counts since the Api was made; only ever growing, so that a run takes the difference of two readings. */
export interface ApiStats {
  /** Requests sent, retries included. */
  readonly requests: number
  readonly retries: number
  /** Replies that paused all requests of a key. */
  readonly pauses: number
  /** Of the bodies of complete replies, unpacked. */
  readonly bytes: number
  /** Milliseconds in which at least one request was under way, or waited for its turn or its next attempt. */
  readonly waitedMs: number
  /** How requests ended: by status (`200`, `429`), or `timeout`, `connection`, `bad reply`, `aborted`. */
  readonly byStatus: Readonly<Record<string, number>>
}

/** Sends one list request through the official client: `client.x.list(query, options).asResponse()`. */
export type SendPage = (client: LlamaCloud, options: { readonly signal: AbortSignal }) => Promise<Response>

/** LlamaCloud over HTTP, for one source. Every request is paced, timed, retried and counted here. */
export interface Api {
  readonly baseUrl: string
  readonly upstreamClock: UpstreamClock
  /** Asks for the key anew, so that it can be rotated: to be called at the start of each cycle. */
  renewKey(): void
  /**
   * Reads one page. Throws ApiRefusedError, ApiRequestError, ApiUnavailableError, or the signal's reason at once when it
   * aborts, whether in a queue, between attempts or in a request. With `one` attempt a failure is not retried.
   */
  readPage(send: SendPage, signal?: AbortSignal, attempts?: 'one'): Promise<Page>
  stats(): ApiStats
}

export interface ApiOptions {
  readonly baseUrl: string
  /** Throws when there is no key. */
  readonly apiKey: () => string
  /** Where the key comes from, for messages. */
  readonly keyVariable: string
  readonly fetch: typeof fetch
  readonly clock: Clock
  /** 0 <= x < 1. */
  readonly random: () => number
  /** The one pace of this key and base URL. */
  readonly pace: Pace
  readonly requestTimeoutMs: number
  readonly retryForMs: number
  readonly redact: Redactor
  /** They go with every request, beside the key. */
  readonly headers: Readonly<Record<string, string>>
  /** What is between here and the API, for messages. */
  readonly proxy: string | undefined
  /** For the log; counting and pausing are done already. */
  readonly onRetry?: (retry: Retry) => void
}

export function createApi(options: ApiOptions): Api {
  const { baseUrl, clock, pace } = options
  const upstreamClock = createUpstreamClock(clock)
  const counters = createCounters()
  const watch = new Stopwatch(clock)
  const client = createRotatingClient(options)

  const attempt = async (send: SendPage, signal?: AbortSignal): Promise<Page> => {
    const timeoutMs = options.requestTimeoutMs
    const request = requestPage((init) => send(client.current(), init), { clock, timeoutMs, signal })
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
  const policy = { ...options, judge: (error: unknown) => judge(error, context), onPause, onRetry }
  return {
    baseUrl,
    upstreamClock,
    renewKey: client.renew,
    // Paced within the retries: while a request waits to be retried it holds no place that another could use.
    readPage: (send, signal, attempts) => {
      watch.begin()
      return withRetries(
        () => pace.run(() => attempt(send, signal), signal),
        attempts === 'one' ? { ...policy, retryForMs: 0 } : policy,
        signal,
      ).finally(() => watch.end())
    },
    stats: () => ({ ...counters.stats(), waitedMs: watch.ms }),
  }
}

function createCounters() {
  let requests = 0
  let retries = 0
  let pauses = 0
  let bytes = 0
  const byStatus = new Map<string, number>()
  const add = (outcome: string) => byStatus.set(outcome, (byStatus.get(outcome) ?? 0) + 1)
  return {
    count: async (request: Promise<Page>): Promise<Page> => {
      requests += 1
      try {
        const page = await request
        add('200')
        bytes += page.bytes
        return page
      } catch (error) {
        add(outcomeOf(error))
        throw error
      }
    },
    retried: () => {
      retries += 1
    },
    paused: () => {
      pauses += 1
    },
    stats: () => ({ requests, retries, pauses, bytes, byStatus: Object.fromEntries(byStatus) }),
  }
}

function outcomeOf(error: unknown): string {
  if (error instanceof RequestTimeoutError) return 'timeout'
  if (error instanceof BadReplyError) return 'bad reply'
  if (error instanceof APIConnectionError) return 'connection'
  return error instanceof APIError && error.status !== undefined ? String(error.status) : 'aborted'
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
  return {
    renew: () => {
      renew()
    },
    current: () => client ?? renew(),
  }
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
    fetch: options.fetch,
    defaultHeaders: options.headers,
    maxRetries: 0,
    timeout: Math.ceil(options.requestTimeoutMs) + CLIENT_TIMEOUT_HEADROOM_MS,
    logLevel: 'off',
  })
}
