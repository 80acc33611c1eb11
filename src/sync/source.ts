import type { Pool } from 'pg'
import type { Clock } from '../clock.ts'
import type { Coverage } from '../store/coverage.ts'
import type { QuarantineCounts } from '../store/quarantine.ts'
import type { Counts, Outcome } from '../store/runs.ts'
import type { Scope } from '../store/source-row.ts'
import type { JobList } from './job-list.ts'
import type { ApiClock, Progress, RunLog, RunOptions } from './run.ts'

/** One source, ready to be synced. */
export interface Source {
  readonly name: string
  readonly scope: Scope
  /** Whether other lists of the scope are read as well: one that may not be read is then no failure. */
  readonly isOneOfMany: boolean
  readonly pool: Pool
  readonly jobs: JobList
  readonly apiClock: ApiClock
  /** Reads the API key again, so that it can be rotated. */
  readonly renewKey: () => void
  /** What it has used since it was made. */
  readonly usage: () => Usage
  /** For deadlines and waits of the engine. */
  readonly clock: Clock
  /** For the lease, which lives by the database's time: real even where tests move the other. */
  readonly leaseClock: Clock
  readonly leaseMs: number
  /** Names this worker in the lease. */
  readonly owner: string
  readonly options: RunOptions
  /** 0 <= x < 1. */
  readonly random: () => number
  /** Turns any error into one that names cause and cure and contains no secret (I10). */
  readonly explain: (error: unknown) => Error
  readonly log: RunLog
  readonly onProgress: (progress: Progress) => void
  /** What each commit counted, as it comes. */
  readonly onCounts?: (counts: Partial<Counts>) => void
}

/** What work has cost. The times overlap: replies, transactions and the process's own work go on in parallel. */
export interface Usage {
  readonly requests: number
  readonly retries: number
  /** Received from the API. */
  readonly bytes: number
  /** In which at least one request was under way, or waited for its turn. */
  readonly apiMs: number
  /** In which at least one connection of the process to the database was at work. */
  readonly databaseMs: number
  /** In which the process was at work itself, for whichever source. */
  readonly ownMs: number
  /** From the beginning to the end. */
  readonly durationMs: number
}

export interface RunResult {
  /** `busy`: another worker holds the lease. */
  readonly outcome: Exclude<Outcome, 'failed' | 'abandoned'> | 'busy'
  readonly counts: Counts
  readonly requests: number
  readonly retries: number
  readonly coverage: Coverage | null
  /** Of a busy source: the worker that has it, as far as can be told. */
  readonly heldBy: string | null
  /** Why the API does not let the list be read; null also where an earlier run has said so. */
  readonly denied: string | null
  /** What is in quarantine at the end. */
  readonly quarantined: QuarantineCounts
}

export interface RunLimits {
  readonly signal: AbortSignal
  /** Stops at a page boundary after this many milliseconds; null for never. */
  readonly maxRuntimeMs: number | null
  /** Milliseconds from one cycle to the next, where they follow each other within seconds: the cycle then saves requests. */
  readonly tickMs?: number
}
