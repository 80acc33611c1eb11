import type { Clock } from '../clock.ts'
import { SchemaTooNewError } from '../errors.ts'
import type { Logger } from '../log.ts'
import type { Redactor } from '../redact.ts'
import type { CountedSource } from '../sources.ts'
import { wasSyncedSince } from '../store/source-state.ts'
import { syncOnce } from '../sync/cycle.ts'
import { rotated } from '../sync/rotated.ts'
import { reportFailure } from './failure.ts'
import { lookUpNames } from './look-up.ts'
import type { Metrics } from './metrics.ts'
import { endOf } from './one-pass.ts'
import { summarize } from './summary.ts'
import { createTurns, LANES, turnLength } from './turns.ts'
import type { Workplace } from './workplace.ts'

export interface ServeOptions {
  /** Each is a cycle for every source; ends when the service is to stop. */
  readonly ticks: AsyncIterable<unknown>
  /** Makes them end. */
  readonly endTicks: () => void
  readonly names: readonly string[]
  readonly workplace: Workplace
  readonly metrics: Metrics
  readonly clock: Clock
  /** 0 <= x < 1. */
  readonly random: () => number
  readonly log: Logger
  readonly redact: Redactor
  /** Ends the cycles in hand. */
  readonly signal: AbortSignal
}

/**
 * A cycle of every source at each tick, until the ticks end. A source is never at work twice: ticks that it misses
 * while at work are made up by one cycle. What fails is logged with its cure, and the next tick goes on.
 *
 * @throws SchemaTooNewError, once a newer version has migrated the database: no tick of this one can help any more (I6)
 */
export async function serve(options: ServeOptions): Promise<void> {
  const { ticks, names, workplace, clock, random, log, redact } = options
  let tickedAt = clock.monotonic()
  let tickMs = Number.POSITIVE_INFINITY
  let isFirst = true
  let outdated: SchemaTooNewError | undefined
  const failed = (error: unknown): boolean => {
    if (!(error instanceof SchemaTooNewError)) return false
    outdated = error
    options.endTicks()
    return true
  }
  const asides = new Asides(options)
  const turns = createTurns({
    lanes: LANES,
    turn: async (name) => {
      const hasMore = await takeTurn(name, { tickedAt, tickMs }, { ...options, endsAll: failed })
      if (!hasMore) asides.begin(name)
      return hasMore
    },
  })
  let preparing: Promise<void> | undefined
  const prepare = async () => {
    try {
      await workplace.prepare()
      // Workers that start together do not follow each other.
      turns.offer(rotated(names, random))
    } catch (error) {
      // No source is at work: whatever else is wrong may be right at the next tick.
      if (!failed(error)) reportFailure(error, log, redact, { outcome: 'failed' })
      for (const name of names) options.metrics.cycleEnded(name, 'failed', null)
    }
  }
  for await (const _ of ticks) {
    tickMs = isFirst ? Number.POSITIVE_INFINITY : clock.monotonic() - tickedAt
    isFirst = false
    tickedAt = clock.monotonic()
    if (preparing) continue
    // The database can be changed over only while nobody works on it; what fails at work ends, and the next tick sees.
    if (!turns.isIdle()) turns.offer(names)
    else {
      preparing = prepare().finally(() => {
        preparing = undefined
      })
    }
  }
  await preparing
  await turns.stop()
  await asides.stop()
  if (outdated) throw outdated
}

/** What a source's cycle does not wait for: it keeps no lane, and one that is under way is not begun again. */
class Asides {
  readonly #options: Pick<ServeOptions, 'workplace' | 'clock' | 'signal'>
  readonly #underWay = new Map<string, Promise<void>>()
  readonly #stop = new AbortController()

  constructor(options: Pick<ServeOptions, 'workplace' | 'clock' | 'signal'>) {
    this.#options = options
  }

  begin(name: string): void {
    const { workplace, clock } = this.#options
    const signal = AbortSignal.any([this.#options.signal, this.#stop.signal])
    const sources = workplace.sources().filter((source) => source.name === name)
    if (signal.aborted || this.#underWay.has(name)) return
    const work = lookUpNames(sources, { clock, signal }).finally(() => this.#underWay.delete(name))
    this.#underWay.set(name, work)
  }

  async stop(): Promise<void> {
    this.#stop.abort()
    await Promise.all(this.#underWay.values())
  }
}

interface Tick {
  /** Of `clock.monotonic()`. */
  readonly tickedAt: number
  /** Milliseconds since the tick before it. */
  readonly tickMs: number
}

/** One turn of a source, logged and counted. True: its time was up and it has more to do. */
async function takeTurn(
  name: string,
  { tickedAt, tickMs }: Tick,
  options: ServeOptions & { readonly endsAll: (error: unknown) => boolean },
): Promise<boolean> {
  const { workplace, metrics, clock, log, redact, signal, names } = options
  const source = workplace.sources().find((candidate) => candidate.name === name)
  if (source === undefined || signal.aborted) return false
  if (await isDoneByAnother(source, clock.monotonic() - tickedAt)) return false
  const startedAt = clock.monotonic()
  const limits = { signal, maxRuntimeMs: turnLength(names.length), tickMs }
  const end = await endOf(source, { work: syncOnce }, limits)
  const outcome = 'result' in end ? end.result.outcome : 'failed'
  metrics.cycleEnded(name, outcome, (clock.monotonic() - startedAt) / 1_000)
  if ('error' in end && options.endsAll(end.error)) return false
  summarize(end, { name: 'sync', byAnyone: true, log, redact, signal })
  return outcome === 'stopped' && !signal.aborted
}

/** Workers with the same schedule would else do the same cycle one after the other. */
async function isDoneByAnother(source: CountedSource, sinceTickMs: number): Promise<boolean> {
  try {
    return await wasSyncedSince(source.pool, source.name, sinceTickMs)
  } catch {
    return false // the cycle will find out what is wrong, and tell
  }
}
