import type { Pool } from 'pg'
import type { Clock } from '../clock.ts'
import type { Embedded } from '../embedded-postgres/embedded.ts'
import { describeAddress } from './database-error.ts'
import { openPool } from './pool.ts'

export interface Database {
  /** Holds the password: never print it. */
  readonly url: string
  readonly pool: Pool
  /** A command line for people to look around with; only for the embedded server, as is its version. */
  readonly psql: string | undefined
  readonly embeddedVersion?: string | undefined
  /** Whether the embedded server went away: `close` and open again. Never with an address. */
  isLost(): boolean
  /** Closes the connections and, where this process is the last to use it, the embedded server. */
  close(): Promise<void>
}

export interface DatabaseOptions {
  /** Undefined: the embedded server in `dataDir`. */
  readonly url: string | undefined
  readonly dataDir: string
  readonly clock: Clock
  readonly log: (line: string) => void
}

const CONNECTIONS = 6

/** Connects to the database of the settings; without one, starts the embedded server. */
export async function openDatabase({ url, dataDir, clock, log }: DatabaseOptions): Promise<Database> {
  if (url !== undefined) return connect(url)
  const { startEmbedded } = await import('../embedded-postgres/embedded.ts')
  const embedded = await startEmbedded({ dataDir, clock, log })
  return connect(embedded.url, embedded)
}

/** Which database the settings mean, for people. */
export function describeDatabase(url: string | undefined, dataDir: string): string {
  return url === undefined
    ? `the embedded PostgreSQL in ${dataDir}, because DATABASE_URL is not set`
    : describeAddress(url)
}

function connect(url: string, embedded?: Embedded): Database {
  const pool = openPool(url, { max: CONNECTIONS, applicationName: 'llamacloud-sync' })
  return {
    url,
    pool,
    psql: embedded?.psql,
    embeddedVersion: embedded?.version,
    isLost: () => embedded?.isLost() ?? false,
    close: async () => {
      await pool.end()
      await embedded?.stop()
    },
  }
}
