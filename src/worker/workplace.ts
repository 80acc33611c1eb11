import type { CountedSource } from '../sources.ts'
import type { Database } from '../store/database.ts'

export interface WorkplaceOptions {
  /** The address as it is now; undefined for the embedded server. Throws a SettingsError. */
  readonly url: () => string | undefined
  readonly open: (url: string | undefined) => Promise<Database>
  readonly createSources: (database: Database) => readonly CountedSource[]
  readonly migrate: (database: Database) => Promise<unknown>
  /** The sources are about to be made again: what they counted has to be taken now. */
  readonly onRenewal: (sources: readonly CountedSource[]) => void
}

/** The database and the sources on it, for as long as both are usable. */
export interface Workplace {
  /**
   * Makes the database ready for a cycle: opens it when it is not open, when its address was changed (a password that
   * was rotated), or when the embedded server went away; and migrates it. To be called while no source is at work.
   *
   * @throws what opening and migrating throw
   */
  prepare(): Promise<void>
  /** Undefined as long as it was never opened. */
  database(): Database | undefined
  sources(): readonly CountedSource[]
  /** Whether the latest `prepare` succeeded. */
  isReady(): boolean
  close(): Promise<void>
}

interface Open {
  readonly url: string | undefined
  readonly database: Database
  readonly sources: readonly CountedSource[]
}

export function createWorkplace({
  url,
  open,
  migrate,
  createSources,
  onRenewal,
}: WorkplaceOptions): Workplace {
  let current: Open | undefined
  let ready = false
  const close = async () => {
    const closing = current
    current = undefined
    if (closing === undefined) return
    onRenewal(closing.sources)
    await closing.database.close()
  }
  return {
    prepare: async () => {
      ready = false
      const address = url()
      // What is lost cannot be closed in good order, and does not have to be.
      if (current && (current.url !== address || current.database.isLost())) await close().catch(() => {})
      if (current === undefined) {
        const database = await open(address)
        current = { url: address, database, sources: createSources(database) }
      }
      await migrate(current.database)
      ready = true
    },
    database: () => current?.database,
    sources: () => current?.sources ?? [],
    isReady: () => ready,
    close,
  }
}
