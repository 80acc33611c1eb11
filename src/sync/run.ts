import type { PoolClient } from 'pg'
import type { Clock } from '../clock.ts'
import type { Head } from '../store/coverage.ts'
import type { Lease } from '../store/lease.ts'
import type { Owner } from '../store/listed-jobs.ts'
import { addCounts, addToRun, type Counts, NO_COUNTS } from '../store/runs.ts'
import type { Scope } from '../store/source-row.ts'
import type { Bounds } from '../store/spans.ts'
import { type Instant, MILLISECOND } from '../values/instant.ts'
import type { ProjectWatch } from './recheck/project-watch.ts'
import type { Source } from './source.ts'

/** What the engine tells of its progress; pino's logger fits. */
export interface RunLog {
  debug(facts: object, message: string): void
  info(facts: object, message: string): void
  warn(facts: object, message: string): void
}

/** How far a long part of the work has come. */
export interface Progress {
  readonly part: 'head' | 'spans' | 'whole'
  /** 0 to 1; null where the end cannot be known. */
  readonly done: number | null
  /** Items received so far in this run. */
  readonly received: number
}

export interface RunOptions {
  /** How far back the history goes. */
  readonly startAt: Instant
  /** How late a job may become visible, microseconds. */
  readonly overlap: Instant
  /** Spans read in parallel, and requests in flight. */
  readonly concurrency: number
  readonly pageSize: number
  /** Milliseconds between two readings of a span that is older than a day; null for none of itself. */
  readonly reconcileEveryMs: number | null
  /** Milliseconds between the two misses after which a job is marked as deleted. */
  readonly goneAfterMs: number
  /** Cycles follow each other within seconds: what is due waits for its neighbours, so that one request reads all of it. */
  readonly saves?: boolean
}

/** The API's time as its replies tell it (A14); undefined before the first reply. */
export interface ApiClock {
  now(): Instant | undefined
}

type OfSource = Pick<
  Source,
  'pool' | 'jobs' | 'clock' | 'apiClock' | 'random' | 'explain' | 'log' | 'onProgress'
>

/** One run under its lease: what every part of the engine is handed. */
export interface RunContext extends OfSource {
  readonly id: number
  readonly lease: Lease
  readonly options: RunOptions
  /** Ends requests and waits at once: asked to stop, or the lease is lost. */
  readonly signal: AbortSignal
  readonly tally: Tally
  /** What the source has used since it was made. */
  readonly usage: () => { readonly requests: number }
  /** Where everything should have been right when the run began. */
  readonly complete: Bounds | null
  /** As it was when the run began. */
  readonly firstHead: Head | null
  readonly projects: ProjectWatch
  readonly scope: Pick<Scope, 'projectId' | 'configurationId'>
  readonly owner: () => Owner
  /** Ids of jobs that the database refused in this run. */
  readonly refused: Set<string>
  /** How the questions by id were answered. */
  readonly asked: { returned: number }
  /** What of the run went into finding the ids and instants that make requests fail. */
  readonly isolation: { requestsLeft: number; readonly begun: Bounds[] }
  /** How long after the head was read it is read again, microseconds; null: at every cycle. */
  readonly headEvery: Instant | null
  /** Of `clock.monotonic()`. */
  readonly startedAt: number
  /** How long, in milliseconds, what is behind all other work may take of a cycle. */
  readonly spareMs: number
  /** Stops at the next page boundary after this time of `clock.monotonic()`; null for never. */
  readonly deadline: number | null
}

/** The counts of all commits of a run so far. */
export class Tally {
  #counts: Counts = NO_COUNTS
  #commits = 0
  readonly #observe: (counts: Partial<Counts>) => void

  constructor(observe: (counts: Partial<Counts>) => void = () => {}) {
    this.#observe = observe
  }

  get counts(): Counts {
    return this.#counts
  }

  /** How many commits the database has acknowledged. */
  get commits(): number {
    return this.#commits
  }

  add(counts: Partial<Counts>): void {
    this.#commits += 1
    this.#counts = addCounts(this.#counts, counts)
    this.#observe(counts)
  }
}

type Committing = Pick<RunContext, 'id' | 'lease' | 'tally'>

/**
 * One transaction of a run: it checks the lease, and that the database still has every commit of the run before it.
 *
 * @throws LeaseLostError, LostCommitsError
 */
export async function commitRun(run: Committing, work: (client: PoolClient) => Promise<void>): Promise<void> {
  await commitCounted(run, async (client) => ({ result: await work(client) }))
}

/** The same for what reads or writes spans and coverage: it waits for its neighbours. */
export async function commitProgress(
  run: Committing,
  work: (client: PoolClient) => Promise<void>,
): Promise<void> {
  await commitRun(run, async (client) => {
    await run.lease.lockProgress(client)
    await work(client)
  })
}

/** The same for what adds to the counts of the run, or hands something back. */
export async function commitCounted<T>(
  run: Committing,
  work: (client: PoolClient) => Promise<{ readonly result: T; readonly counts?: Partial<Counts> }>,
): Promise<T> {
  const { id, lease, tally } = run
  const { result, counts = {} } = await lease.commit(async (client) => {
    const done = await work(client)
    await addToRun(client, { id, counts: { ...NO_COUNTS, ...done.counts }, acknowledged: tally.commits })
    return done
  })
  tally.add(counts)
  return result
}

/** The API's present. Before its first reply the worker's own clock has to do; the first page corrects it. */
export function presentOf({ apiClock, clock }: Pick<RunContext, 'apiClock' | 'clock'>): Instant {
  return apiClock.now() ?? ownTime(clock)
}

/** The API's present where its clock may be wrong (A17): it is not later than what most clocks say, and not than its own. */
export function latestPresent(run: Pick<RunContext, 'apiClock' | 'clock' | 'lease'>): Instant {
  const clocks = [presentOf(run), ownTime(run.clock), run.lease.now()]
  const [, median = 0] = clocks.toSorted((left, right) => left - right)
  return Math.max(presentOf(run), median)
}

/** The worker's own clock. */
export function ownTime(clock: Clock): Instant {
  return Math.floor(clock.now()) * MILLISECOND
}

/** The API's time at an earlier moment of `clock.monotonic()`: right even if its first reply came only after that. */
export function apiTimeAt(run: Pick<RunContext, 'apiClock' | 'clock'>, monotonic: number): Instant {
  return presentOf(run) - Math.ceil((run.clock.monotonic() - monotonic) * MILLISECOND)
}

/** Whether a deadline has passed, of the run or of a part of it. */
export function isPast(deadline: number | null, { clock }: Pick<RunContext, 'clock'>): boolean {
  return deadline !== null && clock.monotonic() >= deadline
}

/**
 * Whether another piece of one kind of work may begin before a deadline. The first always may, unless the run had no time at
 * all: where other work takes all of it in every run, none may starve.
 */
export function turnsUntil(
  deadline: number | null,
  run: Pick<RunContext, 'clock' | 'startedAt'>,
): () => boolean {
  let mayBegin = deadline === null || deadline > run.startedAt
  return () => {
    const mayNow = mayBegin || !isPast(deadline, run)
    mayBegin = false
    return mayNow
  }
}

/** How many pages of one listing may be read until a deadline, at the pace of the run so far; at least one. */
export function pagesUntil(deadline: number | null, { clock, startedAt, tally }: RunContext): number {
  const now = clock.monotonic()
  const { pages } = tally.counts
  if (deadline === null || pages === 0 || now <= startedAt) return Number.POSITIVE_INFINITY
  return Math.max(1, Math.floor((pages * (deadline - now)) / (now - startedAt)))
}
