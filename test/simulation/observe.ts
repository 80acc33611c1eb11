import type pg from 'pg'
import type { List } from '../../src/lists/list.ts'
import type { Coverage } from '../../src/store/coverage.ts'
import type { Bounds } from '../../src/store/spans.ts'
import type { Instant } from '../../src/values/instant.ts'
import type { Scenario } from './draw.ts'

export interface StoredJob {
  readonly id: string
  readonly status: string | null
  readonly projectId: string | null
  readonly isDeleted: boolean
  readonly isOpen: boolean
  /** How often the job had changed by the time of what is stored. */
  readonly revision: number | null
  /** Whether it is known what it cost, or nobody asks. */
  readonly isBilled: boolean
  readonly updatedAt: Instant | null
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

/** A job of the recheck list. Times are of the database's clock. */
export interface Recheck {
  readonly due: Instant
  readonly missedAt: Instant | null
  readonly missedAgainAt: Instant | null
  readonly goneAt: Instant | null
  readonly isQuarantined: boolean
  /** It was open when it was last seen. */
  readonly isOpen: boolean
}

export interface StoredSpan extends Bounds {
  readonly freshAt: Instant
  readonly readAt: Instant | null
  /** How many readings in a row brought nothing. */
  readonly empties: number
  readonly due: Instant | null
  readonly hasBegun: boolean
  readonly isQuarantined: boolean
}

/** What the tables hold, looked at from outside. */
export interface Observed {
  readonly coverage: Coverage | null
  /** Where the open span begins, and when it was last read by the database's clock. */
  readonly head: { readonly from: Instant; readonly readAt: Instant } | null
  readonly jobs: ReadonlyMap<string, StoredJob>
  readonly runs: readonly StoredRun[]
  /** Of this source. */
  readonly rechecks: ReadonlyMap<string, Recheck>
  /** Ids on the recheck list of any source of the list. */
  readonly awaited: ReadonlySet<string>
  /** Ids of jobs that are asked for their credits one by one. */
  readonly creditChecks: ReadonlySet<string>
  /** Newest first. */
  readonly spans: readonly StoredSpan[]
  /** Projects that the source has delivered. */
  readonly projects: readonly string[]
  /** What is kept of the items that have no usable id. */
  readonly rejects: readonly string[]
  /** How often such items were seen, all together. */
  readonly rejectsSeen: number
  readonly leaseOwner: string | null
  /** Until when some process holds the lease, by the database's clock; null when it is free. */
  readonly heldUntil: Instant | null
}

/** The source of a list that is read beside the others. */
export const BESIDE = 'beside'

/** Of one round trip. Sources other than that one read the same list under several names. */
const all = (source: string, { jobs, ends, awaits, callAlone }: List, credits: boolean) => `
select id, status, project_id as "projectId", deleted_at is not null as "isDeleted",
  (extra ->> 'revision')::int as revision,
  coalesce(upper(status) <> all ('{${ends}}'), true) as "isOpen",
  ${awaits === undefined || (callAlone && !credits) ? 'true' : `${awaits} is not null`} as "isBilled", ${microseconds('updated_at')} as "updatedAt"
from llamacloud.${jobs.table};

select id, outcome, received, inserted, rejected, error,
  inserted + updated + unchanged + stale + rejected as accounted
from llamacloud_sync.runs where ${ofList(source)} order by id;

select source = '${source}' as "isOwn", job_id as id, ${microseconds('due_at')} as due, reason is not null as "isQuarantined",
  seen_at is not null as "isOpen", ${microseconds("nullif(missed_at, 'infinity')")} as "missedAt", ${microseconds('missed_again_at')} as "missedAgainAt",
  ${microseconds('gone_at')} as "goneAt"
from llamacloud_sync.rechecks where ${ofList(source)};

select ${microseconds('lower')} as lower, ${microseconds('upper')} as upper, ${microseconds('due_at')} as due,
  ${microseconds('fresh_at')} as "freshAt", ${microseconds('read_at')} as "readAt", empties,
  page_token is not null as "hasBegun", reason is not null as "isQuarantined"
from llamacloud_sync.spans where source = '${source}' order by spans.lower desc;

select payload, times_seen as seen from llamacloud_sync.rejects where ${ofList(source)};

select job_id as id from llamacloud_sync.credit_checks where ${ofList(source)};

select lease_owner as "leaseOwner", ${microseconds('lease_expires_at')} as "heldUntil",
  ${microseconds('covered_from')} as "coveredFrom", ${microseconds('watermark')} as watermark,
  ${microseconds('head_from')} as "headFrom", ${microseconds('head_read_at')} as "headReadAt",
  array(select project_id from llamacloud_sync.source_projects where source = name) as projects
from llamacloud_sync.sources where name = '${source}'
`

/** Microseconds are more than an int4 has. */
type Text<T> = {
  readonly [K in keyof T]: K extends 'empties' | 'revision'
    ? T[K]
    : T[K] extends Instant
      ? string
      : T[K] extends Instant | null
        ? string | null
        : T[K]
}

interface SourceRow {
  readonly leaseOwner: string | null
  readonly heldUntil: string | null
  readonly coveredFrom: string | null
  readonly watermark: string | null
  readonly headFrom: string | null
  readonly headReadAt: string | null
  readonly projects: readonly string[]
}

type Results = [
  pg.QueryResult<Text<StoredJob>>,
  pg.QueryResult<StoredRun>,
  pg.QueryResult<Text<Recheck> & { id: string; isOwn: boolean }>,
  pg.QueryResult<Text<StoredSpan>>,
  pg.QueryResult<{ payload: string; seen: number }>,
  pg.QueryResult<{ id: string }>,
  pg.QueryResult<SourceRow>,
]

const ofList = (source: string) => `source ${source === BESIDE ? '=' : '<>'} '${BESIDE}'`

function microseconds(column: string): string {
  return `(extract(epoch from ${column}) * 1e6)::bigint::text`
}

export async function observe(
  pool: pg.Pool,
  sourceName: string,
  { list: { list }, credits }: Pick<Scenario, 'list' | 'credits'>,
): Promise<Observed> {
  const [jobs, runs, rechecks, spans, rejects, checks, sources] = (await pool.query(
    all(sourceName, list, credits),
  )) as unknown as Results
  const source = sources.rows[0]
  return {
    ...timelineOf(source),
    jobs: new Map(jobs.rows.map((row) => [row.id, { ...row, updatedAt: instantOf(row.updatedAt) }])),
    runs: runs.rows,
    rechecks: new Map(rechecks.rows.filter(({ isOwn }) => isOwn).map((row) => [row.id, recheckOf(row)])),
    awaited: new Set(rechecks.rows.map(({ id }) => id)),
    creditChecks: new Set(checks.rows.map(({ id }) => id)),
    spans: spans.rows.map((row) => ({
      ...row,
      lower: Number(row.lower),
      upper: Number(row.upper),
      freshAt: Number(row.freshAt),
      readAt: instantOf(row.readAt),
      due: instantOf(row.due),
    })),
    projects: source?.projects ?? [],
    rejects: rejects.rows.map(({ payload }) => payload),
    rejectsSeen: rejects.rows.reduce((sum, { seen }) => sum + seen, 0),
    leaseOwner: source?.leaseOwner ?? null,
    heldUntil: instantOf(source?.heldUntil),
  }
}

function timelineOf(source: SourceRow | undefined): Pick<Observed, 'coverage' | 'head'> {
  const [coveredFrom, watermark] = [instantOf(source?.coveredFrom), instantOf(source?.watermark)]
  const [from, readAt] = [instantOf(source?.headFrom), instantOf(source?.headReadAt)]
  return {
    coverage: coveredFrom === null || watermark === null ? null : { coveredFrom, watermark },
    head: from === null || readAt === null ? null : { from, readAt },
  }
}

function recheckOf({ due, missedAt, missedAgainAt, goneAt, isQuarantined, isOpen }: Text<Recheck>): Recheck {
  return {
    due: Number(due),
    missedAt: instantOf(missedAt),
    missedAgainAt: instantOf(missedAgainAt),
    goneAt: instantOf(goneAt),
    isQuarantined,
    isOpen,
  }
}

function instantOf(text: string | null | undefined): Instant | null {
  return text === null || text === undefined ? null : Number(text)
}

/** Which version of each finished job's row there is: another one means that it was written. */
export async function rowVersions(pool: pg.Pool, { jobs, ends }: List): Promise<string> {
  const { rows } = await pool.query<{ versions: string | null }>(
    `select string_agg(id || ' ' || xmin::text || ' ' || ctid::text, ',' order by id) as versions
    from llamacloud.${jobs.table} where upper(status) = any ('{${ends}}')`,
  )
  return rows[0]?.versions ?? ''
}
