import type { Clock } from '../../src/clock.ts'

const POLL_MS = 1

interface Sleeper {
  readonly at: number
  readonly wake: () => void
}

export interface VirtualClock extends Clock {
  /** Moves the time on and wakes whoever is due. */
  advance(ms: number): void
  readonly slept: readonly number[]
}

/** What is awaited in real time: something that comes by itself (`busy`), or only what never comes (`stuck`). */
export type Activity = 'none' | 'busy' | 'stuck'

export interface VirtualClockOptions {
  readonly wall?: number
  readonly holdFrom?: number
  readonly activity?: () => Activity
}

/**
 * A clock without waiting: whenever everything is at rest, the time jumps to the next sleeper. Sleeps of `holdFrom`
 * milliseconds and more, the time-outs of real requests, are woken by `advance`, or when all is stuck. `monotonic`
 * starts at 0.
 */
export function createVirtualClock({
  holdFrom = Number.POSITIVE_INFINITY,
  wall = 1_700_000_000_000,
  activity,
}: VirtualClockOptions = {}): VirtualClock {
  let now = 0
  let waking = false
  const slept: number[] = []
  const jumping = new Set<Sleeper>()
  const held = new Set<Sleeper>()
  const wakeDue = () => {
    const due = [...jumping, ...held].filter(({ at }) => at <= now).sort((a, b) => a.at - b.at)
    for (const sleeper of due) {
      jumping.delete(sleeper)
      held.delete(sleeper)
      sleeper.wake()
    }
  }
  const jump = () => {
    waking = false
    const doing = activity?.()
    const sleepers = doing === 'stuck' ? [...jumping, ...held] : [...jumping]
    if (doing !== 'busy' && sleepers.length > 0) {
      now = Math.max(now, Math.min(...sleepers.map(({ at }) => at)))
      wakeDue()
    }
    schedule()
  }
  const schedule = () => {
    const mayGetStuck = activity !== undefined && held.size > 0
    if (waking || (jumping.size === 0 && !mayGetStuck)) return
    waking = true
    const doing = activity?.() ?? 'none'
    if (doing === 'stuck' || (doing === 'none' && jumping.size > 0)) setImmediate(jump)
    else setTimeout(jump, POLL_MS).unref()
  }
  return {
    slept,
    now: () => wall + now,
    monotonic: () => now,
    advance: (ms) => {
      now += ms
      wakeDue()
    },
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason)
        const group = ms >= holdFrom ? held : jumping
        if (group === jumping) slept.push(ms)
        const sleeper = { at: now + ms, wake: resolve }
        group.add(sleeper)
        signal?.addEventListener('abort', () => {
          group.delete(sleeper)
          reject(signal.reason)
        })
        schedule()
      }),
  }
}

/** A small seeded generator (mulberry32), 0 <= x < 1. */
export function seededRandom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
