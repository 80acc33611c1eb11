import type { Clock } from '../clock.ts'
import type { CountedSource } from '../sources.ts'
import { loadSourceStates, type SourceState } from '../store/source-state.ts'
import { liveness, readiness } from './health.ts'
import { json, type Reply } from './http.ts'
import type { Metrics } from './metrics.ts'
import type { Schedule } from './schedule.ts'
import type { Workplace } from './workplace.ts'

const TICKS_ALLOWED = 3
/** Longer than this the database does not answer, milliseconds. */
const PATIENCE_MS = 5_000

export interface ObserverOptions {
  readonly names: readonly string[]
  readonly schedule: Schedule
  readonly clock: Clock
  readonly workplace: Workplace
  readonly metrics: Metrics
  /** Of `clock.monotonic()`. */
  readonly lastBeat: () => number
}

/** What the HTTP server answers: it looks at the worker and the database, and changes neither. */
export function createRoutes(options: ObserverOptions): Readonly<Record<string, () => Promise<Reply>>> {
  const { names, schedule, clock, workplace, metrics } = options
  const look = sharedLook(options)
  return {
    '/healthz': async () => {
      const state = liveness(clock.monotonic(), options.lastBeat())
      return json(state.alive ? 200 : 503, state)
    },
    '/readyz': async () => {
      const oldest = (clock.now() - schedule.previous(clock.now(), TICKS_ALLOWED)) / 1_000
      const state = readiness({ names, prepared: workplace.isReady(), states: await look(), oldest })
      return json(state.ready ? 200 : 503, state)
    },
    '/metrics': async () => {
      const states = await look()
      const sourceOf = (name: string) => workplace.sources().find((source) => source.name === name)
      metrics.observe(states?.map((state) => observed(state, sourceOf(state.name))))
      metrics.takeRequests(workplace.sources())
      return { status: 200, type: metrics.contentType, body: await metrics.text() }
    },
  }
}

function observed(state: SourceState, source: CountedSource | undefined) {
  const start = source === undefined ? null : source.options.startAt / 1e6
  const left = state.coveredFrom === null || start === null ? null : state.coveredFrom - start
  return {
    ...state,
    leaseHeld: source !== undefined && state.leaseOwner === source.owner,
    historyLeft: left === null ? null : Math.max(0, left),
  }
}

/** However many ask at once, the database is asked once. Undefined when it does not answer. */
function sharedLook({ names, workplace, clock }: ObserverOptions): () => Promise<SourceState[] | undefined> {
  let looking: Promise<SourceState[] | undefined> | undefined
  return () => {
    looking ??= look(names, workplace, clock).finally(() => {
      looking = undefined
    })
    return looking
  }
}

async function look(
  names: readonly string[],
  workplace: Workplace,
  clock: Clock,
): Promise<SourceState[] | undefined> {
  const pool = workplace.database()?.pool
  if (pool === undefined) return undefined
  const enough = new AbortController()
  const asked = loadSourceStates(pool, names).catch(() => undefined)
  const silence = clock.sleep(PATIENCE_MS, enough.signal).then(
    () => undefined,
    () => undefined,
  )
  try {
    return await Promise.race([asked, silence])
  } finally {
    enough.abort()
  }
}
