import { describe, expect, test } from 'vitest'
import { SettingsError } from '../../../src/errors.ts'
import { readSchedule, ticks } from '../../../src/worker/schedule.ts'
import { createVirtualClock } from '../../support/virtual-clock.ts'

const MINUTE = 60_000
const at = (text: string) => Date.parse(text)

describe('a schedule', () => {
  test('is in UTC, in five fields or six, and knows what was and what comes', () => {
    const daily = readSchedule('30 4 * * *')
    expect(daily.next(at('2026-03-29T00:59:00Z'))).toBe(at('2026-03-29T04:30:00Z'))
    expect(daily.next(at('2026-03-29T04:30:00Z'))).toBe(at('2026-03-30T04:30:00Z'))
    expect(daily.previous(at('2026-03-29T05:00:00Z'), 3)).toBe(at('2026-03-27T04:30:00Z'))
    expect(readSchedule('*/10 * * * * *').next(at('2026-03-29T00:00:01Z'))).toBe(at('2026-03-29T00:00:10Z'))
  })

  test.each([
    ['61 * * * *', /is not a cron expression/],
    ['0 0 30 2 *', /never fires/],
  ])('%s is a fault that names the setting', (expression, problem) => {
    expect(() => readSchedule(expression)).toThrow(SettingsError)
    expect(() => readSchedule(expression)).toThrow(problem)
    expect(() => readSchedule(expression)).toThrow(/^SYNC_SCHEDULE: /)
  })
})

/** Ticks of a five-minute schedule that begin at 12:02. */
function start(wall = at('2026-03-02T12:02:00Z')) {
  const stop = new AbortController()
  const clock = createVirtualClock({ wall })
  let beats = 0
  const schedule = readSchedule('*/5 * * * *')
  const beat = () => {
    beats += 1
  }
  const iterator = ticks(schedule, { clock, signal: stop.signal, beat })
  const next = async () => new Date((await iterator.next()).value ?? Number.NaN).toISOString().slice(11, 19)
  return { clock, stop, iterator, next, beats: () => beats }
}

describe('ticks', () => {
  test('one at once, then one at each moment of the schedule', async () => {
    const { next } = start()
    expect([await next(), await next(), await next()]).toEqual(['12:02:00', '12:05:00', '12:10:00'])
  })

  test('those missed while one is worked on are made up by none', async () => {
    const { next, clock } = start()
    await next()
    await next()
    clock.advance(17 * MINUTE)
    expect([await next(), await next()]).toEqual(['12:25:00', '12:30:00'])
  })

  test('a machine that sleeps through some has one when it wakes', async () => {
    const { next, clock } = start()
    await next()
    const tick = next()
    clock.advance(60 * MINUTE)
    expect(await tick).toBe('12:05:00')
    expect(clock.now()).toBeGreaterThanOrEqual(at('2026-03-02T13:02:00Z'))
    expect(await next()).toBe('13:05:00')
  })

  test('A14: a wall clock that is set back does not stop them', async () => {
    const { clock, stop } = start()
    let shift = 0
    const shifted = { ...clock, now: () => clock.now() + shift }
    const schedule = readSchedule('*/5 * * * *')
    const iterator = ticks(schedule, { clock: shifted, signal: stop.signal, beat: () => {} })
    await iterator.next()
    shift = -24 * 60 * MINUTE
    const { value } = await iterator.next()
    expect(new Date(value ?? 0).toISOString()).toBe('2026-03-01T12:05:00.000Z')
  })

  test('the loop turns every few seconds, and ends with the signal', async () => {
    const { next, iterator, stop, beats, clock } = start()
    await next()
    await next()
    expect(beats()).toBeGreaterThan(30)
    expect(Math.max(...clock.slept)).toBeLessThanOrEqual(10_000)
    stop.abort(new Error('enough'))
    expect(await iterator.next()).toEqual({ value: undefined, done: true })
  })

  test('the signal ends the wait for the next one', async () => {
    const { iterator, stop } = start()
    await iterator.next()
    const waiting = iterator.next()
    stop.abort(new Error('enough'))
    expect(await waiting).toEqual({ value: undefined, done: true })
  })
})
