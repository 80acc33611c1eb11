import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Pool } from 'pg'
import { systemClock } from '../src/clock.ts'
import { openDatabase } from '../src/store/database.ts'
import { migrate } from '../src/store/migrate.ts'

/** Nothing here outlives the script, so nothing waits for the disk. */
const SETTINGS = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }

/** Runs `work` on an embedded server of its own with all migrations applied, and removes it afterwards. */
export async function withMigratedDatabase<T>(work: (pool: Pool) => Promise<T>): Promise<T> {
  const dataDir = await mkdtemp(join(tmpdir(), 'llamacloud-sync-script-'))
  try {
    // As root the server runs as another user, who has to enter it.
    await chmod(dataDir, 0o755)
    const { startEmbedded } = await import('../src/embedded-postgres/embedded.ts')
    const server = await startEmbedded({ dataDir, clock: systemClock, settings: SETTINGS })
    try {
      const database = await openDatabase({ url: server.url, dataDir, clock: systemClock, log: () => {} })
      try {
        await migrate(database.pool)
        return await work(database.pool)
      } finally {
        await database.close()
      }
    } finally {
      await server.stop()
    }
  } finally {
    await rm(dataDir, { recursive: true, force: true })
  }
}
