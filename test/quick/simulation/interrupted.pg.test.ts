import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { HOUR, MINUTE, SECOND } from '../../../src/values/instant.ts'
import type { DatabaseFault } from '../../simulation/connection.ts'
import { createSimulationDatabase, type SimulationDatabase } from '../../simulation/database.ts'
import { drawScenario, type Scenario } from '../../simulation/draw.ts'
import { type CyclePlan, NO_FAULTS } from '../../simulation/draw-cycles.ts'
import { CLASSIFY } from '../../simulation/lists.ts'
import { playScenario, type Verdict } from '../../simulation/seed.ts'
import { bySize, sampled } from '../../support/size.ts'

/** A world of 20 jobs: some open, some late, some hostile, none deleted. */
const SEED = 149
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

function scenarioOf(cycles: readonly CyclePlan[], credits = false): Scenario {
  const drawn = drawScenario(SEED, CLASSIFY)
  const options = { ...drawn.options, pageSize: 5, concurrency: 2, overlap: MINUTE, reconcileEveryMs: null }
  return { ...drawn, options, lag: 0, beside: null, credits, cycles, ...(credits && { databaseSkew: 0 }) }
}

/** What an undisturbed run of the last of these cycles does, and the places of it, from 1. */
async function undisturbed(cycles: readonly CyclePlan[], credits = false) {
  const { done } = await played(cycles, credits)
  const placesIn = (list: readonly string[]) => list.map((_, index) => index + 1)
  return { ...done, places: placesIn(done.steps), placesOfStatements: placesIn(done.statements) }
}

async function played(cycles: readonly CyclePlan[], credits = false): Promise<Verdict> {
  const verdict = await playScenario(database, scenarioOf(cycles, credits))
  const { broken, history } = verdict
  expect({ broken, history: broken.length > 0 ? history : [] }).toEqual({ broken: [], history: [] })
  return verdict
}

/** Plays the scenario once for each place. Returns the line of the history that tells what happened there. */
async function playEach(
  places: readonly number[],
  cyclesAt: (place: number) => readonly CyclePlan[],
  happened: RegExp,
  credits = false,
): Promise<string[]> {
  const seen: string[] = []
  for (const place of places) {
    const { history } = await played(cyclesAt(place), credits)
    const line = history.find((each) => happened.test(each))
    expect(line, `at ${place}`).toBeDefined()
    seen.push(line!)
  }
  return seen
}

const KILLED = /is killed in step \d+, (before|after) /

describe('I1..I8: a process that is killed, and started again', () => {
  const killed = (at: number, when: 'before' | 'after', kind: 'sync' | 'reconcile'): CyclePlan => ({
    ...UNDISTURBED,
    kind,
    isFaultFree: false,
    interruption: { kind: 'crash', at, when },
  })

  /** How the steps of the protocol begin: a page, its rows, its spans, the coverage, its counts, the end. */
  const protocol = [
    'GET ',
    'with incoming as ',
    'update llamacloud_sync.spans as span',
    'with recursive known as',
    'update llamacloud_sync.runs set commits',
    'commit',
  ]
  test.each(['before', 'after'] as const)(
    '%s each request and each statement of a first sync, in turn',
    async (when) => {
      const { steps, places } = await undisturbed([UNDISTURBED])
      expect(places.length).toBeGreaterThan(40)
      const oneOfEach = protocol.flatMap((begin) =>
        sampled(
          `killed ${when} ${begin}`,
          places.filter((place) => steps[place - 1]!.startsWith(begin)),
          1,
        ),
      )
      const seen = await playEach(bySize(oneOfEach, places), (at) => [killed(at, when, 'sync')], KILLED)
      for (const step of protocol) expect(seen.some((line) => line.includes(`, ${when} ${step}`))).toBe(true)
    },
  )

  test('after each request and each statement of a reconcile, in turn', async () => {
    const { places } = await undisturbed([UNDISTURBED, { ...UNDISTURBED, kind: 'reconcile' }])
    expect(places.length).toBeGreaterThan(40)
    const chosen = sampled('killed in a reconcile', places, 2)
    await playEach(chosen, (at) => [UNDISTURBED, killed(at, 'after', 'reconcile')], KILLED)
  })
})

describe('I1..I8: a process that is killed while it asks for credits one by one, and started again', () => {
  /** Of some jobs the end is more than a day ago then, of others less. */
  const later: CyclePlan = { ...UNDISTURBED, gap: 80 * HOUR }
  const killed = (at: number, when: 'before' | 'after'): CyclePlan => ({
    ...later,
    isFaultFree: false,
    interruption: { kind: 'crash', at, when },
  })

  /** How the steps begin: a job, its row, its next time or that there is none, its counts, the end. */
  const protocol = [
    'GET ?expand=usage',
    'with incoming as ',
    'update llamacloud_sync.credit_checks as known',
    'delete from llamacloud_sync.credit_checks',
    'update llamacloud_sync.runs set commits',
    'commit',
  ]
  test.each(['before', 'after'] as const)(
    '%s each request and each statement of that, in turn',
    async (when) => {
      const { steps, places } = await undisturbed([UNDISTURBED, later], true)
      const begin = steps.findIndex((step) => step.startsWith('GET ?expand=usage'))
      const behind = places.filter((place) => place > begin)
      expect(behind.length).toBeGreaterThan(20)
      const seen: string[] = []
      const isSeen = (step: string) => seen.some((line) => line.includes(`, ${when} ${step}`))
      const play = async (at: number) =>
        seen.push(...(await playEach([at], () => [UNDISTURBED, killed(at, when)], KILLED, true)))
      for (const at of bySize([], behind)) await play(at)
      // Two jobs are asked for at a time: at the same place it may be the other's step.
      for (const step of protocol) {
        const places = behind.filter((place) => steps[place - 1]!.startsWith(step))
        for (const at of sampled(`killed ${when} ${step} of credits`, places, 5))
          if (!isSeen(step)) await play(at)
      }
      for (const step of protocol) expect(isSeen(step), step).toBe(true)
    },
  )
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
  let places: readonly number[]
  beforeAll(async () => {
    places = (await undisturbed([UNDISTURBED])).placesOfStatements
    expect(places.length).toBeGreaterThan(30)
  })
  test.each(faults)('%o', async (fault) => {
    const failing = (statement: number): CyclePlan => ({
      ...UNDISTURBED,
      isFaultFree: false,
      database: { ...NO_FAULTS.database, faultAt: { statement, fault } },
    })
    const chosen = sampled(`fails with ${Object.values(fault)}`, places, 1)
    await playEach(chosen, (statement) => [failing(statement)], /database: /)
  })
})
