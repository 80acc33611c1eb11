import { type Clock, systemClock } from '../clock.ts'
import {
  loadSettings,
  readUtf8,
  type Settings,
  type SettingsNeeds,
  useNetwork,
  withDotEnv,
} from '../config.ts'
import { createLogger, type Logger, logWhatOthersPrint } from '../log.ts'
import { createRedactor } from '../redact.ts'
import { type Database, describeDatabase, openDatabase } from '../store/database.ts'
import { explainStoreError } from '../store/database-error.ts'
import { reportFailure } from '../worker/failure.ts'

/** 0: done. 1: failed, a retry may help. 2: wrong settings or usage, a retry will not help. */
export type ExitCode = 0 | 1 | 2

/** What a command is handed by `main`. */
export interface CommandContext {
  /** Aborts on SIGTERM, SIGINT and SIGHUP, and when nobody reads the output any more. */
  readonly signal: AbortSignal
  /** Prints to stdout, which is for the output of commands; logs go to stderr. */
  readonly print: (text: string) => void
}

export interface Session {
  readonly settings: Settings
  readonly log: Logger
  readonly clock: Clock
}

/**
 * Loads the settings, makes the logger, and runs `work`. An error that it throws is logged by what the operator does
 * next and becomes the exit code.
 */
export async function withSettings(
  needs: SettingsNeeds,
  work: (session: Session) => Promise<ExitCode>,
): Promise<ExitCode> {
  const environment = withDotEnv(process.env, process.cwd())
  const settings = loadSettings(environment, { readFile: readUtf8 }, needs)
  const log = createLogger({ ...settings.log, secrets: settings.secrets })
  logWhatOthersPrint(log)
  try {
    useNetwork(settings.network)
    if (needs.apiKey) (await import('../sources.ts')).assertLists(settings)
    return await work({ settings, log, clock: systemClock })
  } catch (error) {
    return reportFailure(error, log, createRedactor(settings.secrets))
  }
}

/** Loads the settings, and opens their database for the duration of `work`. */
export function onDatabase(
  needs: SettingsNeeds,
  work: (database: Database, session: Session) => Promise<ExitCode>,
): Promise<ExitCode> {
  return withSettings(needs, (session) => withDatabase(session, (database) => work(database, session)))
}

/** Says where it will write: a lost DATABASE_URL should show here, not later by missing rows. */
export function sayDatabase({ settings: { database }, log }: Session): void {
  log.info(`using ${describeDatabase(database.url?.(), database.dataDir)}`)
}

/** Opens the database of the settings for the duration of `work`. */
export async function withDatabase<T>(
  { settings, log, clock }: Session,
  work: (database: Database) => Promise<T>,
): Promise<T> {
  const database = await openDatabase({
    url: settings.database.url?.(),
    dataDir: settings.database.dataDir,
    clock,
    log: (line) => log.info(line),
  })
  try {
    return await work(database)
  } catch (error) {
    throw explainStoreError(error, database.url, createRedactor(settings.secrets))
  } finally {
    await database.close().catch((error: unknown) => log.debug({ error }, 'could not close the database'))
  }
}
