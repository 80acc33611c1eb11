import { expect, test } from 'vitest'
import { createUpstreamClock } from '../../../src/api/upstream-clock.ts'
import { HOUR, MILLISECOND, SECOND } from '../../../src/values/instant.ts'

const START = 1_700_000_000 * SECOND

function setUp() {
  let now = 5_000
  const clock = createUpstreamClock({ monotonic: () => now })
  return { clock, pass: (ms: number) => (now += ms), at: () => now }
}

test('A14: there is no time before the first reply', () => {
  expect(setUp().clock.now()).toBeUndefined()
})

test('A14: the time is the last Date and runs on with the monotonic clock', () => {
  const { clock, pass, at } = setUp()
  clock.observe(START, at())
  expect(clock.now()).toBe(START)
  pass(1_500)
  expect(clock.now()).toBe(START + 1_500 * MILLISECOND)
  clock.observe(START + 3 * SECOND, at())
  expect(clock.now()).toBe(START + 3 * SECOND)
})

test('a Date is anchored at the arrival of its headers, not at the end of its body', () => {
  const { clock, pass, at } = setUp()
  const arrived = at()
  pass(700)
  clock.observe(START, arrived)
  expect(clock.now()).toBe(START + 700 * MILLISECOND)
})

test('the cut to whole seconds never makes the time run backwards, nor ahead of the API', () => {
  const { clock, pass, at } = setUp()
  let previous = 0
  for (let step = 0; step < 200; step++) {
    const real = START + (at() - 5_000) * MILLISECOND
    clock.observe(Math.floor(real / SECOND) * SECOND, at())
    const told = clock.now()!
    expect(told).toBeGreaterThanOrEqual(previous)
    expect(told).toBeLessThanOrEqual(real)
    previous = told
    pass(137)
  }
})

test('a clock that was set back by a second or more is followed', () => {
  const { clock, at } = setUp()
  clock.observe(START, at())
  clock.observe(START - SECOND + 1, at())
  expect(clock.now()).toBe(START)
  clock.observe(START - HOUR, at())
  expect(clock.now()).toBe(START - HOUR)
})
