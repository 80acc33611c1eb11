import PQueue from 'p-queue'
import type { Clock } from '../clock.ts'

export interface PaceOptions {
  readonly clock: Clock
  /** Requests in flight at most. */
  readonly concurrency: number
  /** At most `count` requests begin in any `perMs` milliseconds. */
  readonly rate: { readonly count: number; readonly perMs: number }
}

/** Every request by one key to one base URL goes through one pace, whichever source it is for. */
export interface Pace {
  /** Runs `request` when its turn comes. Throws what it throws; the signal's reason if aborted while it waits. */
  run<T>(request: () => Promise<T>, signal?: AbortSignal): Promise<T>
  /** Lets no request begin for this many milliseconds from now, and those after it more slowly. Does not shorten a longer one. */
  pause(ms: number): void
  /**
   * For what everything else goes before: its turns are a quarter of the rate. Takes the next one and returns when it
   * comes, of `clock.monotonic()`; undefined, and nothing is taken, where that is after `until`.
   */
  reserve(until: number): number | undefined
}

/**
 * The window is taken this much longer than the limit's unit: requests reach the API with uneven delays, and two that
 * we began just over a unit apart may arrive just under it. The cost is as much of the rate.
 */
const SAFETY = 1.01
/** By so much the rate falls when a request is refused for it; … */
const SLOWER = 1.15
/** … no further than to so much of what it was, … */
const SLOWEST = 2
/** … and by so much of it each request that begins brings it back. Whoever is told the exact limit meets it seldom. */
const RECOVERY = 0.0002
/**
 * How much of the window may be caught up when timers wake late; otherwise each late waking would cost rate. Nothing while it
 * is slower: an API that allows no burst refuses what is caught up.
 */
const CATCH_UP = 0.1
/** Of so many turns one may be reserved. */
const RESERVED_OF = 4

/**
 * Two queues: one for concurrency and, inside it, one in which requests wait for the rate one by one, in their order.
 * p-queue's own rate limit is not used: it counts by the wall clock, which may jump, and real timers.
 *
 * Requests are spaced evenly rather than let go in bursts. A burst is measured by the API after the network has pulled
 * it apart, so that the tail of one and the head of the next could share a window.
 */
export function createPace({ clock, concurrency, rate }: PaceOptions): Pace {
  const flights = new PQueue({ concurrency })
  const gate = new PQueue({ concurrency: 1 })
  const slots = createSlots(rate)
  let pausedUntil = Number.NEGATIVE_INFINITY

  const waitForSlot = async (signal?: AbortSignal): Promise<void> => {
    signal?.throwIfAborted()
    // Asked again after each sleep: a pause may have begun meanwhile.
    for (;;) {
      const now = clock.monotonic()
      const waitMs = Math.max(slots.earliest(), pausedUntil) - now
      if (waitMs <= 0) return slots.take(now)
      await clock.sleep(waitMs, signal)
    }
  }

  return {
    run: (request, signal) => {
      const options = signal ? { signal } : {}
      return flights.add(async () => {
        await gate.add(() => waitForSlot(signal), options)
        return request()
      }, options)
    },
    pause: (ms) => {
      const now = clock.monotonic()
      // Those that were in flight together are refused together.
      if (now >= pausedUntil) slots.slowDown()
      pausedUntil = Math.max(pausedUntil, now + ms)
    },
    reserve: (until) => slots.reserve(Math.max(pausedUntil, clock.monotonic()), until),
  }
}

/** Pure arithmetic of the rate limit, in milliseconds of a monotonic clock. */
export function createSlots({ count, perMs }: PaceOptions['rate']) {
  let slowness = 1
  const windowMs = () => perMs * SAFETY * slowness
  // The last `count` beginnings, as a ring. The hard limit: a request begins a window after the one `count` before it.
  const begun: number[] = []
  let oldest = 0
  // The even spacing: soft, for lateness may be caught up.
  let nextSlot = Number.NEGATIVE_INFINITY
  let nextReserved = Number.NEGATIVE_INFINITY
  return {
    /** The earliest time at which the next request may begin. */
    earliest: () => Math.max(nextSlot, (begun[oldest] ?? Number.NEGATIVE_INFINITY) + windowMs()),
    /** Notes that a request begins `now`. */
    take: (now: number) => {
      slowness = Math.max(1, slowness - RECOVERY)
      const catchUp = slowness > 1 ? 0 : CATCH_UP
      nextSlot = Math.max(nextSlot, now - windowMs() * catchUp) + windowMs() / count
      begun[oldest] = now
      oldest = (oldest + 1) % count
    },
    /** A request was refused: what reaches the API is closer together than what was begun here. */
    slowDown: () => {
      slowness = Math.min(SLOWEST, slowness * SLOWER)
    },
    /** Takes the next turn of those that may be reserved, unless it comes after `until`. */
    reserve: (now: number, until: number) => {
      const at = Math.max(nextReserved, now)
      if (at > until) return undefined
      nextReserved = at + (RESERVED_OF * windowMs()) / count
      return at
    },
  }
}

/** One pace for each API and key of the process, made when first asked for: the API's limits hold for a key. */
export function createPaces(options: PaceOptions): (baseUrl: string, apiKey?: string) => Pace {
  const paces = new Map<string, Pace>()
  return (baseUrl, apiKey = '') => {
    const name = `${baseUrl} ${apiKey}`
    const pace = paces.get(name) ?? createPace(options)
    paces.set(name, pace)
    return pace
  }
}
