import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { createSimulationDatabase, type SimulationDatabase } from '../../simulation/database.ts'
import { playSeed } from '../../simulation/seed.ts'

let database: SimulationDatabase
beforeAll(async () => {
  database = await createSimulationDatabase(inject('postgresUrl'))
})
afterAll(() => database.drop())

/**
 * Seeds that found something, in the program or in a mutant that all others let live. Whoever changes what seeds draw looks
 * for new ones: `npm run simulation:mutants` names them.
 */
test.each([
  [48, 'A8, I8: a young job that came back waited for more than a day'],
  [53, 'A22, I6: standbys that lack the latest commits take over, one after the other'],
  [201, 'A19, I12: the healthy halves of a span were left to the next run'],
  [237, 'A8, I8: a job of a project without a name was never missed'],
  [2544, 'I12: a connection that broke after a failed commit was handed to the next transaction'],
])('seed %i: %s', async (seed) => {
  const { broken, history } = await playSeed(database, seed)
  expect({ broken, history: broken.length > 0 ? history : [] }).toEqual({ broken: [], history: [] })
})
