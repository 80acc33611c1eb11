import type { Api } from '../../api/client.ts'
import { MOST_ITEMS } from '../../api/page-size.ts'
import { type Sums, sumUpDays } from '../../store/sums.ts'
import type { JobList, ListQuery, Written } from '../../sync/job-list.ts'
import { formatInstant } from '../../values/instant.ts'
import { resolveDuplicates } from './batch.ts'
import { compareJobs } from './compare.ts'
import { ConfigurationWriter } from './configurations.ts'
import { markGone, type OnDelete } from './gone.ts'
import { createJobDecoder, type Job } from './job.ts'
import { TERMINAL_STATUSES } from './newest.ts'
import { stripUrlQuery } from './strip-url-query.ts'
import { upsertJobs } from './upsert.ts'

export interface ClassifyJobsOptions {
  readonly api: Pick<Api, 'readPage' | 'pageSize'>
  /** 1..100 */
  readonly pageSize: number
  readonly projectId: string | null
  readonly organizationId: string | null
  readonly configurationId: string | null
  /** Stores the URLs of documents without their query. */
  readonly stripUrlQuery: boolean
  readonly onDelete: OnDelete
}

export const CLASSIFY_SUMS: Sums = {
  dirtyDays: 'classify_dirty_days',
  settled: [
    ['classify_settled_sums', 'classify_sums'],
    ['classify_settled_spreads', 'classify_spreads'],
    ['classify_settled_days', 'classify_exact'],
    ['classify_settled_errors', 'classify_errors'],
  ],
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
}

/** The list of classify jobs, as the engine wants a job list. */
export function createClassifyJobs(options: ClassifyJobsOptions): JobList<Job> {
  const { api, pageSize } = options
  const configurations = new ConfigurationWriter()
  const scope = {
    ...(options.projectId === null ? {} : { project_id: options.projectId }),
    ...(options.organizationId === null ? {} : { organization_id: options.organizationId }),
    ...(options.configurationId === null ? {} : { configuration_id: options.configurationId }),
  }
  return {
    table: { name: 'llamacloud.classify_jobs', terminalStatuses: TERMINAL_STATUSES },
    pageSize: api.pageSize,
    readPage: async (query, signal) => {
      const parameters = { ...scope, ...parametersOf(query) }
      const { attempts, aside = false } = query
      const page = await api.readPage(
        (client, init, items) => client.classify.list({ ...parameters, page_size: items }, init).asResponse(),
        { items: pageSizeFor(query, pageSize), signal, attempts, aside },
      )
      if (options.stripUrlQuery) page.items.forEach(stripUrlQuery)
      return page
    },
    judge: createJobDecoder(),
    write: async (client, source, observed, { overlap }) => {
      if (observed.length === 0) return NOTHING_WRITTEN
      const { jobs, unchanged, stale, doubtfulIds } = resolveDuplicates(observed, overlap)
      await configurations.write(client, jobs)
      const written = await upsertJobs(client, source, jobs, overlap).catch((error: unknown) => {
        configurations.forget()
        throw error
      })
      return {
        ...written,
        unchanged: written.unchanged + unchanged,
        stale: written.stale + stale,
        doubtfulIds: [...new Set([...doubtfulIds, ...written.doubtfulIds])],
      }
    },
    sumUp: (pool, clock) => sumUpDays(pool, CLASSIFY_SUMS, clock),
    forget: () => configurations.forget(),
    markGone: (client, ids, at) => markGone(client, ids, at, options.onDelete),
    compare: compareJobs,
  }
}

/** Jobs asked for by id come in one page, so that a small page size does not cost more requests. */
function pageSizeFor({ ids }: ListQuery, pageSize: number): number {
  return ids === undefined ? pageSize : Math.max(1, Math.min(MOST_ITEMS, ids.length))
}

function parametersOf({ lower, upper, ids, pageToken }: ListQuery) {
  return {
    ...(lower === undefined ? {} : { created_at_on_or_after: formatInstant(lower) }),
    ...(upper === undefined ? {} : { created_at_on_or_before: formatInstant(upper) }),
    ...(ids === undefined ? {} : { job_ids: [...ids] }),
    ...(pageToken === undefined ? {} : { page_token: pageToken }),
  }
}
