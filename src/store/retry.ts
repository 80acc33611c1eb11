import type { Pool, PoolClient } from 'pg'
import type { Clock } from '../clock.ts'
import type { TransactionOptions } from './begin.ts'
import { areNumbersMended } from './numbers.ts'
import { attemptTransaction } from './pool.ts'

/** Long enough for a server to restart or a standby to take over; then the run fails and the next one goes on. */
const BUDGET_MS = 60_000
const FIRST_DELAY_MS = 100
const LONGEST_DELAY_MS = 5_000

export interface DatabaseRetry extends TransactionOptions {
  readonly clock: Clock
  /** Ends the waiting at once; what has already begun is not ended. */
  readonly signal: AbortSignal
  /** For the log. */
  readonly onRetry: (error: unknown, delayMs: number) => void
}

/**
 * Runs `work` in a transaction, again and again while its failures may pass and surely left nothing behind. A commit
 * whose answer was lost is not repeated: it may have come through, and would then count twice (I7).
 *
 * @throws the last failure, or the signal's reason when it aborts between two attempts
 */
export async function transactionWithRetries<T>(
  pool: Pool,
  work: (client: PoolClient) => Promise<T>,
  { clock, signal, onRetry, ...options }: DatabaseRetry,
): Promise<T> {
  // From the first failure on: a worker that was paused has spent nothing of it.
  let giveUpAt: number | undefined
  for (let delayMs = FIRST_DELAY_MS; ; delayMs = Math.min(2 * delayMs, LONGEST_DELAY_MS)) {
    const ending = await attemptTransaction(pool, work, options)
    if ('result' in ending) return ending.result
    giveUpAt ??= clock.monotonic() + BUDGET_MS
    const isLast = signal.aborted || clock.monotonic() + delayMs > giveUpAt
    if (isLast || !(ending.mayPass || (await areNumbersMended(pool, ending.error)))) throw ending.error
    onRetry(ending.error, delayMs)
    await clock.sleep(delayMs, signal)
  }
}
