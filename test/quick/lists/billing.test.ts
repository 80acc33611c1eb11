import { expect, test } from 'vitest'
import { nextStep } from '../../../src/lists/billing.ts'
import { formatInstant, parseInstant } from '../../../src/values/instant.ts'

const END = '2026-03-02T08:00:00.000000Z'

test.each([
  ['2026-03-02T08:00:01.000000Z', '2026-03-02T08:10:00.000000Z'],
  ['2026-03-02T08:10:00.000000Z', '2026-03-02T09:00:00.000000Z'],
  ['2026-03-02T09:30:00.000000Z', '2026-03-02T14:00:00.000000Z'],
  ['2026-03-03T07:59:59.000000Z', '2026-03-03T08:00:00.000000Z'],
])('a job that is not billed when seen at %s is asked for at %s', (seen, at) => {
  expect(formatInstant(nextStep(END, seen)!)).toBe(at)
})

test('I11: after a day it is asked for no more', () => {
  expect(nextStep(END, '2026-03-03T08:00:00.000000Z')).toBeUndefined()
  expect(nextStep(null, END)).toBeUndefined()
})

test('an end in the future, by a wrong clock, counts from when it was seen', () => {
  const soon = nextStep('2099-01-01T00:00:00Z', END)!
  expect(soon - parseInstant(END)!).toBe(600_000_000)
})
