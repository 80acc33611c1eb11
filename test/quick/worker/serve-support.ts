import { createLogger } from '../../../src/log.ts'
import type { CountedSource } from '../../../src/sources.ts'
import { createMetrics, type Metrics } from '../../../src/worker/metrics.ts'
import { type ServeOptions, serve } from '../../../src/worker/serve.ts'
import type { Workplace } from '../../../src/worker/workplace.ts'
import type { Harness } from '../../support/harness.ts'

export interface Served {
  readonly metrics: Metrics
  readonly workplace: Workplace
  /** From now on there is none. */
  loseDatabase(): void
  readonly logged: Record<string, unknown>[]
  /** Ticks, and resolves once the cycle that it began has ended. */
  tick(): Promise<void>
  /** Ticks and waits for nothing. */
  tickOnly(): void
  /** How many cycles have ended. */
  ended(): number
  endedCycle(count: number): Promise<void>
  stop(): Promise<void>
}

/** A service over a harness's source, whose ticks the test gives. */
export function startService(harness: Harness, prepare = async () => {}): Served {
  const metrics = createMetrics()
  const stopping = new AbortController()
  const logged: Record<string, unknown>[] = []
  const source = harness.worker({ onCounts: (counts) => metrics.counted(counts, 'default') })
  const ticking = createTicks()
  const cycles = countCycles(metrics)
  const there = { database: true }
  const workplace = workplaceOf(source, harness, prepare, there)
  const options: ServeOptions = {
    ticks: ticking.ticks,
    endTicks: ticking.end,
    names: [source.name],
    workplace,
    metrics: cycles.metrics,
    clock: harness.clock,
    random: () => 0,
    log: createLogger({
      level: 'info',
      format: 'json',
      secrets: () => [],
      stream: { write: (line) => logged.push(JSON.parse(line)) },
    }),
    redact: (text) => text,
    signal: stopping.signal,
  }
  const done = serve(options)
  return {
    metrics,
    workplace,
    loseDatabase: () => {
      there.database = false
    },
    logged,
    tick: () => {
      const end = cycles.endedCycle(cycles.ended() + 1)
      ticking.tick()
      return end
    },
    tickOnly: ticking.tick,
    ended: cycles.ended,
    endedCycle: cycles.endedCycle,
    stop: () => {
      stopping.abort(new Error('told to stop'))
      ticking.end()
      return done
    },
  }
}

function workplaceOf(
  source: CountedSource,
  { database }: Harness,
  prepare: () => Promise<void>,
  there: { database: boolean },
): Workplace {
  return {
    prepare,
    database: () =>
      there.database
        ? { ...database, psql: undefined, isLost: () => false, close: async () => {} }
        : undefined,
    sources: () => [source],
    isReady: () => true,
    close: async () => {},
  }
}

function createTicks() {
  let wake = Promise.withResolvers<void>()
  let ended = false
  async function* ticks() {
    for (;;) {
      await wake.promise
      if (ended) return
      wake = Promise.withResolvers()
      yield
    }
  }
  return {
    ticks: ticks(),
    tick: () => wake.resolve(),
    end: () => {
      ended = true
      wake.resolve()
    },
  }
}

function countCycles(metrics: Metrics) {
  let ended = 0
  const waiting = new Map<number, () => void>()
  return {
    ended: () => ended,
    endedCycle: (count: number) =>
      new Promise<void>((resolve) => {
        if (ended >= count) resolve()
        else waiting.set(count, resolve)
      }),
    metrics: {
      ...metrics,
      cycleEnded: (...how: Parameters<Metrics['cycleEnded']>) => {
        metrics.cycleEnded(...how)
        ended += 1
        // The turn itself ends a moment later: whoever waits comes after that.
        setImmediate(() => waiting.get(ended)?.())
      },
    },
  }
}
