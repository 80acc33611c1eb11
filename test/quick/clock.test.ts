import { expect, test } from 'vitest'
import { Stopwatch, systemClock } from '../../src/clock.ts'

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

test('a stopwatch counts time once, however many things are under way, and none between them', () => {
  let now = 100
  const watch = new Stopwatch({ monotonic: () => now })
  const at = (time: number, what: 'begin' | 'end') => {
    now = time
    watch[what]()
  }
  at(110, 'begin')
  at(115, 'begin')
  now = 118
  expect(watch.ms).toBe(8)
  at(120, 'end')
  at(130, 'end')
  now = 500
  expect(watch.ms).toBe(20)
  at(600, 'begin')
  at(607, 'end')
  expect(watch.ms).toBe(27)
})
