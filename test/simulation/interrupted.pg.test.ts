import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { MINUTE, SECOND } from '../../src/values/instant.ts'
import type { DatabaseFault } from './connection.ts'
import { createSimulationDatabase, type SimulationDatabase } from './database.ts'
import { type CyclePlan, drawScenario, NO_FAULTS, type Scenario } from './draw.ts'
import { playScenario } from './seed.ts'

/** A world of 20 jobs: some open, some late, some hostile, none deleted. */
const SEED = 144
const UNDISTURBED: CyclePlan = {
  ...NO_FAULTS,
  gap: SECOND,
  kind: 'sync',
  sameProcess: false,
  isFaultFree: true,
}

let database: SimulationDatabase
beforeAll(async () => {
  database = await createSimulationDatabase(inject('postgresUrl'))
})
afterAll(() => database.drop())

function scenarioOf(cycles: readonly CyclePlan[]): Scenario {
  const drawn = drawScenario(SEED)
  const options = { ...drawn.options, pageSize: 5, concurrency: 2, overlap: MINUTE, reconcileEveryMs: null }
  return { ...drawn, options, lag: 0, cycles }
}

/** Plays the scenario once for each place, until the place lies behind the end. Returns how many places there were. */
async function playEach(
  cyclesAt: (place: number) => readonly CyclePlan[],
  happened: RegExp,
): Promise<{ places: number; seen: string[] }> {
  const seen: string[] = []
  for (let place = 1; ; place += 1) {
    const { broken, history } = await playScenario(database, scenarioOf(cyclesAt(place)))
    expect({ place, broken, history: broken.length > 0 ? history : [] }).toEqual({
      place,
      broken: [],
      history: [],
    })
    const line = history.find((each) => happened.test(each))
    if (line === undefined) return { places: place - 1, seen }
    seen.push(line)
  }
}

describe('I1..I8: a process that is killed, and started again', () => {
  /** How the steps of the protocol begin: a page, its rows, its counts, the windows, the coverage, the end. */
  const protocol = [
    'GET ',
    'with incoming as ',
    'update llamacloud_sync.runs set pages',
    'insert into "llamacloud_sync"."windows"',
    'update "llamacloud_sync"."sources" set "covered_from"',
    'commit',
  ]
  test.each(['before', 'after'] as const)(
    '%s each request and each statement of a first sync, in turn',
    async (when) => {
      const killed = (at: number): CyclePlan => ({
        ...UNDISTURBED,
        isFaultFree: false,
        interruption: { kind: 'crash', at, when },
      })
      const { places, seen } = await playEach((at) => [killed(at)], /is killed in step \d+, (before|after) /)
      expect(places).toBeGreaterThan(40)
      for (const step of protocol) expect(seen.some((line) => line.includes(`, ${when} ${step}`))).toBe(true)
    },
    600_000,
  )

  test('after each request and each statement of a reconcile, in turn', async () => {
    const killed = (at: number): CyclePlan => ({
      ...UNDISTURBED,
      kind: 'reconcile',
      isFaultFree: false,
      interruption: { kind: 'crash', at, when: 'after' },
    })
    const { places } = await playEach(
      (at) => [UNDISTURBED, killed(at)],
      /is killed in step \d+, (before|after) /,
    )
    expect(places).toBeGreaterThan(40)
  }, 600_000)
})

describe('I1..I8: a database that fails at each statement of a first sync, in turn', () => {
  const faults: readonly DatabaseFault[] = [
    // Serialization failure, deadlock, disk full, statement time-out, a standby that only reads.
    { kind: 'error', state: '40001' },
    { kind: 'error', state: '40P01' },
    { kind: 'error', state: '53100' },
    { kind: 'error', state: '57014' },
    { kind: 'error', state: '25006' },
    { kind: 'killed' },
    { kind: 'answer lost' },
  ]
  test.each(faults)(
    '%o',
    async (fault) => {
      const failing = (statement: number): CyclePlan => ({
        ...UNDISTURBED,
        isFaultFree: false,
        database: { ...NO_FAULTS.database, faultAt: { statement, fault } },
      })
      const { places } = await playEach((statement) => [failing(statement)], /database: /)
      expect(places).toBeGreaterThan(30)
    },
    600_000,
  )
})
