import { ApiReplyTooLargeError } from '../errors.ts'
import { CutOffError, type Page, type Reply } from './request.ts'
import { type Hold, MOST_REPLY_BYTES, type Rooms } from './room.ts'

/** The API returns no more items a page. */
export const MOST_ITEMS = 100
/** Replies are to be about so large at most, whatever their items hold: several wait for their commit at a time. */
const AIM_BYTES = 4 * 1_024 * 1_024
/** What a reply is expected to take at first. Most take less, and give the rest back. */
const LEAST_EXPECTED_BYTES = 1_024 * 1_024

/**
 * How many items a request of a source asks for, by how large its replies are (A23): it shrinks with the first reply that is
 * too large, and doubles with each that is small.
 */
export class PageSize {
  #most = MOST_ITEMS
  #mostIds = MOST_ITEMS
  #expected = LEAST_EXPECTED_BYTES
  /** Undefined until it is known what is stored. */
  #stored: number | undefined

  /** What another process stored holds from the beginning; what was learned here since is newer. */
  begin(stored: number | null): void {
    if (this.#stored !== undefined) return
    this.#stored = stored ?? MOST_ITEMS
    this.#most = Math.min(this.#most, this.#stored)
  }

  get most(): number {
    return this.#most
  }

  /** How many ids a request asks for. */
  get mostIds(): number {
    return Math.min(this.#most, this.#mostIds)
  }

  /** Something on the way refuses a longer query. */
  allowsIds(most: number): void {
    this.#mostIds = Math.min(this.#mostIds, Math.max(1, most))
  }

  /** What the next reply may take. */
  get expectedBytes(): number {
    return this.#expected
  }

  /** What is to be stored for the next process; undefined where it is stored. */
  get unsaved(): number | undefined {
    return this.#most === this.#stored ? undefined : this.#most
  }

  /** It is stored now: another process begins with it. */
  saved(most: number): void {
    this.#stored = most
  }

  replied({ asked, received, bytes }: { asked: number; received: number; bytes: number }): void {
    this.#expected = Math.min(
      MOST_REPLY_BYTES,
      Math.max(LEAST_EXPECTED_BYTES, bytes, Math.floor(this.#expected * 0.9)),
    )
    if (bytes > AIM_BYTES) this.#most = Math.min(this.#most, fitting(received, bytes))
    else if (received >= asked && 2 * bytes <= AIM_BYTES) this.#most = Math.min(MOST_ITEMS, 2 * this.#most)
  }

  /** A reply was cut off, as it had this many bytes or more. Returns how many items to ask for instead. */
  cutOff(asked: number, bytes: number): number {
    const most = Math.min(fitting(asked, bytes), Math.max(1, asked - 1))
    this.#most = Math.min(this.#most, most)
    return most
  }
}

function fitting(items: number, bytes: number): number {
  return Math.max(1, Math.floor((items * AIM_BYTES) / bytes))
}

export interface Asking {
  /** How many items at most. */
  readonly items?: number
  readonly signal?: AbortSignal | undefined
  /** The answer is looked at and dropped. It has room of its own, which it gives back at once. */
  readonly aside?: boolean
}

/**
 * Reads a page within the room there is for it, and with fewer items where it is too large.
 *
 * @throws ApiReplyTooLargeError when one item alone is
 */
export async function readWithin(
  { pages, answers }: Rooms,
  pageSize: PageSize,
  { items = MOST_ITEMS, signal, aside = false }: Asking,
  read: (items: number, hold: Hold) => Promise<Reply>,
): Promise<Page> {
  const room = aside ? answers : pages
  let expected = aside ? MOST_REPLY_BYTES : pageSize.expectedBytes
  for (let most = items; ; ) {
    const asked = Math.min(most, pageSize.most)
    const hold = await room.take(expected, signal)
    try {
      const reply = await read(asked, hold)
      // One item says nothing of pages.
      if (items > 1) pageSize.replied({ asked, received: reply.items.length, bytes: reply.size })
      hold.shrinkTo(aside ? 0 : reply.size)
      return { ...reply, hold }
    } catch (error) {
      hold.drop()
      if (!(error instanceof CutOffError)) throw error
      if (error.isTooLarge) {
        if (asked === 1) throw tooLarge()
        most = pageSize.cutOff(asked, error.bytes)
      }
      // Now with room for all that may be read of a reply, so that it is not cut off for want of room again.
      expected = MOST_REPLY_BYTES
    }
  }
}

function tooLarge(): ApiReplyTooLargeError {
  const limit = MOST_REPLY_BYTES / 1_024 / 1_024
  return new ApiReplyTooLargeError(
    `One job is larger than ${limit} MB and was not read; all others are synced. If you do not need it, delete it at LlamaCloud.`,
  )
}
