import { expect, test } from 'vitest'
import { isInFlight } from '../../../src/sync/in-flight.ts'
import { formatInstant, HOUR, MINUTE } from '../../../src/values/instant.ts'

const promised = { from: 1_000 * HOUR, to: 2_000 * HOUR, present: 2_001 * HOUR }
const SAME = { id: 'a', missing: false, deleted: false, behind: false, open: false, fields: [] }

test.each([
  [{ open: true, behind: true }, true],
  [{ open: true, behind: true, deleted: true }, true],
  [{ open: true }, false],
  [{ behind: true }, false],
  [{}, false],
  [{ deleted: true }, false],
])('a stored job that differs, %j: %s', (changes, expected) => {
  for (const createdAt of [null, formatInstant(promised.to - HOUR), formatInstant(promised.present)]) {
    expect(isInFlight({ ...SAME, ...changes }, createdAt, promised)).toBe(expected)
  }
})

test.each([
  ['before the part of the history that is read', promised.from - 1, true],
  ['at its start', promised.from, false],
  ['at the end of what the head has made sure of', promised.to, false],
  ['after it', promised.to + 1, true],
  ['at the present', promised.present, true],
  ['a little later than the present is known to be', promised.present + 2_000_000, true],
  ['much later (A11)', promised.present + 2 * MINUTE, false],
])('a job that is not stored, created %s', (_when, createdAt, expected) => {
  expect(isInFlight({ ...SAME, missing: true }, formatInstant(createdAt), promised)).toBe(expected)
})

test('A11: a job that is not stored and has no created_at, or one that no number holds, is a difference', () => {
  for (const createdAt of [null, '9999-12-31T23:59:59.999999Z']) {
    expect(isInFlight({ ...SAME, missing: true }, createdAt, promised)).toBe(false)
  }
})
