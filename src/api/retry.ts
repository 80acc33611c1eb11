import pRetry from 'p-retry'
import type { Clock } from '../clock.ts'
import { ApiThrottledError, ApiUnavailableError } from '../errors.ts'
import type { Verdict } from './verdict.ts'

/** A retry that is about to be waited for. */
export interface Retry {
  /** 1 for the first retry. */
  readonly number: number
  readonly reason: string
  readonly delayMs: number
}

export interface RetryPolicy {
  readonly clock: Clock
  /** 0 <= x < 1. */
  readonly random: () => number
  /** How long a request is retried after its first failure, in milliseconds; 0: not at all. */
  readonly retryForMs: number
  readonly verdictOn: (error: unknown) => Verdict
  /** All requests to this API are to wait so long, also where this one is given up. */
  readonly onPause: (ms: number) => void
  readonly onRetry: (retry: Retry) => void
}

const FIRST_CEILING_MS = 500
const HIGHEST_CEILING_MS = 30_000
/** Full jitter may draw nought; without a floor a failing local proxy would be asked in a tight loop. */
const SHORTEST_DELAY_MS = 50

/** Exponential backoff with full jitter: 50 ms up to a ceiling of 0.5 s, 1 s, 2 s, … 30 s. `retry` counts from 1. */
export function backoffMs(retry: number, random: () => number): number {
  const ceiling = Math.min(HIGHEST_CEILING_MS, FIRST_CEILING_MS * 2 ** Math.min(retry - 1, 30))
  return Math.max(SHORTEST_DELAY_MS, random() * ceiling)
}

/**
 * Runs `attempt` until it succeeds, its failure is one that does not pass, or the budget is used up (then
 * ApiUnavailableError, also of a request that fails for days, A19). The signal ends the wait between attempts at once
 * and its reason is thrown.
 *
 * The budget and the waiting are done in `onFailedAttempt` on the injected clock, because p-retry knows only the real
 * one, can neither honour Retry-After nor draw full jitter, and would cut the wait short where the API asked for more.
 */
export function withRetries<T>(
  attempt: () => Promise<T>,
  policy: RetryPolicy,
  signal?: AbortSignal,
): Promise<T> {
  let giveUpAt: number | undefined
  return pRetry(attempt, {
    retries: Number.POSITIVE_INFINITY, // bounded by the budget
    minTimeout: 0, // no wait of its own
    maxTimeout: 0,
    factor: 1,
    randomize: false,
    maxRetryTime: Number.POSITIVE_INFINITY,
    unref: false,
    shouldRetry: () => true, // onFailedAttempt throws where there is to be no retry
    shouldConsumeRetry: () => true,
    ...(signal ? { signal } : {}),
    onFailedAttempt: async ({ error, attemptNumber }) => {
      const verdict = policy.verdictOn(error)
      if (!verdict.retry) throw verdict.error
      const now = policy.clock.monotonic()
      giveUpAt ??= now + policy.retryForMs
      const waitMs = verdict.retryAfterMs ?? backoffMs(attemptNumber, policy.random)
      if (verdict.pauseAll) policy.onPause(waitMs)
      const delayMs = withinBudget(waitMs, giveUpAt - now, verdict.retryAfterMs !== undefined)
      if (delayMs === undefined) {
        throw unavailable(verdict, attemptNumber, policy.retryForMs)
      }
      policy.onRetry({
        number: attemptNumber,
        reason: verdict.reason,
        delayMs,
      })
      await policy.clock.sleep(delayMs, signal)
    },
  })
}

/**
 * The next wait in milliseconds; undefined: give up. A backoff is cut to what is left of the budget, so that the last
 * attempt comes at its end. A wait the API asked for, capped as it is, is kept or not begun at all.
 */
function withinBudget(waitMs: number, leftMs: number, wasAskedFor: boolean): number | undefined {
  if (leftMs <= 0) return undefined
  if (!wasAskedFor) return Math.min(waitMs, leftMs)
  return waitMs <= leftMs ? waitMs : undefined
}

/** Without a cause: the reason has all of it, redacted, and the original errors hold the API's words as they came (I10). */
function unavailable(
  { reason, retryAfterMs = 0, pauseAll, isThrottled }: Extract<Verdict, { retry: true }>,
  attempts: number,
  retryForMs: number,
): ApiUnavailableError {
  const asked = retryAfterMs === 0 ? '' : `, and it asks to wait ${retryAfterMs / 1_000} s or longer`
  const tried = `${attempts} ${attempts === 1 ? 'attempt' : 'attempts'}, SYNC_RETRY_FOR is ${retryForMs / 1_000} s`
  const cure = isThrottled ? '. Lower SYNC_RATE_LIMIT, or see what else uses the key.' : ''
  const said = `The API gave no usable answer (${tried}${asked}). Last failure: ${reason}${cure}`
  // A 503 may be of one request, as long as it does not ask to wait for longer than any request is retried.
  const isOfAll = isThrottled || (pauseAll && retryAfterMs >= retryForMs)
  // What is tried once says little: the next may be let through.
  return isOfAll && retryForMs > 0 ? new ApiThrottledError(said) : new ApiUnavailableError(said)
}
