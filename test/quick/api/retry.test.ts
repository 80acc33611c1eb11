import { describe, expect, test } from 'vitest'
import { BadReplyError } from '../../../src/api/request.ts'
import { backoffMs, type Retry, withRetries } from '../../../src/api/retry.ts'
import type { Verdict } from '../../../src/api/verdict.ts'
import { ApiThrottledError, ApiUnavailableError } from '../../../src/errors.ts'
import { createVirtualClock, seededRandom } from '../../support/virtual-clock.ts'

const later = {
  retry: true,
  reason: 'busy',
  retryAfterMs: undefined,
  pauseAll: false,
  isThrottled: false,
} as const

function setUp(
  options: { verdict?: Verdict; retryForMs?: number; random?: () => number; holdFrom?: number } = {},
) {
  const clock = createVirtualClock({ holdFrom: options.holdFrom ?? Number.POSITIVE_INFINITY })
  const retries: Retry[] = []
  const pauses: number[] = []
  const policy = {
    clock,
    random: options.random ?? seededRandom(7),
    retryForMs: options.retryForMs ?? 300_000,
    verdictOn: () => options.verdict ?? later,
    onPause: (ms: number) => pauses.push(ms),
    onRetry: (retry: Retry) => retries.push(retry),
  }
  return { clock, retries, pauses, policy }
}

/** Fails `times` times, then gives the number of the attempt. */
function failing(times: number) {
  let attempts = 0
  return async () => {
    attempts += 1
    if (attempts <= times) throw new BadReplyError(`failure ${attempts}`)
    return attempts
  }
}

test('a request is retried until it succeeds', async () => {
  const { policy, retries } = setUp()
  expect(await withRetries(failing(4), policy)).toBe(5)
  expect(retries.map(({ number }) => number)).toEqual([1, 2, 3, 4])
})

test('the backoff is drawn between a floor and a ceiling that doubles up to 30 s', () => {
  const highest = Array.from({ length: 9 }, (_, index) => backoffMs(index + 1, () => 1))
  expect(highest).toEqual([500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000])
  expect(backoffMs(5_000, () => 0.5)).toBe(15_000)
  expect(backoffMs(1, () => 0)).toBe(50)
})

test('a wait that the API asked for is kept exactly', async () => {
  const { policy, clock } = setUp({ verdict: { ...later, retryAfterMs: 12_345 } })
  await withRetries(failing(3), policy)
  expect(clock.slept).toEqual([12_345, 12_345, 12_345])
})

describe('I11: the budget', () => {
  test('is used to its end and not beyond, whatever the draw', async () => {
    for (const random of [() => 0, () => 0.999, seededRandom(3)]) {
      const { policy, clock } = setUp({ retryForMs: 20_000, random })
      await expect(withRetries(failing(Number.POSITIVE_INFINITY), policy)).rejects.toThrow(
        ApiUnavailableError,
      )
      expect(clock.monotonic()).toBeCloseTo(20_000, 3)
    }
  })

  test('counts from the first failure: a request that waited long in a queue has it whole', async () => {
    const { policy, clock } = setUp({ retryForMs: 1_000 })
    clock.advance(50_000)
    expect(await withRetries(failing(1), policy)).toBe(2)
  })

  test('of nought means one attempt', async () => {
    const { policy, retries } = setUp({ retryForMs: 0 })
    await expect(withRetries(failing(1), policy)).rejects.toThrow(ApiUnavailableError)
    expect(retries).toEqual([])
  })

  test('is not waited for when the API asks for more than is left', async () => {
    const { policy, clock } = setUp({ verdict: { ...later, retryAfterMs: 60_000 }, retryForMs: 59_999 })
    await expect(withRetries(failing(1), policy)).rejects.toThrow(/asks to wait 60 s or longer/)
    expect(clock.monotonic()).toBe(0)
  })

  test('a pause that the API asks of all is told, also where the request is given up', async () => {
    const { policy, pauses } = setUp({
      verdict: { ...later, retryAfterMs: 60_000, pauseAll: true },
      retryForMs: 59_999,
    })
    await expect(withRetries(failing(1), policy)).rejects.toThrow(ApiUnavailableError)
    expect(pauses).toEqual([60_000])
  })

  test('used up by refusals of all requests is told as such; what is tried once, or may be of one request, is not', async () => {
    const asked = { ...later, retryAfterMs: 60_000, pauseAll: true }
    const failed = async (verdict: Verdict, retryForMs: number) => {
      const { policy } = setUp({ verdict, retryForMs })
      const end = withRetries(failing(Number.POSITIVE_INFINITY), policy)
      return end.catch((error: unknown) => error instanceof ApiThrottledError)
    }
    expect(await failed({ ...asked, isThrottled: true }, 90_000)).toBe(true)
    expect(await failed(asked, 60_000)).toBe(true)
    expect(await failed(asked, 90_000)).toBe(false)
    expect(await failed({ ...asked, isThrottled: true }, 0)).toBe(false)
    expect(await failed(later, 60_000)).toBe(false)
  })

  test('used up names how long, how often and the last failure', async () => {
    const { policy } = setUp({ retryForMs: 100, random: () => 1 })
    const message = 'The API gave no usable answer (2 attempts, SYNC_RETRY_FOR is 0.1 s). Last failure: busy'
    await expect(withRetries(failing(9), policy)).rejects.toThrow(message)
  })
})

test('a failure that does not pass is thrown as judged, at once', async () => {
  const error = new TypeError('a bug of ours')
  const { policy, clock } = setUp({ verdict: { retry: false, error } })
  await expect(withRetries(failing(1), policy)).rejects.toBe(error)
  expect(clock.slept).toEqual([])
})

test('an abort ends the wait between attempts at once with its reason', async () => {
  const { policy } = setUp({ verdict: { ...later, retryAfterMs: 60_000 }, holdFrom: 1 })
  const controller = new AbortController()
  const reason = new Error('stop')
  const outcome = withRetries(
    failing(1),
    { ...policy, onRetry: () => setImmediate(() => controller.abort(reason)) },
    controller.signal,
  )
  await expect(outcome).rejects.toBe(reason)
})
