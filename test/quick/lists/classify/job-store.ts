import { PageSize } from '../../../../src/api/page-size.ts'
import type { ObservedJob } from '../../../../src/lists/batch.ts'
import type { Configuration } from '../../../../src/lists/classify/decode-configuration.ts'
import { classify } from '../../../../src/lists/classify/list.ts'
import type { OnDelete } from '../../../../src/lists/gone.ts'
import { createJobList } from '../../../../src/lists/job-list.ts'
import { transaction } from '../../../../src/store/pool.ts'
import type { Written } from '../../../../src/sync/job-list.ts'
import { formatInstant, MINUTE, parseInstant, SECOND } from '../../../../src/values/instant.ts'
import type { TestDatabase } from '../../../support/database.ts'
import { type ClassifyJob, NOTHING } from '../../../support/decode-item.ts'
import { createMigratedDatabase } from '../../../support/migrated-database.ts'

const START = parseInstant('2026-03-02T08:00:00Z')!

export const OVERLAP = 5 * MINUTE

/** The moment this many seconds into the test, as canonical text. */
export const at = (seconds: number): string => formatInstant(START + Math.round(seconds * SECOND))

/** An observation of a job with these fields; those not named are null, and the id is `j1`. */
export const seen = (
  seconds: number,
  fields: Partial<ClassifyJob> = {},
): ObservedJob & { readonly job: ClassifyJob } => ({
  job: { ...NOTHING, ...fields } as ClassifyJob,
  observedAt: at(seconds),
})

export const configuration = (hash: string, rules: Configuration['rules'] = []): Configuration => ({
  hash,
  document: `{"hash":"${hash}"}`,
  mode: 'FAST',
  lang: 'en',
  maxPages: 3,
  targetPages: '1,3',
  ruleCount: rules.length,
  rules,
})

export interface StoredJob {
  readonly id: string
  readonly source: string
  readonly status: string | null
  readonly result_type: string | null
  readonly updated_at: string | null
  readonly first_seen_at: string
  readonly synced_at: string
  readonly deleted_at: string | null
}

/** What every write tells; of more, tests ask where it is of interest. */
export type Counted = Pick<Written, 'inserted' | 'updated' | 'unchanged' | 'stale' | 'openIds'>

export const NONE_WRITTEN: Counted = { inserted: 0, updated: 0, unchanged: 0, stale: 0, openIds: [] }

export const counted = ({ inserted, updated, unchanged, stale, openIds }: Written): Counted => ({
  inserted,
  updated,
  unchanged,
  stale,
  openIds,
})

export interface JobStore {
  readonly database: TestDatabase
  /** A batch in a transaction of its own, as the engine commits one. */
  write(batch: readonly ObservedJob[], options?: { source?: string; overlap?: number }): Promise<Counted>
  /** Of the latest write, sorted. */
  doubtful(): readonly string[]
  job(id?: string): Promise<StoredJob>
  /** In the order of observation, without their numbers. */
  changes(): Promise<Record<string, string | number | null>[]>
  clear(): Promise<void>
}

const moment = (column: string) =>
  `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as ${column}`

export const classifyJobs = (onDelete: OnDelete = 'keep') =>
  createJobList(classify, {
    api: {
      pageSize: new PageSize(),
      readPage: () => Promise.reject(new Error('these tests read nothing')),
      reserve: () => undefined,
    },
    pageSize: 100,
    projectId: null,
    organizationId: null,
    configurationId: null,
    stripUrlQuery: false,
    onDelete,
    omitted: new Set(),
    credits: false,
  })

export async function createJobStore(): Promise<JobStore> {
  const database = await createMigratedDatabase()
  const { pool } = database
  const list = classifyJobs()
  let doubtful: readonly string[] = []
  return {
    database,
    write: async (batch, { source = 'one', overlap = OVERLAP } = {}) => {
      const written = await transaction(pool, (client) => list.write(client, source, batch, { overlap }))
      doubtful = written.doubtfulIds.toSorted()
      return counted(written)
    },
    doubtful: () => doubtful,
    job: async (id = 'j1') => {
      const { rows } = await pool.query<StoredJob>(
        `select id, source, status, result_type, ${['updated_at', 'first_seen_at', 'synced_at', 'deleted_at'].map(moment)}
        from llamacloud.classify_jobs where id = $1`,
        [id],
      )
      return rows[0]!
    },
    changes: async () => {
      const { rows } = await pool.query<Record<string, string | number | null>>(
        `select event, job_id, from_status, to_status, from_result_type, to_result_type, from_result_confidence, to_result_confidence,
          ${['observed_at', 'from_updated_at', 'to_updated_at'].map(moment)}
        from llamacloud.classify_job_changes order by id`,
      )
      return rows
    },
    clear: async () => {
      await pool.query('truncate llamacloud.classify_jobs, llamacloud.classify_job_changes')
    },
  }
}
