import type { Lease } from '../store/lease.ts'
import type { BegunRun } from '../store/runs.ts'
import { MILLISECOND } from '../values/instant.ts'
import { completeBy } from './commit/repairs.ts'
import { ProjectWatch } from './recheck/project-watch.ts'
import { type RunContext, Tally } from './run.ts'
import type { RunLimits, Source } from './source.ts'

/** Cycles that follow each other faster than this save requests. */
const SOON_MS = 30_000
/** Then the head is read in every second of them, the first that lies so many ticks after the last reading, … */
const HEAD_TICKS = 1.5
/** … and so many milliseconds at least. */
const HEAD_MS = 5_000
/** So much of the time until the next cycle may go to what is behind all other work, … */
const SPARE_SHARE = 1 / 2
/** … and so much at most. */
const MOST_SPARE_MS = 60_000
/** Requests of one run. */
const ISOLATION_BUDGET = 400

/** What a run begins with. */
export interface Begun extends Pick<BegunRun, 'id' | 'known' | 'timeline'> {
  readonly names: readonly string[]
}

export type Taken = Begun & { readonly lease: Lease }

/** All that the parts of a run share. */
export function contextOf(
  source: Source,
  { signal, maxRuntimeMs, tickMs = Number.POSITIVE_INFINITY }: RunLimits,
  { id, known, timeline, lease, names }: Taken,
): RunContext {
  const { scope, options, clock, random } = source
  const startedAt = clock.monotonic()
  const saves = tickMs < SOON_MS
  source.jobs.pageSize.begin(timeline.pageSize)
  const projects = new ProjectWatch({ known, now: lease.now, random })
  return {
    ...source,
    id,
    lease,
    tally: new Tally(source.onCounts),
    complete: completeBy(timeline.coverage, options),
    firstHead: timeline.head,
    projects,
    owner: () => ({ names, projects: projects.projects, configurationId: scope.configurationId }),
    refused: new Set(),
    asked: { returned: 0 },
    options: { ...options, saves },
    headEvery: saves ? Math.floor(Math.max(tickMs * HEAD_TICKS, HEAD_MS) * MILLISECOND) : null,
    spareMs: Math.min(MOST_SPARE_MS, tickMs * SPARE_SHARE),
    isolation: { requestsLeft: ISOLATION_BUDGET, begun: [] },
    signal: AbortSignal.any([signal, lease.lost]),
    startedAt,
    deadline: maxRuntimeMs === null ? null : startedAt + maxRuntimeMs,
  }
}
