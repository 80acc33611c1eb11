import type { Clock } from '../clock.ts'
import { type Instant, parseHttpDate } from '../values/instant.ts'
import { isJsonObject, type JsonObject, type JsonValue, parseJson } from '../values/json.ts'
import { type Hold, MOST_REPLY_BYTES } from './room.ts'

/** One page of a listing, as it came. */
export interface Reply {
  readonly items: readonly JsonValue[]
  /** null: there is no further page. */
  readonly nextPageToken: string | null
  /** The reply's Date header (A14); undefined when there was none or it could not be read. */
  readonly date: Instant | undefined
  /** When the reply's headers arrived, in milliseconds of `clock.monotonic()`. */
  readonly receivedAt: number
  /** Bytes of its JSON. */
  readonly size: number
}

/** A page, and what it takes of the room for pages until it is committed or dropped. */
export interface Page extends Reply {
  readonly hold: Hold
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

/** A reply was not read to its end: it is too large, or there is no room for it now (A23). */
export class CutOffError extends Error {
  override readonly name = 'CutOffError'
  /** The reply had this many bytes, or more. */
  readonly bytes: number
  readonly isTooLarge: boolean
  constructor(bytes: number, isTooLarge: boolean) {
    super(`the reply was cut off at ${bytes} bytes`)
    this.bytes = bytes
    this.isTooLarge = isTooLarge
  }
}

export interface RequestOptions {
  readonly clock: Clock
  /** For headers and body together. */
  readonly timeoutMs: number
  readonly signal?: AbortSignal | undefined
  /** The reply takes of it what it needs. */
  readonly hold: Pick<Hold, 'growTo'>
  /** The reply is a single item. */
  readonly isItem?: boolean | undefined
}

/**
 * One attempt at one page. The body is read to its end, or as far as there is room for it, or cancelled by the same signal
 * that covers the headers: an unread body would keep its connection. Throws what `send` throws, a RequestTimeoutError, a
 * BadReplyError, a CutOffError, or the signal's reason.
 */
export function requestPage(
  send: Send,
  { clock, timeoutMs, signal, hold, isItem = false }: RequestOptions,
): Promise<Reply> {
  return withDeadline(clock, timeoutMs, signal, async (deadline) => {
    const response = await send({ signal: deadline })
    const receivedAt = clock.monotonic()
    const date = parseHttpDate(response.headers.get('date') ?? '')
    const { text, size } = await readBody(response, hold)
    const page = isItem ? { items: [readObject(text)], nextPageToken: null } : readPage(text)
    return { ...page, date, receivedAt, size }
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

/** A hundred times as many as the API returns: something that ignores the page size may bring more than was asked for. */
const MOST_ON_A_PAGE = 10_000

async function readBody(
  response: Response,
  hold: RequestOptions['hold'],
): Promise<{ text: string; size: number }> {
  const chunks: Uint8Array[] = []
  let size = 0
  try {
    // What is announced too large is not begun. Of a compressed reply more comes than that.
    assertRoom(Number(response.headers.get('content-length')) || 0, hold)
    for await (const chunk of response.body ?? []) {
      size += chunk.byteLength
      assertRoom(size, hold)
      chunks.push(chunk)
    }
  } catch (error) {
    // An unread body would keep its connection.
    await response.body?.cancel().catch(() => {})
    if (error instanceof CutOffError) throw error
    throw new BadReplyError('the reply was cut off', { cause: error })
  }
  const bytes = Buffer.concat(chunks)
  if (holdsTooMuch(bytes)) throw new CutOffError(MOST_REPLY_BYTES + 1, true)
  return { text: new TextDecoder().decode(bytes), size }
}

/** @throws CutOffError */
function assertRoom(bytes: number, hold: RequestOptions['hold']): void {
  const isTooLarge = bytes > MOST_REPLY_BYTES
  if (isTooLarge || !hold.growTo(bytes)) throw new CutOffError(bytes, isTooLarge)
}

/** More arrays and objects take more memory than a reply of any size should: each takes some 60 bytes, even an empty one. */
const MOST_CONTAINERS = 1_000_000
const BRACKETS: readonly number[] = [0x5b, 0x7b]

function holdsTooMuch(bytes: Uint8Array): boolean {
  // Most replies are too short for this many.
  if (bytes.length < 2 * MOST_CONTAINERS) return false
  let containers = 0
  for (const byte of bytes) if (BRACKETS.includes(byte)) containers += 1
  return containers > MOST_CONTAINERS
}

/** It goes back in an address, which no server takes at any length, and is stored in between (I11). */
const LONGEST_TOKEN = 16_384

function readPage(text: string): Pick<Page, 'items' | 'nextPageToken'> {
  const body = readObject(text)
  if (!Array.isArray(body.items)) throw new BadReplyError('the reply has no list of items')
  if (body.items.length > MOST_ON_A_PAGE) throw new BadReplyError('the reply has too many items for a page')
  const token = body.next_page_token ?? null
  if (token !== null && typeof token !== 'string') {
    throw new BadReplyError('the page token of the reply is not a string')
  }
  if ((token ?? '').length > LONGEST_TOKEN) throw new BadReplyError('the page token of the reply is too long')
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
