import type { Region } from '../api/regions.ts'
import type { LogFormat, LogLevel } from '../log.ts'
import type { Instant } from '../values/instant.ts'
import type { Headers } from './custom-headers.ts'
import type { Network } from './network.ts'
import type { SecretProvider } from './secrets.ts'
import type { RateLimit } from './values.ts'

/** What is read, by which key, and how far back. */
export interface SourceSettings {
  readonly name: string
  /** What is read of the scope, such as `classify`. Each list of a scope is a source of its own. */
  readonly list: string
  /** Whether the settings name other lists of the same scope as well. */
  readonly isOneOfMany: boolean
  /** To be asked once a cycle: it reads a key file again. Throws a SettingsError. */
  readonly apiKey: SecretProvider
  /** The environment variable that the key comes from, for messages. */
  readonly apiKeyVariable: string
  /** Without a slash at its end. */
  readonly baseUrl: string
  readonly region: Region
  readonly projectId: string | undefined
  readonly organizationId: string | undefined
  readonly configurationId: string | undefined
  readonly pageSize: number
  readonly startAt: Instant
  readonly overlapUs: Instant
  /** null: never. */
  readonly reconcileEveryMs: number | null
}

/** What the environment says, in the units the code works with. Durations end in Ms or Us. */
export interface Settings {
  /** One, or those of SYNC_SOURCES_FILE. Names occur once. */
  readonly sources: readonly [SourceSettings, ...SourceSettings[]]
  readonly api: {
    readonly concurrency: number
    readonly rateLimit: RateLimit
    readonly requestTimeoutMs: number
    readonly retryForMs: number
    /** They go with every request, beside the key. Their values are secrets. */
    readonly headers: Headers
  }
  readonly network: Network
  readonly database: {
    /** Undefined: the embedded PostgreSQL in `dataDir`. Throws a SettingsError. */
    readonly url: SecretProvider | undefined
    readonly dataDir: string
  }
  readonly sync: {
    /** Of sources that do not say otherwise. */
    readonly startAt: Instant
    readonly leaseMs: number
    readonly schedule: string
    readonly stripUrlQuery: boolean
    /** Columns that stay null, each as `classify.result_reasoning`. */
    readonly omit: readonly string[]
    /** Asks for credits also where each job takes a request of its own. */
    readonly credits: boolean
    /** Names to read beside the jobs. */
    readonly lookups: readonly string[]
    /** How far apart the two misses are after which a job is marked as deleted. */
    readonly goneAfterMs: number
    /** What becomes of the content of a job that is gone. */
    readonly onDelete: 'keep' | 'erase'
    /** Undefined: as the database has it. */
    readonly reviewBelow: number | undefined
  }
  /** A port of null: none is served. */
  readonly http: { readonly host: string; readonly port: number | null }
  readonly log: { readonly level: LogLevel; readonly format: LogFormat }
  /** Every secret known so far, for redaction; reads no file. */
  readonly secrets: () => readonly string[]
}

/** What a command cannot do without; `migrate` and `status` never call the API. */
export interface SettingsNeeds {
  readonly apiKey: boolean
  /** Throws a SettingsError. From who keeps to the schedule: nobody else loads what can tell a real one. */
  readonly checkSchedule?: (expression: string) => unknown
}
