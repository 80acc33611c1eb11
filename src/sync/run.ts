import type { Pool } from 'pg'
import type { Clock } from '../clock.ts'
import type { Lease } from '../store/lease.ts'
import { addCounts, type Counts, NO_COUNTS } from '../store/runs.ts'
import { type Instant, MILLISECOND } from '../values/instant.ts'
import type { JobList } from './job-list.ts'

/** What the engine tells of its progress; pino's logger fits. */
export interface RunLog {
  debug(facts: object, message: string): void
  info(facts: object, message: string): void
  warn(facts: object, message: string): void
}

/** How far a long part of the work has come. */
export interface Progress {
  readonly part: 'head' | 'history' | 'backfill' | 'reconcile'
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
  /** Windows, and requests, in flight. */
  readonly concurrency: number
  readonly pageSize: number
  /** Milliseconds between two reconciles; null for none of itself. */
  readonly reconcileEveryMs: number | null
}

/** The API's time as its replies tell it (A14); undefined before the first reply. */
export interface ApiClock {
  now(): Instant | undefined
}

/** One run under its lease: what every part of the engine is handed. */
export interface RunContext {
  readonly id: number
  readonly pool: Pool
  readonly lease: Lease
  readonly jobs: JobList
  readonly clock: Clock
  readonly apiClock: ApiClock
  readonly options: RunOptions
  readonly log: RunLog
  readonly onProgress: (progress: Progress) => void
  /** Ends requests and waits at once: asked to stop, or the lease is lost. */
  readonly signal: AbortSignal
  readonly tally: Tally
  readonly asked: AskedById
  /** Stops at the next page boundary after this time of `clock.monotonic()`; null for never. */
  readonly deadline: number | null
}

/** How many ids a run asked the API for, and how many of them it did not return. */
export interface AskedById {
  ids: number
  missing: number
}

/** The counts of all commits of a run so far. */
export class Tally {
  #counts: Counts = NO_COUNTS
  readonly #observe: (counts: Partial<Counts>) => void

  constructor(observe: (counts: Partial<Counts>) => void = () => {}) {
    this.#observe = observe
  }

  get counts(): Counts {
    return this.#counts
  }

  add(counts: Partial<Counts>): void {
    this.#counts = addCounts(this.#counts, counts)
    this.#observe(counts)
  }
}

/** The API's present. Before its first reply the worker's own clock has to do; the first page corrects it. */
export function presentOf({ apiClock, clock }: Pick<RunContext, 'apiClock' | 'clock'>): Instant {
  return apiClock.now() ?? Math.floor(clock.now()) * MILLISECOND
}

/** The API's time at an earlier moment of `clock.monotonic()`: right even if its first reply came only after that. */
export function apiTimeAt(run: Pick<RunContext, 'apiClock' | 'clock'>, monotonic: number): Instant {
  return presentOf(run) - Math.ceil((run.clock.monotonic() - monotonic) * MILLISECOND)
}

/** Whether a deadline has passed, of the run or of a part of it. */
export function isPast(deadline: number | null, { clock }: Pick<RunContext, 'clock'>): boolean {
  return deadline !== null && clock.monotonic() >= deadline
}
