import { expect, test } from 'vitest'
import { systemClock } from '../../src/clock.ts'

const HOUR_MS = 3_600_000
const reason = new Error('asked to stop')

test('I11: a sleep ends at once when its signal aborts, with the reason', async () => {
  const stop = new AbortController()
  const asleep = systemClock.sleep(HOUR_MS, stop.signal)
  stop.abort(reason)
  await expect(asleep).rejects.toBe(reason)
})

test('I11: none begins when the signal has aborted already', async () => {
  await expect(systemClock.sleep(HOUR_MS, AbortSignal.abort(reason))).rejects.toBe(reason)
})

test('an abort after the end of a sleep changes nothing', async () => {
  const stop = new AbortController()
  const asleep = systemClock.sleep(0, stop.signal)
  await expect(asleep).resolves.toBeUndefined()
  stop.abort(reason)
  await expect(asleep).resolves.toBeUndefined()
})
