import { execFile } from 'node:child_process'
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { systemClock } from '../../src/clock.ts'
import { type Embedded, startEmbedded } from '../../src/embedded-postgres/embedded.ts'

const run = promisify(execFile)

/** A server and its hot standby, which streams from it. */
export interface Pair {
  readonly primary: string
  readonly standby: string
  stop(): Promise<void>
}

const QUICK = { fsync: 'off', full_page_writes: 'off', max_connections: '100' }

export async function startPair(): Promise<Pair> {
  const folder = await mkdtemp(join(tmpdir(), 'llamacloud-sync-pair-'))
  // As root the servers run as another user, who has to enter it.
  await chmod(folder, 0o755)
  const [first, second] = [join(folder, 'primary'), join(folder, 'standby')]
  const started: Embedded[] = []
  const start = async (dataDir: string, settings: Readonly<Record<string, string>>) => {
    const server = await startEmbedded({ dataDir, clock: systemClock, settings: { ...QUICK, ...settings } })
    started.push(server)
    return server.url
  }
  const stop = async () => {
    for (const server of started.toReversed()) await server.stop()
    await rm(folder, { recursive: true, force: true })
  }
  try {
    const created = await startEmbedded({ dataDir: first, clock: systemClock, settings: QUICK })
    await created.stop()
    // A copy of a server at rest, with its owner.
    await run('cp', ['-a', first, second])
    await writeFile(join(second, 'postgres', 'cluster', 'standby.signal'), '')
    const primary = await start(first, {})
    // Readers wait for nobody, and are not sent away for what is replayed.
    const standby = await start(second, { primary_conninfo: primary, max_standby_streaming_delay: '-1' })
    return { primary, standby, stop }
  } catch (error) {
    await stop()
    throw error
  }
}
