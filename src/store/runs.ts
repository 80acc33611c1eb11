import type { PoolClient } from 'pg'
import { LostCommitsError } from '../errors.ts'
import { formatInstant, type Instant, parseInstant } from '../values/instant.ts'
import { type Coverage, TIMELINE, type Timeline, type TimelineRow, timelineOf } from './coverage.ts'
import { type KnownProjects, PROJECTS, type ProjectsRow } from './projects.ts'
import { COUNT_QUARANTINED, NO_QUARANTINE, type QuarantineCounts } from './quarantine.ts'
import { SOURCE_ROW, type SourceRow } from './source-row.ts'

/** `accept-deletions` asks the API nothing. */
export type RunKind = 'sync' | 'backfill' | 'reconcile' | 'accept-deletions'
/** `denied`: the API does not let the list be read. `degraded`: all was done but what is in quarantine. `stopped`: asked to stop at a page boundary; the next run goes on. `abandoned`: its process was killed. */
export type Outcome = 'succeeded' | 'degraded' | 'stopped' | 'denied' | 'failed' | 'abandoned'

/** The counts of I7, and what else a commit adds to its run. */
export type Counts = Readonly<Record<keyof typeof NO_COUNTS, number>>

export const NO_COUNTS = {
  pages: 0,
  received: 0,
  inserted: 0,
  updated: 0,
  unchanged: 0,
  stale: 0,
  rejected: 0,
  deletions: 0,
  repairs: 0,
}

export const COUNT_NAMES = Object.keys(NO_COUNTS) as readonly (keyof Counts)[]

export function addCounts(left: Counts, right: Partial<Counts>): Counts {
  const sums = COUNT_NAMES.map((name) => [name, left[name] + (right[name] ?? 0)])
  return Object.fromEntries(sums) as Record<keyof Counts, number>
}

const DAYS_KEPT = 90

const BEGIN = `
with abandoned as (
  update llamacloud_sync.runs set outcome = 'abandoned' where source = $1 and outcome = 'running'
), old as (
  delete from llamacloud_sync.runs
  where source = $1 and outcome <> 'running' and started_at < now() - make_interval(days => $4::int)
), begun as (
  insert into llamacloud_sync.runs (source, kind, started_at, outcome, watermark_before)
  values ($1, $2, $3, 'running', (select watermark from llamacloud_sync.sources where name = $1))
  returning id
)
select
  begun.id,
  (select max(started_at) from llamacloud_sync.runs where source = $1)::text as "lastRunAt",
  ${PROJECTS} as known,
  ${SOURCE_ROW},
  ${TIMELINE}
from begun, llamacloud_sync.sources
where name = $1
`

type BegunRow = SourceRow &
  TimelineRow & { readonly id: number; readonly lastRunAt: string | null; readonly known: ProjectsRow }

/** A new run, and what is stored of its source. */
export interface BegunRun {
  readonly id: number
  readonly stored: SourceRow
  readonly timeline: Timeline
  readonly known: KnownProjects
  /** When the latest run before it began. */
  readonly lastRunAt: Instant | null
}

/**
 * Begins a run: notes it, marks what an earlier holder of the lease left running as abandoned, and drops rows older
 * than 90 days. The caller holds the lease, so nothing else of the source can be running.
 */
export async function beginRun(
  client: PoolClient,
  source: string,
  kind: RunKind,
  startedAt: Instant,
): Promise<BegunRun> {
  const values = [source, kind, formatInstant(startedAt), DAYS_KEPT]
  const { rows } = await client.query<BegunRow>(BEGIN, values)
  const [row] = rows
  if (!row) throw new Error('the new run has no row')
  const { id, known, lastRunAt } = row
  const lastAt = parseInstant(lastRunAt) ?? null
  return { id, stored: row, timeline: timelineOf(row), known: new Map(known), lastRunAt: lastAt }
}

const ADD = `
update llamacloud_sync.runs
set commits = commits + 1, ${COUNT_NAMES.map((name, index) => `${name} = ${name} + $${index + 2}::int`).join(', ')}
where id = $1
returning commits
`

