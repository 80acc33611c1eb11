import { existsSync } from 'node:fs'
import { readFile, rename } from 'node:fs/promises'
import { join } from 'node:path'
import pg from 'pg'
import type { Clock } from '../clock.ts'
import { EmbeddedPostgresError } from '../errors.ts'
import { firstPort, freePort, HOST, readAccess, urlOf, writeAccess } from './access.ts'
import { clusterIn, createCluster } from './cluster.ts'
import { lock, PATIENCE_SECONDS } from './lock.ts'
import { type Account, run, unlessMissing } from './process.ts'
import { claim, confirm, readPostmaster, refuseElsewhere, unclaim } from './running.ts'

export interface Site {
  readonly home: string
  readonly postgres: string
  readonly initdb: string
  readonly account: Account
  readonly clock: Clock
  /** Over the defaults; a server that runs already keeps its own. */
  readonly settings: Readonly<Record<string, string>>
}

const POLL_MS = 50
const CONNECT_MS = 5_000
/** Starts the server unless it runs, and hands back a connection to it. Call it under the lock `starting`. */
export async function ensureRunning(site: Site): Promise<pg.Client> {
  const { home, clock } = site
  const deadline = clock.monotonic() + PATIENCE_SECONDS * 1_000
  for (let launched = false; ; await clock.sleep(POLL_MS)) {
    // As long as a process of a server lives, wherever that is, it has this lock.
    const free = await lock(home, 'server', 'exclusive')
    if (free) await launch(site, free.descriptor, launched).finally(free.release)
    else await refuseElsewhere(clusterIn(home))
    launched ||= free !== undefined
    const connection = await reach(home)
    if (connection && launched) await confirm(clusterIn(home))
    if (connection) return connection
    // It is on its way up or down: whoever began that may have been killed.
    if (clock.monotonic() > deadline) throw await failure(home, 'runs but does not answer')
  }
}

/** Ends sessions and stops; what was committed stays. Call it under the lock `starting`. */
export async function stopServer(home: string): Promise<void> {
  let gone = await lock(home, 'server', 'exclusive')
  // One that was killed is not stopped: the next start looks after what it left.
  if (gone) return gone.release()
  await refuseElsewhere(clusterIn(home))
  const [pid] = (await readPostmaster(clusterIn(home))).split('\n')
  if (pid) process.kill(Number(pid), 'SIGINT')
  gone = await lock(home, 'server', 'exclusive', PATIENCE_SECONDS)
  if (!gone) throw await failure(home, 'does not stop')
  gone.release()
  if ((await readPostmaster(clusterIn(home))) === '') await unclaim(clusterIn(home))
}

/** Hands the descriptor on to all that works on the data, so that its lock outlives us where that does. */
async function launch(site: Site, descriptor: number, again: boolean): Promise<void> {
  const { home, initdb, postgres, account, settings } = site
  const error = again ? await failure(home, 'does not start') : undefined
  // Another program may have taken the port after we looked.
  if (error && !error.message.includes('Address already in use')) throw error
  const cluster = clusterIn(home)
  if (!existsSync(cluster)) await createCluster(home, initdb, account, descriptor)
  await claim(cluster)
  const access = await readAccess(home)
  const port = await freePort(access.port || firstPort(home))
  await writeAccess(home, { ...access, port })
  const all = { unix_socket_directories: '', ...settings, listen_addresses: HOST, port }
  const options = Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  await rename(logIn(home), `${logIn(home)}.old`).catch(unlessMissing)
  // Whatever becomes of it shows in its lock.
  const script = '"$@" </dev/null >"$0" 2>&1 &'
  await run('/bin/sh', ['-c', script, logIn(home), postgres, '-D', cluster, ...options], account, descriptor)
}

/** Undefined when no server answers, or another: a copied data directory names the port of the original. */
async function reach(home: string): Promise<pg.Client | undefined> {
  const access = await readAccess(home).catch(unlessMissing)
  if (!access) return undefined
  const client = new pg.Client({ connectionString: urlOf(access), connectionTimeoutMillis: CONNECT_MS })
  // The server may go away at any time; without a listener that would end the process.
  client.on('error', () => {})
  try {
    await client.connect()
    const { rows } = await client.query(`select pg_catalog.current_setting('data_directory') as directory`)
    if (rows[0]?.directory === clusterIn(home)) return client
  } catch {}
  await client.end()
  return undefined
}

async function failure(home: string, what: string): Promise<EmbeddedPostgresError> {
  const end = (await readFile(logIn(home), 'utf8')).trimEnd().split('\n').slice(-5).join('\n')
  return new EmbeddedPostgresError(`The embedded PostgreSQL ${what}. The end of ${logIn(home)}:\n${end}`)
}

/** Where the server's user may write. */
function logIn(home: string): string {
  return join(clusterIn(home), 'postgres.log')
}
