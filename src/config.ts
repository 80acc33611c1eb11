import { SOURCES_FILE } from './config/catalogue.ts'
import { faultLine, faultOf, shownValue, unknownNames } from './config/faults.ts'
import { type Environment, readSecrets } from './config/given.ts'
import { withRanges } from './config/network.ts'
import { API_KEY, type SecretSource } from './config/secrets.ts'
import type { Settings, SettingsNeeds } from './config/settings.ts'
import { findKeys, readEntries, sharedScopes, sourcesOf } from './config/sources.ts'
import { readCron } from './config/values.ts'
import { type Variables, variables } from './config/variables.ts'
import { SettingsError } from './errors.ts'
import { createRedactor } from './redact.ts'

export { readDotEnv, withDotEnv } from './config/dotenv.ts'
export { type GivenSetting, givenSettings } from './config/given.ts'
export { describeProxy, useNetwork } from './config/network.ts'
export type { Settings, SettingsNeeds, SourceSettings } from './config/settings.ts'
export { readUtf8 } from './config/text-file.ts'
export type { RateLimit } from './config/values.ts'

export interface SettingsDependencies {
  readonly readFile: (path: string) => string
}

/**
 * Reads the settings from environment variables; an empty variable counts as unset. Throws one SettingsError that lists
 * every fault, a line each, and shows no secret.
 */
export function loadSettings(
  environment: Environment,
  { readFile }: SettingsDependencies,
  needs: SettingsNeeds,
): Settings {
  const { env, source, network, headers, url } = readSecrets(environment, readFile)
  const plain = readVariables(env, createRedactor(source.seen.list))
  const read = readEntries(source, plain.values)
  const named = keyVariables(source, read.entries)
  const keys = findKeys(named, source, needs)
  const faults = [
    ...keys.faults,
    ...[url, network, headers].flatMap(({ faults }) => faults),
    ...plain.faults,
    ...read.faults,
    ...scheduleFaults(env.SYNC_SCHEDULE, needs),
    ...unknownNames(
      Object.keys(env),
      named.flatMap((name) => [name, `${name}_FILE`]),
    ),
  ]
  const { values } = plain
  if (faults.length > 0 || values === undefined) throw settingsError(faults)
  const [first, ...others] = read.entries.flatMap((entry) => sourcesOf(entry, values, keys))
  const shared = sharedScopes(first === undefined ? [] : [first, ...others])
  if (first === undefined || shared.length > 0) throw settingsError(shared)
  return {
    ...toSettings([first, ...others], values, headers.headers),
    database: { url: url.provider, dataDir: values.SYNC_DATA_DIR },
    network: withRanges(
      network.network,
      [first, ...others].map(({ baseUrl }) => baseUrl),
    ),
    secrets: source.seen.list,
  }
}

/** What is no cron expression at first sight is among the faults of the variables already. */
function scheduleFaults(text: string | undefined, { checkSchedule }: SettingsNeeds): string[] {
  const expression = readCron(text ?? '')
  if (checkSchedule === undefined || expression === undefined) return []
  try {
    checkSchedule(expression)
    return []
  } catch (error) {
    return [faultOf(error)]
  }
}

/** Where other faults hide the one source, its key is looked at all the same. */
function keyVariables(
  { env }: SecretSource,
  entries: readonly { readonly apiKeyVariable: string }[],
): string[] {
  if (entries.length === 0 && env[SOURCES_FILE] === undefined) return [API_KEY]
  return entries.map((entry) => entry.apiKeyVariable)
}

function readVariables(
  env: Record<string, string>,
  redact: (text: string) => string,
): { values?: Variables; faults: readonly string[] } {
  const result = variables.safeParse(env)
  if (result.success) return { values: result.data, faults: [] }
  return {
    faults: result.error.issues.map((issue) => {
      const name = String(issue.path[0])
      return faultLine(name, `${shownValue(env[name] ?? '', redact)} is not ${issue.message}`)
    }),
  }
}

function settingsError(faults: readonly string[]): SettingsError {
  const count = faults.length === 1 ? 'One fault' : `${faults.length} faults`
  return new SettingsError([`${count} in the settings:`, ...faults].join('\n  '))
}

function toSettings(
  sources: Settings['sources'],
  values: Variables,
  headers: Settings['api']['headers'],
): Omit<Settings, 'database' | 'network' | 'secrets'> {
  return {
    sources,
    api: {
      concurrency: values.SYNC_CONCURRENCY,
      rateLimit: values.SYNC_RATE_LIMIT,
      requestTimeoutMs: values.SYNC_REQUEST_TIMEOUT,
      retryForMs: values.SYNC_RETRY_FOR,
      headers,
    },
    sync: {
      startAt: values.SYNC_START_AT,
      leaseMs: values.SYNC_LEASE,
      schedule: values.SYNC_SCHEDULE,
      stripUrlQuery: values.SYNC_STRIP_URL_QUERY === 'true',
      omit: values.SYNC_OMIT ?? [],
      credits: values.SYNC_CREDITS === 'true',
      lookups: values.SYNC_LOOKUPS,
      goneAfterMs: values.SYNC_GONE_AFTER,
      onDelete: values.SYNC_ON_DELETE,
      reviewBelow: values.SYNC_REVIEW_BELOW,
    },
    http: { host: values.HTTP_HOST, port: values.HTTP_PORT === 0 ? null : values.HTTP_PORT },
    log: { level: values.LOG_LEVEL, format: values.LOG_FORMAT },
  }
}