interface RunCommit {
  readonly id: number
  readonly counts: Counts
  /** How many commits of the run the database has acknowledged. */
  readonly acknowledged: number
}

/**
 * Adds to a run's counts in the transaction that writes the rows, so that they hold even for a killed run (I7), and checks
 * that no acknowledged commit has disappeared: a standby that took over may lack the latest, and progress saved there
 * would lie beyond rows that it does not have.
 *
 * @throws LostCommitsError
 */
export async function addToRun(client: PoolClient, { id, counts, acknowledged }: RunCommit): Promise<void> {
  const { rows } = await client.query<{ commits: number }>(ADD, [
    id,
    ...COUNT_NAMES.map((name) => counts[name]),
  ])
  assertKept((rows[0]?.commits ?? 0) - 1, acknowledged)
}

/** @throws LostCommitsError */
function assertKept(present: number, acknowledged: number): void {
  if (present >= acknowledged) return
  throw new LostCommitsError(
    `The database has lost commits that it had acknowledged to this run (${acknowledged - Math.max(present, 0)}): it failed over to a ` +
      'standby that lacked them, or was restored. Nothing more is written; the next run reads again what is missing.',
  )
}

export interface RunEnd<O extends Outcome = Outcome> {
  readonly outcome: O
  /** How many commits of the run the database has acknowledged. */
  readonly acknowledged: number
  readonly finishedAt: Instant
  readonly requests: number
  readonly retries: number
  readonly error: string | null
}

const FINISH = `
with quarantined as (${COUNT_QUARANTINED}),
ended as (
  update llamacloud_sync.runs as run
  set
    outcome = case when $3 = 'succeeded' and quarantined.jobs + quarantined.spans > 0 then 'degraded' else $3 end,
    finished_at = $4, requests = $5, retries = $6, error = $7, watermark_after = source.watermark
  from llamacloud_sync.sources as source, quarantined
  where run.id = $2 and source.name = $1
  returning run.kind, run.outcome, run.commits
),
succeeded as (
  update llamacloud_sync.sources set last_success_at = $4
  from ended
  where name = $1 and ended.outcome in ('succeeded', 'degraded') and ended.kind <> 'accept-deletions'
)
select
  ended.outcome, coalesce(ended.commits, 0) as commits, quarantined.jobs, quarantined.spans,
  source.covered_from::text as "coveredFrom", source.watermark::text
from quarantined
left join ended on true
left join llamacloud_sync.sources as source on source.name = $1
`

interface FinishedRow<O extends Outcome> extends QuarantineCounts {
  readonly outcome: O | 'degraded' | null
  readonly commits: number
  readonly coveredFrom: string | null
  readonly watermark: string | null
}

export interface Finished<O extends Outcome> {
  readonly outcome: O | 'degraded'
  readonly quarantined: QuarantineCounts
  readonly coverage: Coverage | null
}

/**
 * Ends a run; a success of one that read the API also becomes the source's last success. It is degraded where something is
 * in quarantine.
 *
 * @throws LostCommitsError instead of a success
 */
export async function finishRun<O extends Outcome>(
  client: PoolClient,
  id: number,
  source: string,
  { outcome, acknowledged, finishedAt, requests, retries, error }: RunEnd<O>,
): Promise<Finished<O>> {
  const values = [source, id, outcome, formatInstant(finishedAt), requests, retries, error]
  const { rows } = await client.query<FinishedRow<O>>(FINISH, values)
  const [row] = rows
  if (outcome === 'succeeded') assertKept(row?.commits ?? 0, acknowledged)
  const { jobs, spans } = row ?? NO_QUARANTINE
  const [coveredFrom, watermark] = [parseInstant(row?.coveredFrom), parseInstant(row?.watermark)]
  return {
    outcome: row?.outcome ?? outcome,
    quarantined: { jobs, spans },
    coverage: coveredFrom === undefined || watermark === undefined ? null : { coveredFrom, watermark },
  }
}
