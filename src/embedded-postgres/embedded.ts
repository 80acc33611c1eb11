/** PostgreSQL for the demo, tests and a first try: `startEmbedded` is all that the rest of the program knows of it. */
import { mkdir, realpath } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { Clock } from '../clock.ts'
import { AppError, EmbeddedPostgresError } from '../errors.ts'
import { NAME, psqlLine, readAccess, urlOf } from './access.ts'
import { findBinaries, serverAccount } from './cluster.ts'
import { lock, PATIENCE_SECONDS, take } from './lock.ts'
import { ensureRunning, stopServer } from './server.ts'

/** What Node.js and PostgreSQL say of a place that they cannot work in, and the sentence instead. */
const SENTENCES: readonly (readonly [RegExp, string])[] = [
  [/ENOSPC|EDQUOT|No space left on device/, 'The disk of HOME is full: free some space,'],
  [/EROFS|Read-only file system/, 'HOME is on a read-only file system:'],
  // So Node.js says it of a read-only file system, too.
  [/ENOENT.*mkdir/, 'HOME is on a read-only file system, or is a link that leads nowhere:'],
  [/EACCES|EPERM|Permission denied/, 'HOME belongs to another user, or is not writable: start as its owner,'],
  [/ENOTDIR|EEXIST|ELOOP/, 'HOME cannot be made: on the way to it is a file, or a link to none:'],
  [/EMFILE|ENFILE|file descriptors/, 'The limit of open files is too low: raise it (ulimit -n),'],
  [/ENOMEM|Cannot allocate memory|out of memory/i, 'The memory is used up: give the program more,'],
  [/look up effective user ID/, 'PostgreSQL needs a user with a name: add your user to /etc/passwd,'],
  [
    /initialized by PostgreSQL version/,
    'HOME was created by another major version: see docs/embedded-postgres.md,',
  ],
]

export interface EmbeddedOptions {
  /** SYNC_DATA_DIR. Everything lies below its `postgres`. */
  dataDir: string
  clock: Clock
  /** Takes what is worth telling, a sentence at a time. */
  log?: (line: string) => void
  /** Server settings by name, for the start; a server that runs already keeps its own. */
  settings?: Readonly<Record<string, string>>
}

/** The use of the server in a data directory. */
export interface Embedded {
  /** For pg. Holds the password: never print it. */
  readonly url: string
  /** A command line for people; shows no password. */
  readonly psql: string
  /** Of the package that brings it, `18.4.0-beta.17`. */
  readonly version: string
  /** Whether the server stopped unexpectedly: call `stop`, and start again. */
  isLost(): boolean
  /** Ends the use; the last one stops the server. Calling it again waits for the first call. */
  stop(): Promise<void>
}

/**
 * Makes the server in `dataDir` ready: creates it on first use, starts it, or connects to the one that runs.
 * @throws EmbeddedPostgresError
 */
export async function startEmbedded(options: EmbeddedOptions): Promise<Embedded> {
  const path = join(resolve(options.dataDir), 'postgres')
  try {
    await mkdir(path, { recursive: true })
    const home = await realpath(path)
    return await whileStarting(home, () => start(home, options))
  } catch (error) {
    throw explain(error, path)
  }
}

/** One sentence with the cause and what to do. */
function explain(error: unknown, home: string): AppError {
  const text = error instanceof Error ? error.message : String(error)
  const known = SENTENCES.find(([pattern]) => pattern.test(text))?.[1].replace('HOME', home)
  if (!known && error instanceof AppError) return error
  // Of a page of initdb, what it failed of.
  const reason = /\b(?:FATAL|PANIC|error): +(.+)/.exec(text)?.[1] ?? text
  const sentence = known ?? `The embedded PostgreSQL in ${home} cannot be used (${reason}): fix the cause,`
  const message = `${sentence} choose another directory with SYNC_DATA_DIR, or set DATABASE_URL.`
  return new EmbeddedPostgresError(message, { cause: error })
}

/** Nobody else starts or stops the server meanwhile. */
async function whileStarting<T>(home: string, work: () => Promise<T>): Promise<T> {
  const held = await lock(home, 'starting', 'exclusive', PATIENCE_SECONDS)
  if (!held) throw new Error('another process has been starting or stopping it for too long')
  return work().finally(held.release)
}

async function start(home: string, options: EmbeddedOptions): Promise<Embedded> {
  const { clock, log = () => {}, settings = {} } = options
  const { postgres, initdb, version } = await findBinaries()
  const account = await serverAccount(home, postgres)
  // The kernel ends the connection with the server, and the lock with this process, however they die.
  const connection = await ensureRunning({ home, initdb, postgres, account, clock, settings })
  let [lost, stopping]: [boolean, Promise<void> | undefined] = [false, undefined]
  connection.once('end', () => {
    lost = stopping === undefined
    if (lost) log('The embedded PostgreSQL stopped unexpectedly: it is started again when it is needed next.')
  })
  const { rowCount } = await connection.query('select from pg_catalog.pg_database where datname = $1', [NAME])
  if (rowCount === 0) await connection.query(`create database ${NAME}`)
  const use = await lock(home, 'users', 'shared')
  if (!use) throw new Error('another process holds its users.lock')
  const leave = async () => {
    await connection.end()
    if (await take(use.descriptor, 'exclusive')) await stopServer(home)
  }
  const access = await readAccess(home)
  return {
    url: urlOf(access, NAME),
    psql: psqlLine(home, access),
    version,
    isLost: () => lost,
    stop: () => {
      stopping ??= whileStarting(home, leave).finally(use.release)
      return stopping
    },
  }
}
