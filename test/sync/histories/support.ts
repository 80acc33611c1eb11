import type { Outcome } from '../../../src/store/runs.ts'
import { reconcileOnce } from '../../../src/sync/cycle.ts'
import type { RunLimits, RunResult, Source } from '../../../src/sync/source.ts'
import { type Difference, verify } from '../../../src/sync/verify.ts'
import { HOUR, type Instant, MILLISECOND, MINUTE } from '../../../src/values/instant.ts'
import type { TestDatabase } from '../../support/database.ts'
import type { Harness } from '../../support/harness.ts'

export const UNLIMITED: RunLimits = { signal: new AbortController().signal, maxRuntimeMs: null }
export const PROJECT = '11111111-1111-4111-8111-111111111111'
export const OTHER_PROJECT = '99999999-9999-4999-8999-999999999999'

/** How a run ended, and what it cost. */
export interface Cycle {
  readonly at: Instant
  readonly outcome: Outcome | 'busy' | 'degraded'
  readonly error: Error | null
  readonly requests: number
}

type Work = (source: Source, limits: RunLimits) => Promise<RunResult>

export interface CycleOptions {
  readonly source?: Source
  readonly limits?: Partial<RunLimits>
  /** A cycle when left out. */
  readonly work?: Work
}

/** Runs once; a failure is told, not thrown. */
export async function runOnce(harness: Harness, options: CycleOptions = {}): Promise<Cycle> {
  const { source = harness.source, limits = {}, work = harness.sync } = options
  const before = harness.api.requests.total
  const at = harness.now()
  const end = await work(source, { ...UNLIMITED, ...limits }).then(
    ({ outcome }) => ({ outcome, error: null }),
    (error: Error) => ({ outcome: 'failed' as const, error }),
  )
  return { at, ...end, requests: harness.api.requests.total - before }
}

/** One with everything due. */
export function reconciled(harness: Harness, options: Omit<CycleOptions, 'work'> = {}): Promise<Cycle> {
  return runOnce(harness, { ...options, work: reconcileOnce })
}

export interface CyclesOptions extends CycleOptions {
  readonly during: Instant
  /** 5 minutes when left out. */
  readonly every?: Instant
  /** After each of them. */
  readonly each?: (cycle: Cycle) => Promise<void> | void
}

/** Cycles at a steady pace: the first after `every`, the last when `during` is over. */
export async function cycles(harness: Harness, options: CyclesOptions): Promise<Cycle[]> {
  const { during, every = 5 * MINUTE, each } = options
  const ran: Cycle[] = []
  const end = harness.now() + during
  for (let at = harness.now() + every; at <= end; at += every) {
    harness.advance(Math.max(0, at - harness.now()))
    const cycle = await runOnce(harness, options)
    ran.push(cycle)
    await each?.(cycle)
  }
  return ran
}

/** Of these runs, those that failed, as texts. */
export const failures = (ran: readonly Cycle[]) => ran.flatMap(({ error }) => (error ? [String(error)] : []))

export const requestsOf = (ran: readonly Cycle[]) => ran.reduce((sum, { requests }) => sum + requests, 0)

/** Half of the runs took no more than this. */
export function medianRequests(ran: readonly Cycle[]): number {
  const sorted = ran.map(({ requests }) => requests).toSorted((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? 0
}

/** Ids of the rows that are marked as gone, sorted. */
export function markedIds(database: TestDatabase): Promise<string[]> {
  return ids(database, 'select id from llamacloud.classify_jobs where deleted_at is not null')
}

/** Ids that were missed, and of which it is not believed yet that they are gone. */
export function heldIds(database: TestDatabase): Promise<string[]> {
  const sql = `select distinct job_id as id from llamacloud_sync.rechecks where missed_at is not null and gone_at is null`
  return ids(database, sql)
}

/** Ids in quarantine. */
export function quarantinedIds(database: TestDatabase): Promise<string[]> {
  return ids(database, 'select job_id as id from llamacloud_sync.rechecks where quarantined_at is not null')
}

/** Spans in quarantine as `lower .. upper` in microseconds since 1970, oldest first. */
export async function quarantinedSpans({ pool }: TestDatabase): Promise<{ lower: number; upper: number }[]> {
  const { rows } = await pool.query<{ lower: string; upper: string }>(
    `select (extract(epoch from lower) * 1000000)::bigint::text as lower,
      (extract(epoch from upper) * 1000000)::bigint::text as upper
    from llamacloud_sync.spans where quarantined_at is not null order by 1`,
  )
  return rows.map(({ lower, upper }) => ({ lower: Number(lower), upper: Number(upper) }))
}

async function ids({ pool }: TestDatabase, sql: string): Promise<string[]> {
  const { rows } = await pool.query<{ id: string }>(sql)
  return rows.map(({ id }) => id).toSorted()
}

/** All jobs ever stored by day, gone or not (I13). */
export async function dailyCounts({ pool }: TestDatabase): Promise<Record<string, number>> {
  const { rows } = await pool.query<{ day: string; jobs: number }>(
    `select (created_at at time zone 'UTC')::date::text as day, count(*)::int as jobs
    from llamacloud.classify_jobs group by 1 order by 1`,
  )
  return Object.fromEntries(rows.map(({ day, jobs }) => [day, jobs]))
}

/** The version of each job's row, by id: another one after each write (I5). */
export async function rowVersions({ pool }: TestDatabase): Promise<Record<string, string>> {
  const { rows } = await pool.query<{ id: string; version: string }>(
    'select id, xmin::text || ctid::text as version from llamacloud.classify_jobs order by id',
  )
  return Object.fromEntries(rows.map(({ id, version }) => [id, version]))
}

/** What `verify` reports, and how many rows it counted. */
export async function verified(source: Source): Promise<{ differences: Difference[]; stored: number }> {
  const differences: Difference[] = []
  const { stored } = await verify(source, UNLIMITED.signal, (difference) => differences.push(difference))
  return { differences, stored }
}

/** Jobs that were created in the last hour and are still running: `job-0` and so on. */
export function putRunning({ world, now }: Harness, count: number): void {
  for (let index = 0; index < count; index += 1)
    world.put({
      id: `job-${index}`,
      createdAt: now() - HOUR + index * MILLISECOND,
      fields: { status: 'RUNNING' },
    })
}
