import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemClock } from '../../src/clock.ts'
import { startEmbedded } from '../../src/embedded-postgres/embedded.ts'

/** Nothing here outlives the simulation, so nothing waits for the disk. */
const SETTINGS = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', max_connections: '300' }

/** Runs `work` with a PostgreSQL server: that of TEST_DATABASE_URL, else an embedded one that goes when it is done. */
export async function withServer<T>(work: (url: string) => Promise<T>): Promise<T> {
  const given = process.env.TEST_DATABASE_URL
  if (given) return work(given)
  const dataDir = await mkdtemp(join(tmpdir(), 'llamacloud-sync-simulation-'))
  try {
    // As root the server runs as another user, who has to enter it.
    await chmod(dataDir, 0o755)
    const server = await startEmbedded({ dataDir, clock: systemClock, settings: SETTINGS })
    try {
      return await work(server.url)
    } finally {
      await server.stop()
    }
  } finally {
    await rm(dataDir, { recursive: true, force: true })
  }
}
