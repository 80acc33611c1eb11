/** Time as handed in everywhere, so that tests move it. Whatever waits, waits through `sleep`. */
export interface Clock {
  /** Wall clock, milliseconds since 1970-01-01T00:00:00Z. May be wrong and may jump (A14). */
  now(): number
  /** Milliseconds since an arbitrary start; never goes backwards. For durations and deadlines. */
  monotonic(): number
  /** Resolves after `ms` milliseconds; rejects with the signal's reason as soon as it aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
}

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  sleep,
}

/** Not the one of node:timers/promises: that makes an error of its own for each abort, and requests abort their time-outs. */
function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason)
    const stop = () => {
      clearTimeout(timer)
      reject(signal?.reason)
    }
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop)
      resolve()
    }, ms)
    signal?.addEventListener('abort', stop, { once: true })
  })
}

/** The time during which at least one of several things is under way, however they overlap. */
export class Stopwatch {
  readonly #clock: Pick<Clock, 'monotonic'>
  #underWay = 0
  #since = 0
  #ms = 0

  constructor(clock: Pick<Clock, 'monotonic'>) {
    this.#clock = clock
  }

  begin(): void {
    if (this.#underWay === 0) this.#since = this.#clock.monotonic()
    this.#underWay += 1
  }

  end(): void {
    this.#underWay -= 1
    if (this.#underWay === 0) this.#ms += this.#clock.monotonic() - this.#since
  }

  get ms(): number {
    return this.#underWay === 0 ? this.#ms : this.#ms + this.#clock.monotonic() - this.#since
  }
}
