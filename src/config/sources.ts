import { REGION_BASE_URLS } from '../api/regions.ts'
import { SettingsError } from '../errors.ts'
import { createRedactor } from '../redact.ts'
import { MILLISECOND } from '../values/instant.ts'
import { SOURCES_FILE } from './catalogue.ts'
import { faultLine, faultOf } from './faults.ts'
import {
  API_KEY,
  apiKeyKind,
  readTextFile,
  type SecretProvider,
  type SecretSource,
  secretProvider,
} from './secrets.ts'
import type { SettingsNeeds, SourceSettings } from './settings.ts'
import { parseSourcesFile, type SourceEntry, type SourcesFile } from './sources-file.ts'
import type { Variables } from './variables.ts'

/** What describes the one source, and would be silently without effect beside a file of sources. */
const OF_ONE_SOURCE = [
  'SYNC_SOURCE',
  'LLAMA_CLOUD_PROJECT_ID',
  'LLAMA_CLOUD_ORGANIZATION_ID',
  'LLAMA_CLOUD_CONFIGURATION_ID',
] as const

/** The entries of SYNC_SOURCES_FILE, or the one source that the variables describe; `undefined` without `values`. */
export function readEntries(source: SecretSource, values: Variables | undefined): SourcesFile {
  const path = source.env[SOURCES_FILE]
  if (path === undefined) return { entries: values === undefined ? [] : [entryOf(values)], faults: [] }
  const also = OF_ONE_SOURCE.filter((name) => source.env[name] !== undefined)
  const faults = also.map((name) =>
    faultLine(name, `is set, and so is ${SOURCES_FILE}: move it into that file`),
  )
  try {
    const file = parseSourcesFile(readTextFile(SOURCES_FILE, path, source), createRedactor(source.seen.list))
    return { entries: file.entries, faults: [...faults, ...file.faults] }
  } catch (error) {
    return { entries: [], faults: [...faults, faultOf(error)] }
  }
}

function entryOf(values: Variables): SourceEntry {
  return {
    name: values.SYNC_SOURCE,
    apiKeyVariable: API_KEY,
    projectId: values.LLAMA_CLOUD_PROJECT_ID,
    organizationId: values.LLAMA_CLOUD_ORGANIZATION_ID,
    configurationId: values.LLAMA_CLOUD_CONFIGURATION_ID,
  }
}

export interface Keys {
  readonly providerOf: (variable: string) => SecretProvider
  readonly faults: readonly string[]
}

/** Finds every key that the entries name and, if keys are needed, tries it out. */
export function findKeys(variableNames: readonly string[], source: SecretSource, needs: SettingsNeeds): Keys {
  const providers = new Map<string, SecretProvider>()
  const faults: string[] = []
  for (const name of new Set(variableNames)) {
    try {
      const provider = secretProvider({ ...apiKeyKind, name }, source)
      if (provider) providers.set(name, provider)
      if (provider === undefined && needs.apiKey) faults.push(faultLine(name, 'is not set'))
      if (needs.apiKey) provider?.()
    } catch (error) {
      faults.push(faultOf(error))
    }
  }
  return { providerOf: (name) => providers.get(name) ?? missing(name), faults }
}

function missing(name: string): SecretProvider {
  return () => {
    throw new SettingsError(faultLine(name, 'is not set'))
  }
}

/**
 * Sources that would read the same. Two coverages of one scope contradict each other, and the key is no part of it: it can
 * be rotated.
 */
export function sharedScopes(sources: readonly SourceSettings[]): string[] {
  const first = new Map<string, string>()
  return sources.flatMap(({ name, list, baseUrl, projectId, organizationId, configurationId }) => {
    const scope = JSON.stringify([list, baseUrl, projectId, organizationId, configurationId])
    const other = first.get(scope)
    if (other === undefined) {
      first.set(scope, name)
      return []
    }
    const cure =
      'have the same scope (address, projectId, organizationId, configurationId). Give each its own ' +
      'projectId, or remove one of them'
    return [faultLine(SOURCES_FILE, `the sources "${other}" and "${name}" ${cure}`)]
  })
}

/** The list whose source has the name that the settings give; the others have it with their own behind a slash. */
const NAMELESS = 'classify'

/**
 * The sources of an entry, one for each of its lists. What it leaves out is as the variables have it, but for a region of its
 * own, which has its own address.
 */
export function sourcesOf(entry: SourceEntry, values: Variables, { providerOf }: Keys): SourceSettings[] {
  const region = entry.region ?? values.LLAMA_CLOUD_REGION
  const given = entry.baseUrl ?? (entry.region === undefined ? values.LLAMA_CLOUD_BASE_URL : undefined)
  const lists = [...new Set(entry.lists ?? values.SYNC_LISTS)]
  return lists.map((list) => ({
    name: list === NAMELESS ? entry.name : `${entry.name}/${list}`,
    list,
    isOneOfMany: lists.length > 1,
    apiKey: providerOf(entry.apiKeyVariable),
    apiKeyVariable: entry.apiKeyVariable,
    baseUrl: given ?? REGION_BASE_URLS[region],
    region,
    projectId: entry.projectId,
    organizationId: entry.organizationId,
    configurationId: entry.configurationId,
    pageSize: entry.pageSize ?? values.SYNC_PAGE_SIZE,
    startAt: entry.startAt ?? values.SYNC_START_AT,
    overlapUs: (entry.overlap ?? values.SYNC_OVERLAP) * MILLISECOND,
    reconcileEveryMs: entry.reconcileEvery === undefined ? values.SYNC_RECONCILE_EVERY : entry.reconcileEvery,
  }))
}
