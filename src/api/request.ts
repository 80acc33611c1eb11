import type { Clock } from '../clock.ts'
import { type Instant, parseHttpDate } from '../values/instant.ts'
import { isJsonObject, type JsonObject, type JsonValue, parseJson } from '../values/json.ts'

/** One page of a listing, as it came. */
export interface Page {
  readonly items: readonly JsonValue[]
  /** null: there is no further page. */
  readonly nextPageToken: string | null
  /** The reply's Date header (A14); undefined when there was none or it could not be read. */
  readonly date: Instant | undefined
  /** When the reply's headers arrived, in milliseconds of `clock.monotonic()`. */
  readonly receivedAt: number
  /** Characters of its JSON. */
  readonly size: number
  /** The same in UTF-8, as it came but for what a gateway packed. */
  readonly bytes: number
}

/** Sends one request and resolves with the raw reply to a 2xx; rejects with the client's own errors otherwise. */
export type Send = (options: { readonly signal: AbortSignal }) => Promise<Response>

/** No complete reply within SYNC_REQUEST_TIMEOUT. */
export class RequestTimeoutError extends Error {
  override readonly name = 'RequestTimeoutError'
  constructor(timeoutMs: number) {
    super(`no complete reply within ${timeoutMs / 1_000} s`)
  }
}

/** A reply with a 2xx status that is not a page: cut off, not JSON, or JSON of another shape. */
export class BadReplyError extends Error {
  override readonly name = 'BadReplyError'
}

export interface RequestOptions {
  readonly clock: Clock
  /** For headers and body together. */
  readonly timeoutMs: number
  readonly signal?: AbortSignal | undefined
}

/**
 * One attempt at one page. The body is always read to its end, or cancelled by the same signal that covers the
 * headers: an unread body would keep its connection. Throws what `send` throws, a RequestTimeoutError, a BadReplyError,
 * or the signal's reason.
 */
export function requestPage(send: Send, { clock, timeoutMs, signal }: RequestOptions): Promise<Page> {
  return withDeadline(clock, timeoutMs, signal, async (deadline) => {
    const response = await send({ signal: deadline })
    const receivedAt = clock.monotonic()
    const date = parseHttpDate(response.headers.get('date') ?? '')
    const text = await readBody(response)
    return { ...readPage(text), date, receivedAt, size: text.length, bytes: Buffer.byteLength(text) }
  })
}

/** Why the time-out of a request ends early. Given, since an AbortController left to itself makes an error each time. */
const REPLIED = 'replied'

async function withDeadline<T>(
  clock: Clock,
  timeoutMs: number,
  signal: AbortSignal | undefined,
  work: (deadline: AbortSignal) => Promise<T>,
): Promise<T> {
  signal?.throwIfAborted()
  const controller = new AbortController()
  const timer = new AbortController()
  const stop = () => controller.abort(signal?.reason)
  signal?.addEventListener('abort', stop, { once: true })
  clock.sleep(timeoutMs, timer.signal).then(
    () => controller.abort(new RequestTimeoutError(timeoutMs)),
    () => {}, // the reply came first
  )
  try {
    return await work(controller.signal)
  } catch (error) {
    // The client tells an abort in words of its own and drops the reason; ours says which of the two it was.
    signal?.throwIfAborted()
    throw controller.signal.aborted && !hasStatus(error) ? controller.signal.reason : error
  } finally {
    timer.abort(REPLIED)
    signal?.removeEventListener('abort', stop)
  }
}

/** A refusal whose body never ended is still a refusal: its status says more than the time-out does. */
function hasStatus(error: unknown): boolean {
  return error instanceof Error && 'status' in error && typeof error.status === 'number'
}

async function readBody(response: Response): Promise<string> {
  try {
    return await response.text()
  } catch (error) {
    throw new BadReplyError('the reply was cut off', { cause: error })
  }
}

function readPage(text: string): Pick<Page, 'items' | 'nextPageToken'> {
  const body = readObject(text)
  if (!Array.isArray(body.items)) throw new BadReplyError('the reply has no list of items')
  const token = body.next_page_token ?? null
  if (token !== null && typeof token !== 'string') {
    throw new BadReplyError('the page token of the reply is no text')
  }
  return { items: body.items, nextPageToken: token === '' ? null : token }
}

function readObject(text: string): JsonObject {
  let body: JsonValue
  try {
    body = parseJson(text)
  } catch (error) {
    throw new BadReplyError('the reply is not JSON', { cause: error })
  }
  if (!isJsonObject(body)) throw new BadReplyError('the reply is not a JSON object')
  return body
}
