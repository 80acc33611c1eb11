import { chown, open, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import pg from 'pg'
import type { Clock } from '../../clock.ts'
import { EmbeddedPostgresError } from '../../errors.ts'
import { type Access, HOST, quote, readAccess, urlOf, writeAccess } from './access.ts'
import { type Binaries, program } from './binaries.ts'
import { clusterIn } from './cluster.ts'
import { freePort, isFree } from './port.ts'
import { forgetDeadPostmaster } from './postmaster.ts'
import { type Account, ProcessError, run } from './process.ts'

/** A server's place, whether it runs or not. */
export interface Site {
  readonly home: string
  readonly binaries: Binaries
  readonly account: Account | undefined
  readonly clock: Clock
  /** Server settings by name, over the defaults; a server that runs already keeps its own. */
  readonly settings: Readonly<Record<string, string>>
}

const START_SECONDS = 120
const STOP_SECONDS = 60
const POLL_MS = 100
const CONNECT_MS = 5_000
const QUERY_MS = 30_000
const ATTEMPTS = 3
const NOT_RUNNING = 3

/** Starts the server unless it runs. Call it under the lock. */
export async function ensureRunning(site: Site): Promise<Access> {
  const deadline = site.clock.monotonic() + START_SECONDS * 1000
  // It may be starting or stopping: a worker that was killed in the middle leaves it so.
  while (await isRunning(site)) {
    const access = await readAccess(site.home)
    if (access && (await answers(site, access))) return access
    if (site.clock.monotonic() > deadline) {
      throw await failure(site, 'runs but does not answer')
    }
    await site.clock.sleep(POLL_MS)
  }
  return start(site)
}

/** Ends sessions and stops; what was committed stays. */
export async function stopServer(site: Site): Promise<void> {
  if (!(await isRunning(site))) return
  try {
    await pgCtl(site, ['stop', '--mode=fast', '--wait', `--timeout=${STOP_SECONDS}`])
  } catch (error) {
    // A server that is killed meanwhile did not shut down, but it is gone.
    if (await isRunning(site)) throw await failure(site, 'does not stop', error)
  }
}

/** Opens a connection of its own to the database `postgres`, which is always there. The caller ends it. */
export async function connect(access: Access, applicationName: string): Promise<pg.Client> {
  const client = new pg.Client({
    connectionString: urlOf(access, 'postgres'),
    application_name: applicationName,
    connectionTimeoutMillis: CONNECT_MS,
    query_timeout: QUERY_MS,
  })
  // The server may go away at any time; without a listener that would end the process.
  client.on('error', () => {})
  await client.connect()
  return client
}

async function start(site: Site): Promise<Access> {
  const stored = await readAccess(site.home)
  if (!stored) throw new EmbeddedPostgresError(`The file pgpass is missing from ${site.home}.`)
  for (let attempt = 1; ; attempt++) {
    const access = { ...stored, port: await freePort(stored.port) }
    if (access.port !== stored.port) await writeAccess(site.home, access)
    try {
      await pgCtl(site, await startArguments(site, access.port))
      return access
    } catch (error) {
      // Somebody else may have taken the port in between; anything else fails the same way again.
      if (attempt === ATTEMPTS || (await isFree(access.port)))
        throw await failure(site, 'does not start', error)
    }
  }
}

async function startArguments(site: Site, port: number): Promise<string[]> {
  const settings = {
    unix_socket_directories: '',
    timezone: 'UTC',
    log_timezone: 'UTC',
    ...site.settings,
    listen_addresses: HOST,
    port: String(port),
  }
  const options = Object.entries(settings).map(([name, value]) => `-c ${quote(`${name}=${value}`)}`)
  const log = await prepareLog(site)
  return ['start', '--wait', `--timeout=${START_SECONDS}`, `--log=${log}`, `--options=${options.join(' ')}`]
}

/** Made beforehand: the server's user may write the file, but not make one in a directory that is ours. */
async function prepareLog({ home, account }: Site): Promise<string> {
  const log = logFile(home)
  await (await open(log, 'a', 0o600)).close()
  if (account) await chown(log, account.uid, account.gid)
  return log
}

async function isRunning(site: Site): Promise<boolean> {
  await forgetDeadPostmaster(clusterIn(site.home))
  try {
    await pgCtl(site, ['status'])
    return true
  } catch (error) {
    if (error instanceof ProcessError && error.exitCode === NOT_RUNNING) return false
    throw error
  }
}

/** Whether it is this very server that listens there: a copied data directory names the port of the original. */
async function answers(site: Site, access: Access): Promise<boolean> {
  let client: pg.Client | undefined
  try {
    client = await connect(access, 'llamacloud-sync')
    const { rows } = await client.query<{ directory: string }>(
      `select current_setting('data_directory') as directory`,
    )
    return rows[0]?.directory === clusterIn(site.home)
  } catch {
    return false
  } finally {
    await client?.end()
  }
}

function pgCtl({ home, binaries, account }: Site, args: string[]): Promise<string> {
  return run(program(binaries, 'pg_ctl'), [...args, `--pgdata=${clusterIn(home)}`], account)
}

async function failure(site: Site, what: string, cause?: unknown): Promise<EmbeddedPostgresError> {
  const log = logFile(site.home)
  const text = await readFile(log, 'utf8').catch(() => '')
  const lastLines = text.trimEnd().split('\n').slice(-5).join('\n')
  return new EmbeddedPostgresError(`The embedded PostgreSQL ${what}. The end of ${log}:\n${lastLines}`, {
    cause,
  })
}

function logFile(home: string): string {
  return join(home, 'postgres.log')
}
