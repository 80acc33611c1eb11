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
  [156, 'A7, A8: a job that a replica did not show yet was marked as deleted'],
  [
    2417,
    'A8, A11: a job whose created_at is absurd was marked as deleted where a replica did not show it yet',
  ],
  [77, 'A7, I2: the watermark ran ahead of a listing that took its time'],
  [15, 'A3, I8: a question by id ended at an empty page'],
  [111, 'I7: a commit whose answer was lost was repeated'],
])('seed %i: %s', async (seed) => {
  const { broken, history } = await playSeed(database, seed)
  expect({ broken, history: broken.length > 0 ? history : [] }).toEqual({ broken: [], history: [] })
})
