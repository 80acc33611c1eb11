import { describe, expect, test } from 'vitest'
import type { SourceState } from '../../../src/store/source-state.ts'
import { liveness, readiness } from '../../../src/worker/health.ts'

const state = (name: string, successAge: number | null): SourceState => ({
  name,
  successAge,
  watermarkLag: null,
  coveredFrom: null,
  leaseOwner: null,
  openJobs: 0,
  held: 0,
  quarantined: 0,
  darkFor: null,
  rejects: 0,
  denied: false,
})

test('alive as long as the loop turned within the last minute', () => {
  expect(liveness(10_000, 5_000)).toEqual({ alive: true, silence: 5 })
  expect(liveness(70_000, 10_000)).toEqual({ alive: true, silence: 60 })
  expect(liveness(71_000, 10_000)).toEqual({ alive: false, silence: 61 })
})

test('I12: ready, though a list is among the sources that the API does not let be read', () => {
  const states = [state('a', 10), { ...state('b', null), denied: true }]
  expect(readiness({ names: ['a', 'b'], prepared: true, oldest: 900, states })).toMatchObject({ ready: true })
})

describe('ready', () => {
  const facts = { names: ['a', 'b'], prepared: true, oldest: 900, states: [state('a', 10), state('b', 900)] }

  test('when every source succeeded within three ticks', () => {
    expect(readiness(facts)).toEqual({ ready: true, reasons: [] })
  })

  test.each([
    ['the database is silent', { states: undefined }, /database does not answer/],
    ['it is not migrated', { prepared: false, states: undefined }, /not connected or not migrated/],
    [
      'a source has no success',
      { states: [state('a', 10), state('b', null)] },
      /^source b: no cycle has succeeded/,
    ],
    ['a source is not known yet', { states: [state('a', 10)] }, /^source b: no cycle has succeeded/],
    ['a success is too old', { states: [state('a', 901), state('b', 0)] }, /^source a: .* 901 s ago/],
  ])('not when %s', (_, changes, reason) => {
    const { ready, reasons } = readiness({ ...facts, ...changes })
    expect(ready).toBe(false)
    expect(reasons).toEqual([expect.stringMatching(reason)])
  })
})
