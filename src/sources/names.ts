import type { Settings, SourceSettings } from '../config.ts'
import { lookUp } from '../lists/lookups/look-up.ts'
import { createRedactor } from '../redact.ts'
import type { Database } from '../store/database.ts'
import { explainStoreError } from '../store/database-error.ts'
import { type ApiParts, apiOf } from './client.ts'

/** What has the same names, whichever list and configuration is read of it. */
export function scopeOf({ baseUrl, apiKeyVariable, projectId, organizationId }: SourceSettings): string {
  return JSON.stringify([baseUrl, apiKeyVariable, projectId, organizationId])
}

/** With a client of its own: what it asks for is no part of the source's runs. */
export function lookUpOf(
  settings: Settings,
  source: SourceSettings,
  parts: ApiParts & {
    readonly database: Pick<Database, 'url' | 'pool'>
    /** Other sources of the scope. */
    readonly others: readonly string[]
  },
): (signal: AbortSignal) => Promise<void> {
  const { database, log, clock, others } = parts
  const api = apiOf(settings, source, parts)
  const options = {
    api,
    pool: database.pool,
    sources: [source.name, ...others] as const,
    projectId: source.projectId ?? null,
    organizationId: source.organizationId ?? null,
    wanted: settings.sync.lookups,
    startAt: source.startAt,
    clock,
    explain: (error: unknown) => explainStoreError(error, database.url, createRedactor(settings.secrets)),
    log,
  }
  return async (signal) => {
    try {
      api.renewKey()
    } catch {
      return // the cycle has said so
    }
    await lookUp(options, signal)
  }
}
