import type { Clock } from '../../src/clock.ts'
import { type Instant, MILLISECOND } from '../../src/values/instant.ts'

interface Sleeper {
  readonly at: Instant
  readonly order: number
  readonly wake: () => void
}

/**
 * The one time of a simulated world, in microseconds. It moves when requests take their time, and jumps to the next
 * sleeper when nothing else can happen; nobody ever waits.
 */
export class SimulatedTime {
  readonly #start: Instant
  #now: Instant
  #order = 0
  #sleepers: Sleeper[] = []

  constructor(start: Instant) {
    this.#start = start
    this.#now = start
  }

  get now(): Instant {
    return this.#now
  }

  advance(by: Instant): void {
    this.#now += by
    this.#wakeDue()
  }

  /** False when nobody sleeps. */
  jump(): boolean {
    const next = this.#sleepers[0]
    if (!next) return false
    this.#now = Math.max(this.#now, next.at)
    this.#wakeDue()
    return true
  }

  /** The clock of one process: its wall clock is wrong by `skew()`; once it is dead it sleeps for ever. */
  clock(skew: () => Instant, isDead: () => boolean): Clock {
    return {
      now: () => (this.#now + skew()) / MILLISECOND,
      monotonic: () => (this.#now - this.#start) / MILLISECOND,
      sleep: (ms, signal) => this.#sleep(Math.ceil(ms * MILLISECOND), isDead, signal),
    }
  }

  #sleep(span: Instant, isDead: () => boolean, signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason)
      this.#order += 1
      const wake = () => {
        if (!isDead()) resolve()
      }
      const sleeper = { at: this.#now + Math.max(0, span), order: this.#order, wake }
      const before = this.#sleepers.findIndex(({ at }) => at > sleeper.at)
      this.#sleepers.splice(before === -1 ? this.#sleepers.length : before, 0, sleeper)
      signal?.addEventListener('abort', () => {
        this.#sleepers = this.#sleepers.filter((other) => other !== sleeper)
        if (!isDead()) reject(signal.reason)
      })
    })
  }

  #wakeDue(): void {
    const due = this.#sleepers.filter(({ at }) => at <= this.#now)
    this.#sleepers = this.#sleepers.filter(({ at }) => at > this.#now)
    for (const sleeper of due) sleeper.wake()
  }
}
