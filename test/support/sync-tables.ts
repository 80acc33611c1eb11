import type { LoggedRequest } from '../../src/simulator/request-log.ts'
import { type Coverage, loadTimeline } from '../../src/store/coverage.ts'
import { lastRuns } from '../../src/store/last-runs.ts'
import { COUNT_NAMES, type Counts } from '../../src/store/runs.ts'
import { type Bounds, newestSpans, type Span } from '../../src/store/spans.ts'
import { parseInstant } from '../../src/values/instant.ts'
import type { TestDatabase } from './database.ts'

const SOURCE = 'default'

/** The coverage, which must be there. */
export async function coverageOf({ pool }: TestDatabase): Promise<Coverage> {
  const coverage = (await loadTimeline(pool, SOURCE)).coverage
  if (!coverage) throw new Error('nothing is covered')
  return coverage
}

/** The spans that were never read, newest first: none once the history is. */
export async function unreadSpans({ pool }: TestDatabase): Promise<Span[]> {
  const all = await newestSpans(pool, SOURCE, 10_000)
  return all.filter(({ readAt }) => readAt === null)
}

/** The spans whose listing is under way, newest first. */
export async function begunSpansOf({ pool }: TestDatabase): Promise<Span[]> {
  const all = await newestSpans(pool, SOURCE, 10_000)
  return all.filter(({ pageToken }) => pageToken !== null)
}

/** How many misses that count each job of the recheck list has, by id: 0 to 2. */
export async function missesOf({ pool }: TestDatabase): Promise<Record<string, number>> {
  const { rows } = await pool.query<{ id: string; misses: number }>(
    `select job_id as id, num_nonnulls(nullif(missed_at, 'infinity'), missed_again_at) as misses
    from llamacloud_sync.rechecks where gone_at is null order by job_id`,
  )
  return Object.fromEntries(rows.map(({ id, misses }) => [id, misses]))
}

export async function latestRun({ pool }: TestDatabase) {
  const [run] = await lastRuns(pool, SOURCE, 1)
  if (!run) throw new Error('there was no run')
  return run
}

/** All runs' counts added up. */
export async function totalCounts({ pool }: TestDatabase): Promise<Counts> {
  const sums = COUNT_NAMES.map((name) => `sum(${name})::int as ${name}`)
  const { rows } = await pool.query<Counts>(`select ${sums.join(', ')} from llamacloud_sync.runs`)
  return rows[0]!
}

/** Every run of the table for which I7 does not add up. */
export async function unaccountedRuns({ pool }: TestDatabase): Promise<unknown[]> {
  const { rows } = await pool.query(
    `select * from llamacloud_sync.runs where received <> inserted + updated + unchanged + stale + rejected`,
  )
  return rows
}

export async function countJobs({ pool }: TestDatabase): Promise<number> {
  const { rows } = await pool.query<{ count: number }>('select count(*) from llamacloud.classify_jobs')
  return rows[0]!.count
}

/** Status by id. */
export async function statusesOf({ pool }: TestDatabase): Promise<Record<string, string>> {
  const { rows } = await pool.query<{ id: string; status: string }>(
    'select id, status from llamacloud.classify_jobs order by id',
  )
  return Object.fromEntries(rows.map(({ id, status }) => [id, status]))
}

/** A request for jobs by id, as its ids; undefined for a listing by time. */
export function idsAskedFor({ query }: LoggedRequest): string[] | undefined {
  return query.has('job_ids') ? query.getAll('job_ids') : undefined
}

/** The span that a listing asked for; the open one has no upper end. */
export function spanAskedFor({ query }: LoggedRequest): Bounds {
  const bound = (name: string) => parseInstant(query.get(`created_at_on_or_${name}`) ?? '')
  const lower = bound('after')
  if (lower === undefined) throw new Error(`a listing without bounds: ${query}`)
  return { lower, upper: bound('before') ?? Number.POSITIVE_INFINITY }
}

/** Whether a request lists a closed span. */
export function isOfSpan(query: URLSearchParams): boolean {
  return query.has('created_at_on_or_before')
}
