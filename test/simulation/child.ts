import { createSimulationDatabase } from './database.ts'
import { playSeed } from './seed.ts'

/** A process that plays the seeds it is sent, one after the other, in a database of its own; null ends it. */
const database = await createSimulationDatabase(process.env.SIMULATION_DATABASE_URL ?? '')
process.on('message', (seed: number | null) => {
  if (seed === null) void database.drop().then(() => process.exit())
  else void playSeed(database, seed).then((verdict) => process.send?.(verdict))
})
process.on('disconnect', () => process.exit())
process.send?.('ready')
