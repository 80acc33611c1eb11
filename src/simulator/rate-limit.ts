export interface RateLimit {
  /** Requests a second in the long run, above 0; may be a fraction. */
  readonly perSecond: number
  /** How many may come at once after a rest; a second's worth by default, at least 1. */
  readonly burst?: number
}

/** A token bucket, filled as time passes. */
export class Bucket {
  #level: number | undefined
  #filledAt = 0

  /**
   * Takes a request from the bucket; if it is empty, the whole seconds until it no longer is, at least 1. `nowMs` must
   * never decrease.
   */
  take(
    { perSecond, burst = perSecond }: RateLimit,
    nowMs: number,
  ): { readonly waitSeconds: number } | undefined {
    const capacity = Math.max(1, burst)
    const gained = ((nowMs - this.#filledAt) / 1000) * perSecond
    const level = Math.min(capacity, (this.#level ?? capacity) + gained)
    this.#filledAt = nowMs
    // Adding up fractions may end a hair below 1.
    if (level < 1 - 1e-9) {
      this.#level = level
      const waitMs = Math.round(((1 - level) / perSecond) * 1000)
      return { waitSeconds: Math.max(1, Math.ceil(waitMs / 1000)) }
    }
    this.#level = level - 1
    return undefined
  }
}
