import type { Pool, PoolClient } from 'pg'
import type { PageSize } from '../api/page-size.ts'
import type { Page } from '../api/request.ts'
import type { JobTable } from '../store/listed-jobs.ts'
import type { Sums } from '../store/sums.ts'
import type { Instant } from '../values/instant.ts'
import type { JsonValue } from '../values/json.ts'

/**
 * What the engine needs of a job list; a folder such as `lists/classify/` offers one. The engine knows when to read what and
 * how to commit it; the job list knows how its API is asked, what an item means and which tables hold it.
 */
export interface JobList<Job extends ListedJob = ListedJob> {
  readonly table: JobTable
  /** Whether the API takes many ids in one request. Where it takes none, each is looked for where it was created. */
  readonly asksById: boolean
  /** Only where a request for a single job tells what the list leaves out. */
  readonly alone?: {
    /**
     * Takes the next turn of the share of the rate that such requests have: its time by `clock.monotonic()`, or undefined
     * where that is after `until`. Null where the settings want no such requests.
     */
    readonly reserve: ((until: number) => number | undefined) | null
  }
  /** How many items a reply may hold, as they are large or small (A23). */
  readonly pageSize: PageSize
  /** Reads one page. Retried and paced inside; what it throws is final. Its room is to be given back, unless it is read aside. */
  readPage(query: ListQuery, signal: AbortSignal): Promise<Page>
  /** Tells a storable item from one that is not (I9). */
  decode(item: JsonValue): DecodedItem<Job>
  /** Writes a batch, in which ids may repeat, within the caller's transaction (I4, I5, I7). */
  write(
    client: PoolClient,
    source: string,
    batch: readonly Observed<Job>[],
    options: WriteOptions,
  ): Promise<Written>
  /**
   * Marks jobs as gone upstream, as observed at `at` (canonical text); returns how many were not marked before. A mark is
   * lifted by a later observation of the job, and by none made earlier (I4).
   */
  markGone(client: PoolClient, ids: readonly string[], at: string): Promise<number>
  /** What is summed up for readers of days that no longer change. */
  readonly sums: Sums | null
  /** What the list remembers of the database may no longer be true: commits were lost, or rows removed. */
  forget(): void
  /** Compares jobs, each id once, with what is stored, field by field; returns only those that differ. Writes nothing. */
  compare(pool: Pool, source: string, jobs: readonly Job[]): Promise<Comparison[]>
}

export interface ListQuery {
  /** Inclusive bounds of created_at. */
  readonly lower?: Instant
  readonly upper?: Instant
  readonly ids?: readonly string[]
  /** The one id is asked for alone, at a time that was reserved for it. */
  readonly alone?: boolean
  readonly pageToken?: string
  /** At most so many items a page. */
  readonly pageItems?: number | undefined
  /** `one`: a failure is not retried. */
  readonly attempts?: 'one' | undefined
  /** What comes is looked at and dropped, while a page may wait for it: it has room of its own. */
  readonly aside?: boolean
}

/** How a job differs from what is stored of it. */
export interface Comparison {
  readonly id: string
  readonly missing: boolean
  /** It is marked as deleted although the API shows it. */
  readonly deleted: boolean
  /** The API's updated_at is greater, or unknown on either side: a change that a worker may have yet to see. */
  readonly behind: boolean
  /** It is among those to be asked for again by id. */
  readonly open: boolean
  readonly fields: readonly FieldDifference[]
}

export interface FieldDifference {
  readonly field: string
  readonly api: unknown
  readonly stored: unknown
}

export interface ListedJob {
  readonly id: string
  readonly projectId: string | null
  /** Canonical text as by `formatTimestamp`, or null where the API gave none (A11). */
  readonly createdAt: string | null
  /** Only of lists that can be narrowed to a configuration. */
  readonly configurationId?: unknown
}

export type DecodedItem<Job> = { readonly job: Job } | { readonly reject: string }

/** What of a page is a job (I9). */
export function jobsIn(jobList: Pick<JobList, 'decode'>, { items }: Pick<Page, 'items'>): ListedJob[] {
  return items.flatMap((item) => {
    const decoded = jobList.decode(item)
    return 'job' in decoded ? [decoded.job] : []
  })
}

/** A job as one request saw it. */
export interface Observed<Job> {
  readonly job: Job
  /** When the request was about to be sent, by the database's clock, as canonical text. */
  readonly observedAt: string
}

export interface WriteOptions {
  /** How late a job, or a change of it, may become visible: of observations further apart than twice that, the later wins. */
  readonly overlap: Instant
}

export interface Written {
  readonly inserted: number
  readonly updated: number
  readonly unchanged: number
  readonly stale: number
  /** Ids of the batch whose stored job is open, that is, can still change. All others are terminal. */
  readonly openIds: readonly string[]
  /** Ids stored for the first time. */
  readonly insertedIds: readonly string[]
  /**
   * Ids of which an earlier observation won over a later one, by updated_at, which can step back (A16). Those that are not
   * open are to be asked for again when the two are long past.
   */
  readonly doubtfulIds: readonly string[]
  /** Ids whose stored content changed although the job was terminal. */
  readonly revisedIds: readonly string[]
  /** Finished jobs whose credits may still come or change. */
  readonly ended: readonly Ended[]
}

/** A finished job, and when it is asked for its credits, by the database's clock. */
export interface Ended {
  readonly id: string
  /** Credits are stored. They may change once more. */
  readonly isBilled: boolean
  /** It ended anew: all that was asked for before says nothing. */
  readonly hasChanged: boolean
  /** If it was never asked for alone; undefined: at once. */
  readonly first: Instant | undefined
  /** If it was asked for just now; undefined: no more. */
  readonly next: Instant | undefined
}
