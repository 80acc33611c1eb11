import { join, resolve } from 'node:path'
import type { Clock } from '../../clock.ts'
import { AppError, EmbeddedPostgresError } from '../../errors.ts'
import { type Access, displayUrlOf, psqlLine, urlOf } from './access.ts'
import { serverAccount } from './account.ts'
import { findBinaries } from './binaries.ts'
import { clusterIn, prepareCluster } from './cluster.ts'
import { locked } from './lock.ts'
import { prepareHome, reachableBinaries, versionOf } from './placement.ts'
import { ensureRunning, type Site, stopServer } from './server.ts'
import { takeShare } from './share.ts'

/** Long enough for another worker's first start, or for its server to recover after a crash. */
const START_PATIENCE_MS = 180_000
/** A worker that is told to stop has ten seconds. */
const STOP_PATIENCE_MS = 5_000

export interface EmbeddedOptions {
  /** SYNC_DATA_DIR. Everything lies below its `postgres`, or where that links to. */
  dataDir: string
  clock: Clock
  /** Takes what is worth telling, a sentence at a time. */
  log?: (line: string) => void
  /** Server settings by name, for the start; a server that runs already keeps its own. */
  settings?: Readonly<Record<string, string>>
}

/** A worker's share of the server in a data directory. */
export interface Embedded {
  /** For pg. Holds the password: never print it. */
  readonly url: string
  readonly displayUrl: string
  /** A command line for people; shows no password. */
  readonly psql: string
  /** `18.4` */
  readonly version: string
  /** Whether the server went away by itself and did not come back: `stop` and start anew. */
  isLost(): boolean
  /** Leaves; the last worker to leave stops the server. Calling it again waits for the first call. */
  stop(): Promise<void>
}

/**
 * Makes the server in `dataDir` ready: creates it on first use, starts it unless another worker did.
 * @throws EmbeddedPostgresError
 */
export async function startEmbedded(options: EmbeddedOptions): Promise<Embedded> {
  try {
    return await start(options)
  } catch (error) {
    if (error instanceof AppError) throw error
    const reason = error instanceof Error ? error.message : String(error)
    throw new EmbeddedPostgresError(
      `The embedded PostgreSQL in ${options.dataDir} cannot be used (${reason}). Remove the cause, or set DATABASE_URL.`,
      { cause: error },
    )
  }
}

async function start({ dataDir, clock, log = () => {}, settings = {} }: EmbeddedOptions): Promise<Embedded> {
  const installed = await findBinaries()
  const account = await serverAccount(clusterIn(join(resolve(dataDir), 'postgres')))
  const home = await prepareHome(dataDir, account, log)
  return locked(home, clock, START_PATIENCE_MS, async () => {
    const binaries = await reachableBinaries(installed, account, log)
    const version = await versionOf(binaries, account)
    const site: Site = { home, binaries, account, clock, settings }
    await prepareCluster(home, binaries, version, account)
    const access = await ensureRunning(site)
    const restart = (signal: AbortSignal, work: (access: Access) => Promise<void>) =>
      locked(home, clock, START_PATIENCE_MS, async () => {
        signal.throwIfAborted()
        await work(await ensureRunning(site))
      })
    const share = await takeShare({ access, clock, log, restart })
    let stopping: Promise<void> | undefined
    const leaveServer = async () => {
      if (await share.leave()) await stopServer(site)
    }
    return {
      url: urlOf(access),
      displayUrl: displayUrlOf(access),
      psql: psqlLine(home, access),
      version,
      isLost: () => share.isLost(),
      stop: () => {
        stopping ??= locked(home, clock, STOP_PATIENCE_MS, leaveServer).finally(() => share.end())
        return stopping
      },
    }
  })
}
