import { demoCycles, demoSettings, startDemoWorld } from '../../../src/commands/demo-world.ts'
import { createLogger } from '../../../src/log.ts'
import type { TestDatabase } from '../../support/database.ts'
import { createMigratedDatabase } from '../../support/migrated-database.ts'

/** What `llamacloud-sync demo` leaves behind, in a database of its own. */
export async function createDemoDatabase(): Promise<TestDatabase> {
  const database = await createMigratedDatabase()
  const demo = await startDemoWorld()
  try {
    const settings = demoSettings(demo, { LOG_LEVEL: 'error' })
    const log = createLogger({ ...settings.log, secrets: settings.secrets })
    const { signal } = new AbortController()
    for await (const { outcome } of demoCycles(demo, { settings, database, log, signal })) {
      if (outcome !== 'succeeded') throw new Error(`the cycle ended as ${outcome}`)
    }
  } finally {
    await demo.api.close()
  }
  return database
}
