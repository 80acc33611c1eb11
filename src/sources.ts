import { randomBytes } from 'node:crypto'
import { hostname } from 'node:os'
import type { ApiStats } from './api/counters.ts'
import { createPaces } from './api/pace.ts'
import { createRooms } from './api/room.ts'
import { systemClock } from './clock.ts'
import type { Settings, SourceSettings } from './config.ts'
import { SettingsError } from './errors.ts'
import { createJobList } from './lists/job-list.ts'
import type { List } from './lists/list.ts'
import { LISTS, listNamed, omittedOf } from './lists/lists.ts'
import { createRedactor } from './redact.ts'
import { type ApiParts, apiOf } from './sources/client.ts'
import { lookUpOf, scopeOf } from './sources/names.ts'
import type { Database } from './store/database.ts'
import { explainStoreError } from './store/database-error.ts'
import { busyMs } from './store/pool.ts'
import type { Counts } from './store/runs.ts'
import type { Source } from './sync/source.ts'

export interface SourceDependencies extends Pick<ApiParts, 'log' | 'clock' | 'fetch' | 'random'> {
  /** Those that can be synced: every one that is declared, unless others are given. */
  readonly lists?: readonly List[]
  readonly database: Pick<Database, 'url' | 'pool'>
  readonly onProgress?: (progress: Parameters<Source['onProgress']>[0], source: string) => void
  /** What a source's commits counted, as they come. */
  readonly onCounts?: (counts: Partial<Counts>, source: string) => void
}

/** A source whose requests can be told apart by how they ended. */
export interface CountedSource extends Source {
  readonly requests: () => ApiStats
  /** Reads the names that are due, for all lists of the scope. Never rejects; nothing is to wait for it. */
  readonly lookUp?: (signal: AbortSignal) => Promise<void>
}

/** Every source of the settings, in their order. Those with the same API and key share one pace. Makes no request. */
export function createSources(
  settings: Settings,
  dependencies: SourceDependencies,
): readonly [CountedSource, ...CountedSource[]] {
  const { concurrency, rateLimit } = settings.api
  const paces = createPaces({ clock: dependencies.clock, concurrency, rate: rateLimit })
  const rooms = createRooms()
  const owner = workerName()
  const namesOf = (source: SourceSettings) =>
    settings.sources.filter((other) => scopeOf(other) === scopeOf(source)).map(({ name }) => name)
  const create = (source: SourceSettings) => {
    const log =
      settings.sources.length === 1 ? dependencies.log : dependencies.log.child({ source: source.name })
    const pace = paces(source.baseUrl, keyOrNothing(source))
    const parts = { ...dependencies, log, pace, rooms, owner }
    const made = createSource(settings, source, parts)
    const [lead, ...others] = namesOf(source)
    return lead === source.name ? { ...made, lookUp: lookUpOf(settings, source, { ...parts, others }) } : made
  }
  const [first, ...others] = settings.sources
  return [create(first), ...others.map(create)]
}

/** A key that cannot be read now is reported by the cycle that needs it, and stops no other source. */
function keyOrNothing({ name, apiKey }: SourceSettings): string {
  try {
    return apiKey()
  } catch {
    return `of ${name}`
  }
}

/** The client of a source and its job list, with pace and room of its own unless they are given. Makes no request. */
export function connectSource(
  settings: Settings,
  source: SourceSettings,
  parts: ApiParts & Pick<SourceDependencies, 'lists'>,
) {
  const { lists = LISTS } = parts
  const { baseUrl, projectId = null, organizationId = null, configurationId = null, pageSize } = source
  const api = apiOf(settings, source, parts)
  const scope = { list: source.list, baseUrl, projectId, organizationId, configurationId }
  const { stripUrlQuery, onDelete, omit, credits } = settings.sync
  const list = listFor(source, lists)
  const omitted = omittedOf(list, omit, lists)
  return {
    api,
    scope,
    jobs: createJobList(list, { api, pageSize, ...scope, stripUrlQuery, onDelete, omitted, credits }),
  }
}

/** @throws SettingsError where a list cannot be read as the settings say */
export function assertLists({ sources, sync }: Settings): void {
  for (const source of sources) omittedOf(listFor(source, LISTS), sync.omit, LISTS)
}

function listFor({ name, list, configurationId }: SourceSettings, lists: readonly List[]): List {
  const found = listNamed(list, lists)
  if (configurationId === undefined || found.byConfiguration) return found
  throw new SettingsError(
    `The source "${name}" cannot be narrowed to a configuration: the API has no such filter for the list ${list}. ` +
      'Unset LLAMA_CLOUD_CONFIGURATION_ID, or give the list a source without it in SYNC_SOURCES_FILE.',
  )
}

/** Puts one source together from its settings: client, pace, job list and store. */
function createSource(
  settings: Settings,
  source: SourceSettings,
  dependencies: SourceDependencies & Required<ApiParts> & { readonly owner: string },
): CountedSource {
  const { database, log, clock, onCounts, onProgress } = dependencies
  const { name, pageSize } = source
  const { api, scope, jobs } = connectSource(settings, source, dependencies)
  return {
    name,
    scope,
    isOneOfMany: source.isOneOfMany,
    pool: database.pool,
    jobs,
    apiClock: api.upstreamClock,
    renewKey: api.renewKey,
    requests: api.stats,
    usage: () => {
      const { requests, retries, bytes, waitedMs: apiMs } = api.stats()
      const ownMs = performance.eventLoopUtilization().active
      const databaseMs = busyMs(database.pool)
      return { requests, retries, bytes, apiMs, databaseMs, ownMs, durationMs: clock.monotonic() }
    },
    clock,
    leaseClock: systemClock,
    leaseMs: settings.sync.leaseMs,
    owner: dependencies.owner,
    options: {
      startAt: source.startAt,
      overlap: source.overlapUs,
      concurrency: settings.api.concurrency,
      pageSize,
      reconcileEveryMs: source.reconcileEveryMs,
      goneAfterMs: settings.sync.goneAfterMs,
    },
    random: dependencies.random,
    onProgress: (progress) => onProgress?.(progress, name),
    onCounts: (counts) => onCounts?.(counts, name),
    explain: (error) => explainStoreError(error, database.url, createRedactor(settings.secrets)),
    log,
  }
}

/** Unique even where many workers share a host name and a process number, as in containers. */
function workerName(): string {
  return `${hostname()}/${process.pid}/${randomBytes(4).toString('hex')}`
}
