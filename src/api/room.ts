/**
 * No more of a reply than this is read: a page that is larger is asked for again with fewer items. In memory a reply
 * becomes several times of it, as text, as values and as what is sent to the database.
 */
export const MOST_REPLY_BYTES = 16 * 1_024 * 1_024
/** Of all replies together that are being read, or wait for their commit. */
const MOST_BYTES = 32 * 1_024 * 1_024

/** The memory for the replies of all sources of a process (I11). */
export interface Rooms {
  /** For pages: from before a request is sent until what it brought is committed. */
  readonly pages: Room
  /**
   * For answers that are looked at and dropped, one at a time. A page may wait for such an answer, so the answer must not
   * wait for pages.
   */
  readonly answers: Room
}

export function createRooms(): Rooms {
  return { pages: new Room(MOST_BYTES), answers: new Room(MOST_REPLY_BYTES) }
}

interface Waiting {
  readonly bytes: number
  readonly enter: () => void
}

/** So many bytes, which are handed out in the order in which they are asked for. */
export class Room {
  #free: number
  readonly #waiting: Waiting[] = []

  constructor(bytes: number) {
    this.#free = bytes
  }

  /**
   * Waits until this many bytes are free. Whoever holds some of a room must not wait for more of it.
   * @throws the signal's reason
   */
  async take(bytes: number, signal?: AbortSignal): Promise<Hold> {
    signal?.throwIfAborted()
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const waiting = { bytes, enter: resolve }
    const leave = () => {
      const place = this.#waiting.indexOf(waiting)
      if (place === -1) return
      this.#waiting.splice(place, 1)
      reject(signal?.reason)
      this.#admit()
    }
    this.#waiting.push(waiting)
    this.#admit()
    signal?.addEventListener('abort', leave, { once: true })
    try {
      await promise
    } finally {
      signal?.removeEventListener('abort', leave)
    }
    return new Hold(bytes, (more) => this.#add(more))
  }

  /** Takes more, or gives back what is negative. Returns whether there was so much. */
  #add(bytes: number): boolean {
    if (bytes > this.#free) return false
    this.#free -= bytes
    this.#admit()
    return true
  }

  #admit(): void {
    for (let next = this.#waiting[0]; next && next.bytes <= this.#free; next = this.#waiting[0]) {
      this.#free -= next.bytes
      this.#waiting.shift()
      next.enter()
    }
  }
}

/** What one reply takes of a room. */
export class Hold {
  #bytes: number
  #isKept = false
  readonly #add: (bytes: number) => boolean

  constructor(bytes: number, add: (bytes: number) => boolean) {
    this.#bytes = bytes
    this.#add = add
  }

  /** Never waits. Returns false when there is no room for this many bytes now. */
  growTo(bytes: number): boolean {
    if (bytes <= this.#bytes) return true
    if (!this.#add(bytes - this.#bytes)) return false
    this.#bytes = bytes
    return true
  }

  shrinkTo(bytes: number): void {
    if (bytes >= this.#bytes) return
    this.#add(bytes - this.#bytes)
    this.#bytes = bytes
  }

  /** Gives it back once this has ended, whatever drops it meanwhile. */
  keepUntil(end: Promise<unknown>): void {
    this.#isKept = true
    const giveBack = () => this.shrinkTo(0)
    end.then(giveBack, giveBack)
  }

  /** Gives it back, unless somebody keeps it. Returns whether nobody does. */
  drop(): boolean {
    if (!this.#isKept) this.shrinkTo(0)
    return !this.#isKept
  }
}
