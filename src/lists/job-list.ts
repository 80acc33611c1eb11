import type { Pool } from 'pg'
import type { Api } from '../api/client.ts'
import { MOST_ITEMS } from '../api/page-size.ts'
import { REDACTED } from '../redact.ts'
import { extentOf, type JobTable } from '../store/listed-jobs.ts'
import { sumUpDays } from '../store/sums.ts'
import type { Comparison, FieldDifference, JobList, ListQuery, Written } from '../sync/job-list.ts'
import { formatInstant, parseInstant } from '../values/instant.ts'
import { isJsonObject, type JsonValue } from '../values/json.ts'
import { resolveDuplicates } from './batch.ts'
import { unbilled } from './billing.ts'
import type { Job } from './columns.ts'
import { createComparison } from './compare.ts'
import { createJobDecoder } from './decode.ts'
import { createMarking, type OnDelete } from './gone.ts'
import type { List } from './list.ts'
import { hasUnstored, omit } from './omit.ts'
import { SharedWriter } from './shared.ts'
import { stripUrlQuery, withQueriesHidden } from './strip-url-query.ts'
import { createUpsert } from './upsert.ts'

export interface JobListOptions {
  readonly api: Pick<Api, 'readPage' | 'pageSize'>
  /** 1..100 */
  readonly pageSize: number
  readonly projectId: string | null
  readonly organizationId: string | null
  readonly configurationId: string | null
  /** Stores the URLs of documents without their query. */
  readonly stripUrlQuery: boolean
  readonly onDelete: OnDelete
  /** Columns that stay null. */
  readonly omitted: ReadonlySet<string>
  /** Where to look up when jobs were created; only for lists that take no ids. */
  readonly pool?: Pool
}

const NOTHING_WRITTEN: Written = {
  inserted: 0,
  updated: 0,
  unchanged: 0,
  stale: 0,
  openIds: [],
  insertedIds: [],
  doubtfulIds: [],
  revisedIds: [],
  unbilled: [],
}

/** A declared list, as the engine wants a job list. */
export function createJobList(list: List, options: JobListOptions): JobList<Job> {
  const { api, pageSize, omitted } = options
  const documents = list.shared && new SharedWriter(list.shared)
  const upsert = createUpsert(list)
  const compare = createComparison(list)
  const omits = omitted.size > 0 || hasUnstored(list.fields)
  const scope = {
    ...(options.projectId === null ? {} : { project_id: options.projectId }),
    ...(options.organizationId === null ? {} : { organization_id: options.organizationId }),
    ...(options.configurationId === null ? {} : { configuration_id: options.configurationId }),
  }
  const table = { name: `llamacloud.${list.jobs.table}`, byConfiguration: list.byConfiguration }
  const sendable = async (query: ListQuery): Promise<ListQuery> =>
    query.ids === undefined || list.asksById ? query : whereCreated(query, options.pool, table)
  return {
    table,
    asksById: list.asksById,
    pageSize: api.pageSize,
    readPage: async (query, signal) => {
      const sent = await sendable(query)
      const parameters = { ...scope, ...parametersOf(sent) }
      const { attempts, aside = false } = query
      const page = await api.readPage(
        (client, init, items) => list.call(client, { ...parameters, page_size: items }, init).asResponse(),
        { items: pageSizeFor(sent, pageSize), signal, attempts, aside },
      )
      if (omits) for (const item of page.items) omit(item, list.fields, omitted)
      if (options.stripUrlQuery) page.items.forEach(stripUrlQuery)
      return sent === query ? page : { ...page, items: onlyOf(page.items, query.ids ?? []) }
    },
    decode: createJobDecoder(list),
    write: async (client, source, observed, { overlap }) => {
      if (observed.length === 0) return NOTHING_WRITTEN
      const { jobs, unchanged, stale, doubtfulIds } = resolveDuplicates(observed, { list, overlap })
      await documents?.write(client, jobs)
      const written = await upsert(client, source, jobs, overlap).catch((error: unknown) => {
        documents?.forget()
        throw error
      })
      return {
        ...written,
        unchanged: written.unchanged + unchanged,
        stale: written.stale + stale,
        doubtfulIds: [...new Set([...doubtfulIds, ...written.doubtfulIds])],
        unbilled: unbilled(list, omitted, jobs),
      }
    },
    sumUp: async (pool, clock) => {
      if (list.sums) await sumUpDays(pool, list.sums, clock)
    },
    forget: () => documents?.forget(),
    markGone: createMarking(list, options.onDelete),
    compare: async (...asked) => (await compare(...asked)).map((job) => withHidden(job, options)),
  }
}

/** What is stored may be older than the settings that keep it out of the tables now. */
function withHidden<C extends Comparison>(
  comparison: C,
  { omitted, stripUrlQuery: strips }: Pick<JobListOptions, 'omitted' | 'stripUrlQuery'>,
): C {
  const hidden = ({ field, stored }: FieldDifference) => {
    if (stored !== null && omitted.has(field)) return REDACTED
    return strips ? withQueriesHidden(stored) : stored
  }
  const fields = comparison.fields.map((each) => ({ ...each, stored: hidden(each) }))
  return { ...comparison, fields }
}

/** The listing in which these ids are to be found: where they were created, or all where that is not known. */
async function whereCreated(
  { ids = [], lower: _, upper: __, ...query }: ListQuery,
  pool: Pool | undefined,
  table: JobTable,
): Promise<ListQuery> {
  const extent = pool ? await extentOf(pool, table, ids) : null
  const [lower, upper] = [extent?.lower, extent?.upper].map((text) =>
    parseInstant(text?.replace(' ', 'T') ?? ''),
  )
  return lower === undefined || upper === undefined ? query : { ...query, lower, upper }
}

function onlyOf(items: readonly JsonValue[], ids: readonly string[]): JsonValue[] {
  return items.filter((item) => isJsonObject(item) && typeof item.id === 'string' && ids.includes(item.id))
}

/** Jobs asked for by id come in one page, so that a small page size does not cost more requests. */
function pageSizeFor({ ids, pageItems = MOST_ITEMS }: ListQuery, pageSize: number): number {
  return ids === undefined ? Math.min(pageSize, pageItems) : Math.max(1, Math.min(MOST_ITEMS, ids.length))
}

function parametersOf({ lower, upper, ids, pageToken }: ListQuery) {
  return {
    ...(lower === undefined ? {} : { created_at_on_or_after: formatInstant(lower) }),
    ...(upper === undefined ? {} : { created_at_on_or_before: formatInstant(upper) }),
    ...(ids === undefined ? {} : { job_ids: [...ids] }),
    ...(pageToken === undefined ? {} : { page_token: pageToken }),
  }
}
