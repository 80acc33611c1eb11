import type { Api } from '../api/client.ts'
import { REDACTED } from '../redact.ts'
import type { Scope } from '../store/source-row.ts'
import type { Comparison, FieldDifference, JobList, Written } from '../sync/job-list.ts'
import { resolveDuplicates } from './batch.ts'
import { endedOf } from './billing.ts'
import type { Job } from './columns.ts'
import { createComparison } from './compare.ts'
import { createJobDecoder } from './decode.ts'
import { createMarking, type OnDelete } from './gone.ts'
import type { List } from './list.ts'
import { createPageReader } from './page-reader.ts'
import { SharedWriter } from './shared.ts'
import { withQueriesHidden } from './strip-url-query.ts'
import { createUpsert } from './upsert.ts'

export interface JobListOptions extends Pick<Scope, 'projectId' | 'organizationId' | 'configurationId'> {
  readonly api: Pick<Api, 'readPage' | 'pageSize' | 'reserve'>
  /** 1..100 */
  readonly pageSize: number
  /** Stores the URLs of documents without their query. */
  readonly stripUrlQuery: boolean
  readonly onDelete: OnDelete
  /** Columns that stay null. */
  readonly omitted: ReadonlySet<string>
  /** Asks for credits also where each job takes a request of its own. */
  readonly credits: boolean
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
  ended: [],
}

/** A declared list, as the engine wants a job list. */
export function createJobList(declared: List, options: JobListOptions): JobList<Job> {
  const { api, onDelete, omitted } = options
  const list = asWanted(declared, options)
  const documents = list.shared && new SharedWriter(list.shared)
  const upsert = createUpsert(list, omitted, options.credits || !list.callAlone)
  const compare = createComparison(list, omitted)
  const table = { name: `llamacloud.${list.jobs.table}`, byConfiguration: list.byConfiguration }
  return {
    table,
    asksById: list.asksById,
    pageSize: api.pageSize,
    ...(list.callAlone && { alone: { reserve: options.credits ? api.reserve : null } }),
    readPage: createPageReader(list, options),
    decode: createJobDecoder(list),
    write: async (client, source, observed, { overlap }) => {
      if (observed.length === 0) return NOTHING_WRITTEN
      const { jobs, unchanged, stale, doubtfulIds } = resolveDuplicates(observed, { list, overlap })
      await documents?.write(client, jobs)
      const written = await upsert(client, source, jobs, overlap).catch((error: unknown) => {
        documents?.forget()
        throw error
      })
      const { unbilledIds, rebilledIds, ...counts } = written
      return {
        ...counts,
        unchanged: counts.unchanged + unchanged,
        stale: counts.stale + stale,
        doubtfulIds: [...new Set([...doubtfulIds, ...counts.doubtfulIds])],
        ended: list.awaits === undefined ? [] : endedOf(list, jobs, { unbilledIds, rebilledIds }),
      }
    },
    sums: list.sums ?? null,
    forget: () => documents?.forget(),
    markGone: createMarking(list, onDelete),
    compare: async (...asked) => (await compare(...asked)).map((job) => withHidden(job, options)),
  }
}

/** Credits are not waited for where they are left out. */
function asWanted(list: List, { omitted }: Pick<JobListOptions, 'omitted'>): List {
  const { awaits, callAlone, ...rest } = list
  return awaits === undefined || omitted.has(awaits) ? rest : list
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
