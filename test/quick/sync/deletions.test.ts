import { describe, expect, test } from 'vitest'
import { isBeyondBelief } from '../../../src/sync/deletions.ts'

describe('isBeyondBelief', () => {
  const soundControls = { ids: 10, missing: 0 }

  test.each([
    [50, 50, false],
    [51, 51, true],
    [50, 51, false],
    [51, 254, true],
    [51, 255, false],
    [51, 256, false],
    [1_000, 5_000, false],
    [1_000, 4_999, true],
    [1_000_000, 1_000_000, true],
  ])('%s missing of %s asked for, while others come: %s', (missing, ids, expected) => {
    expect(isBeyondBelief({ ids, missing }, soundControls)).toBe(expected)
  })

  test.each([
    [0, 0, true],
    [1, 1, true],
    [10, 10, true],
    [10, 9, false],
    [1, 0, false],
  ])('of %s jobs that should be there %s are missing: %s', (ids, missing, expected) => {
    expect(isBeyondBelief({ ids: ids + 1, missing: missing + 1 }, { ids, missing })).toBe(expected)
  })
})
