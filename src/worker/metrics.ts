import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import type { CountedSource } from '../sources.ts'
import { MOST_COUNTED } from '../store/rechecks.ts'
import type { Counts } from '../store/runs.ts'
import type { SourceState } from '../store/source-state.ts'

const FATES = ['inserted', 'updated', 'unchanged', 'stale', 'rejected'] as const
const SECONDS = [0.5, 1, 5, 15, 60, 300, 900, 3_600]

/** What the worker tells Prometheus. Labels hold names of sources and outcomes, never a value of the API (I10, I11). */
export interface Metrics {
  readonly contentType: string
  /** What a commit counted. */
  counted(counts: Partial<Counts>, source: string): void
  /** `seconds` is null where it did not come to a cycle. */
  cycleEnded(source: string, outcome: string, seconds: number | null): void
  /** Takes over what the sources' requests came to since the last time. */
  takeRequests(sources: readonly CountedSource[]): void
  /** What the database knows; undefined: it cannot be asked. */
  observe(states: readonly ObservedSource[] | undefined): void
  text(): Promise<string>
}

export interface ObservedSource extends SourceState {
  /** Whether this very worker holds the lease. */
  readonly leaseHeld: boolean
  /** Seconds of created_at that are still to be read. */
  readonly historyLeft: number | null
}

export function createMetrics(): Metrics {
  const register = new Registry()
  collectDefaultMetrics({ register })
  const counters = createCounters(register)
  const gauges = createGauges(register)
  const taken = new WeakMap<CountedSource, ReturnType<CountedSource['requests']>>()
  return {
    contentType: register.contentType,
    counted: (counts, source) => {
      for (const fate of FATES) counters.rows.inc({ source, fate }, counts[fate] ?? 0)
      counters.repairs.inc({ source }, counts.repairs ?? 0)
      counters.deletions.inc({ source }, counts.deletions ?? 0)
    },
    cycleEnded: (source, outcome, seconds) => {
      counters.cycles.inc({ source, outcome })
      if (outcome !== 'busy' && seconds !== null) counters.cycleSeconds.observe({ source }, seconds)
    },
    takeRequests: (sources) => {
      for (const source of sources) {
        const now = source.requests()
        const before = taken.get(source)
        taken.set(source, now)
        const labels = { source: source.name }
        counters.retries.inc(labels, now.retries - (before?.retries ?? 0))
        counters.pauses.inc(labels, now.pauses - (before?.pauses ?? 0))
        for (const [status, count] of Object.entries(now.byStatus)) {
          counters.requests.inc({ ...labels, status }, count - (before?.byStatus[status] ?? 0))
        }
      }
    },
    observe: (states) => {
      gauges.databaseUp.set(states === undefined ? 0 : 1)
      // What was true once may not be: another worker may hold the lease by now.
      gauges.forget()
      for (const state of states ?? []) gauges.set(state)
    },
    text: () => register.metrics(),
  }
}

function createCounters(register: Registry) {
  const registers = [register]
  const counter = <Label extends string>(name: string, help: string, labelNames: readonly Label[]) =>
    new Counter({ name: `llamacloud_sync_${name}`, help, labelNames, registers })
  return {
    requests: counter('requests_total', 'Requests to the API by outcome.', ['source', 'status']),
    retries: counter('retries_total', 'Requests that were retried.', ['source']),
    pauses: counter('pauses_total', 'Replies (429, 503) that made all requests of a key wait.', ['source']),
    rows: counter('rows_total', 'Items received by result.', ['source', 'fate']),
    repairs: counter('repairs_total', 'Rows that a reading found to differ from the API and corrected.', [
      'source',
    ]),
    deletions: counter('deletions_total', 'Jobs marked as deleted.', ['source']),
    cycles: counter('cycles_total', 'Cycles by outcome.', ['source', 'outcome']),
    cycleSeconds: new Histogram({
      name: 'llamacloud_sync_cycle_duration_seconds',
      help: 'How long a cycle took.',
      labelNames: ['source'],
      buckets: SECONDS,
      registers,
    }),
  }
}

/** Those of a source: what each says, and its value; null: not known. */
const GAUGES: Readonly<
  Record<string, readonly [help: string, value: (state: ObservedSource) => number | null]>
> = {
  open_jobs: [
    `Jobs that are not finished and will be checked again, up to ${MOST_COUNTED}.`,
    ({ openJobs }) => openJobs,
  ],
  held_jobs: [
    `Jobs that are missing upstream and not marked as deleted yet, up to ${MOST_COUNTED}.`,
    ({ held }) => held,
  ],
  quarantined: [
    'Jobs and time spans that are set aside because the API fails for them, or the database refuses them.',
    ({ quarantined }) => quarantined,
  ],
  dark_seconds: [
    'How long the API has returned none of the known jobs; 0 while it returns some.',
    ({ darkFor }) => darkFor ?? 0,
  ],
  rejects: ['Distinct items that could not be stored as jobs.', ({ rejects }) => rejects],
  watermark_lag_seconds: ['How far the watermark is behind the present.', ({ watermarkLag }) => watermarkLag],
  history_left_seconds: ['Length of created_at that is still to be read.', ({ historyLeft }) => historyLeft],
  last_success_age_seconds: ['Time since a cycle of any worker succeeded.', ({ successAge }) => successAge],
  lease_held: ['1 while this worker holds the lease of the source.', ({ leaseHeld }) => (leaseHeld ? 1 : 0)],
}

function createGauges(register: Registry) {
  const registers = [register]
  const ofSources = Object.entries(GAUGES).map(([name, [help, value]]) => {
    const gauge = new Gauge({ name: `llamacloud_sync_${name}`, help, labelNames: ['source'], registers })
    return { gauge, value }
  })
  return {
    forget: () => {
      for (const { gauge } of ofSources) gauge.reset()
    },
    databaseUp: new Gauge({
      name: 'llamacloud_sync_database_up',
      help: '1 while the database answers.',
      registers,
    }),
    set: (state: ObservedSource) => {
      for (const { gauge, value } of ofSources) {
        const known = value(state)
        if (known !== null) gauge.set({ source: state.name }, known)
      }
    },
  }
}
