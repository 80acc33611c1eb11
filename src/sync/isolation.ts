import {
  ApiProtocolError,
  ApiReplyTooLargeError,
  ApiRequestError,
  ApiThrottledError,
  ApiUnavailableError,
  FilterIgnoredError,
} from '../errors.ts'
import type { RunContext } from './run.ts'

/**
 * Whether a failure may be of what was asked for alone, one id or one instant (A19). A refused key, a rate that is not
 * granted, a database that fails and the like concern everything.
 */
export function mayBeOfOne(error: unknown): error is Error {
  if (error instanceof FilterIgnoredError || error instanceof ApiThrottledError) return false
  return (
    error instanceof ApiUnavailableError ||
    error instanceof ApiRequestError ||
    error instanceof ApiReplyTooLargeError ||
    error instanceof ApiProtocolError
  )
}

/**
 * Why a request failed, in words; undefined when it did not.
 *
 * @throws what is not of one request alone, and the signal's reason
 */
export async function failureOf(
  run: Pick<RunContext, 'explain'>,
  request: () => Promise<void>,
): Promise<string | undefined> {
  try {
    await request()
    return undefined
  } catch (error) {
    if (!mayBeOfOne(error)) throw error
    return run.explain(error).message
  }
}

/** Looks for what is at fault, alone, and takes each request of it from the run's budget. */
export async function withinBudget<T>(
  run: Pick<RunContext, 'isolation' | 'usage'>,
  look: () => Promise<T>,
): Promise<T> {
  const { requests } = run.usage()
  try {
    return await look()
  } finally {
    run.isolation.requestsLeft -= run.usage().requests - requests
  }
}

export interface Bisection<T> {
  /** The larger of two is looked at first. */
  readonly size: (part: T) => number
  /** Two halves, or nothing where it cannot be cut. */
  readonly halves: (part: T) => readonly T[]
  /** Whether it is well without the culprit; called once for each half. */
  readonly isWell: (part: T) => Promise<boolean>
}

/** Halves what fails, the largest first, until nothing can be cut any more. Returns what still fails. */
export async function bisect<T>(whole: readonly T[], { size, halves, isWell }: Bisection<T>): Promise<T[]> {
  const failing = [...whole]
  const alone: T[] = []
  for (;;) {
    failing.sort((left, right) => size(left) - size(right))
    const largest = failing.pop()
    if (largest === undefined) return alone
    const parts = halves(largest)
    if (parts.length === 0) alone.push(largest)
    for (const part of parts) if (!(await isWell(part))) failing.push(part)
  }
}
