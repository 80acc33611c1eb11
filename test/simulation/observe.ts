import type pg from 'pg'
import type { Coverage } from '../../src/store/coverage.ts'
import type { Instant } from '../../src/values/instant.ts'

export interface StoredJob {
  readonly id: string
  readonly status: string | null
  readonly isDeleted: boolean
  readonly isOpen: boolean
  /** How often the job had changed by the time of what is stored. */
  readonly revision: number | null
}

export interface StoredRun {
  readonly id: number
  readonly outcome: string
  readonly received: number
  readonly inserted: number
  readonly rejected: number
  readonly accounted: number
  readonly error: string | null
}

/** What the tables hold, looked at from outside. */
export interface Observed {
  readonly coverage: Coverage | null
  readonly jobs: ReadonlyMap<string, StoredJob>
  readonly runs: readonly StoredRun[]
  /** When each open job is due, by the API's clock. */
  readonly openJobs: ReadonlyMap<string, Instant>
  /** In how many runs each was asked for in vain. */
  readonly misses: ReadonlyMap<string, number>
  readonly hasWalk: boolean
  /** Whether a window stands in the middle of its listing. */
  readonly hasBegunWindow: boolean
  /** What is kept of the items that have no usable id. */
  readonly rejects: readonly string[]
  /** How often such items were seen, all together. */
  readonly rejectsSeen: number
  readonly leaseOwner: string | null
  /** Until when some process holds the lease, by the database's clock; null when it is free. */
  readonly heldUntil: Instant | null
}

/** Of one round trip. */
const ALL = `
select id, status, deleted_at is not null as "isDeleted", (extra ->> 'revision')::int as revision,
  coalesce(status <> all ('{COMPLETED,FAILED,CANCELLED}'), true) as "isOpen"
from llamacloud.classify_jobs;

select id, outcome, received, inserted, rejected, error,
  inserted + updated + unchanged + stale + rejected as accounted
from llamacloud_sync.runs order by id;

select job_id as id, misses, ${microseconds('next_check_at')} as due from llamacloud_sync.open_jobs;

select payload, times_seen as seen from llamacloud_sync.rejects;

select lease_owner as "leaseOwner", ${microseconds('lease_expires_at')} as "heldUntil",
  ${microseconds('covered_from')} as "coveredFrom", ${microseconds('watermark')} as watermark,
  exists (select from llamacloud_sync.walks) as "hasWalk",
  exists (select from llamacloud_sync.windows where page_token is not null) as "hasBegunWindow"
from llamacloud_sync.sources
`

interface SourceRow {
  readonly leaseOwner: string | null
  readonly heldUntil: string | null
  readonly coveredFrom: string | null
  readonly watermark: string | null
  readonly hasWalk: boolean
  readonly hasBegunWindow: boolean
}

type Results = [
  pg.QueryResult<StoredJob>,
  pg.QueryResult<StoredRun>,
  pg.QueryResult<{ id: string; due: string; misses: number }>,
  pg.QueryResult<{ payload: string; seen: number }>,
  pg.QueryResult<SourceRow>,
]

function microseconds(column: string): string {
  return `(extract(epoch from ${column}) * 1e6)::bigint::text`
}

export async function observe(pool: pg.Pool): Promise<Observed> {
  const [jobs, runs, open, rejects, sources] = (await pool.query(ALL)) as unknown as Results
  const source = sources.rows[0]
  return {
    coverage: coverageOf(source),
    jobs: new Map(jobs.rows.map((row) => [row.id, row])),
    runs: runs.rows,
    openJobs: new Map(open.rows.map(({ id, due }) => [id, Number(due)])),
    misses: new Map(open.rows.map(({ id, misses }) => [id, misses])),
    hasWalk: source?.hasWalk ?? false,
    hasBegunWindow: source?.hasBegunWindow ?? false,
    rejects: rejects.rows.map(({ payload }) => payload),
    rejectsSeen: rejects.rows.reduce((sum, { seen }) => sum + seen, 0),
    leaseOwner: source?.leaseOwner ?? null,
    heldUntil: source?.heldUntil ? Number(source.heldUntil) : null,
  }
}

function coverageOf(source: SourceRow | undefined): Coverage | null {
  if (!source?.coveredFrom || !source.watermark) return null
  return { coveredFrom: Number(source.coveredFrom), watermark: Number(source.watermark) }
}

/** Which version of each row there is: another one means that it was written. */
export async function rowVersions(pool: pg.Pool): Promise<string> {
  const { rows } = await pool.query<{ versions: string | null }>(
    `select string_agg(id || ' ' || xmin::text || ' ' || ctid::text, ',' order by id) as versions
    from llamacloud.classify_jobs`,
  )
  return rows[0]?.versions ?? ''
}
