import type { Clock } from '../clock.ts'
import { addCounts } from '../store/runs.ts'
import { rotated } from '../sync/rotated.ts'
import type { RunLimits, RunResult, Source, Usage } from '../sync/source.ts'
import { NOT_DONE } from '../sync/under-lease.ts'
import type { SourceEnd } from './summary.ts'
import { createTurns, LANES, turnLength } from './turns.ts'

/** How often a source that another worker has is tried again. */
const TRY_EVERY_MS = 1_000

export interface PassOptions extends RunLimits {
  /** Waits this many milliseconds for sources that other workers have; null: not at all. */
  readonly waitMs: number | null
  /**
   * Whether a source gives its lane up after a while and goes on later. Only for work that goes on by itself where it
   * was: a source is free between two turns, and another worker may take it.
   */
  readonly inTurns: boolean
  readonly clock: Clock
  /** 0 <= x < 1. */
  readonly random: () => number
  readonly work: (source: Source, limits: RunLimits) => Promise<RunResult>
}

/**
 * Has every source do its work once. One that fails stops no other (I12). Ends are in the order of the sources.
 */
export async function onePass(sources: readonly Source[], options: PassOptions): Promise<SourceEnd[]> {
  const { clock, signal, maxRuntimeMs } = options
  const byName = new Map(sources.map((source) => [source.name, source]))
  const ends = new Map<string, SourceEnd>()
  const deadline = maxRuntimeMs === null ? null : clock.monotonic() + maxRuntimeMs
  const waitUntil = clock.monotonic() + (options.waitMs ?? 0)
  const turnMs = options.inTurns ? turnLength(sources.length) : null
  const turns = createTurns({
    lanes: LANES,
    turn: async (name) => {
      const source = byName.get(name)
      const leftMs = deadline === null ? null : deadline - clock.monotonic()
      const isOver = signal.aborted || (leftMs !== null && leftMs <= 0)
      if (source === undefined || isOver) return false
      const end = await endOf(source, options, { signal, maxRuntimeMs: shorter(turnMs, leftMs) })
      ends.set(name, addTurn(ends.get(name), end))
      if (!('result' in end) || signal.aborted) return false
      if (end.result.outcome === 'busy') return waitToTryAgain(clock, waitUntil, signal)
      return end.result.outcome === 'stopped'
    },
  })
  turns.offer(rotated([...byName.keys()], options.random))
  await turns.idle()
  return sources.map((source) => ends.get(source.name) ?? { source, result: NOT_DONE, used: NOTHING })
}

/** Whether a scope has no list that can be read: then its key is refused, and that is a failure. */
export function isRefusedWhole(ends: readonly SourceEnd[]): boolean {
  const isDenied = (end: SourceEnd) => 'result' in end && end.result.outcome === 'denied'
  const scopeOf = ({ source: { scope } }: SourceEnd) => JSON.stringify({ ...scope, list: null })
  const readable = new Set(ends.filter((end) => !isDenied(end)).map(scopeOf))
  return ends.some((end) => isDenied(end) && !readable.has(scopeOf(end)))
}

/** False: the time for it is over. */
async function waitToTryAgain(clock: Clock, until: number, signal: AbortSignal): Promise<boolean> {
  const leftMs = until - clock.monotonic()
  if (leftMs <= 0) return false
  return clock.sleep(Math.min(TRY_EVERY_MS, leftMs), signal).then(
    () => true,
    () => false,
  )
}

/** Never rejects. */
export async function endOf(
  source: Source,
  { work }: Pick<PassOptions, 'work'>,
  limits: RunLimits,
): Promise<SourceEnd> {
  const before = source.usage()
  const used = () => combined(source.usage(), before, (now, then) => now - then)
  try {
    const result = await work(source, limits)
    return { source, result, used: used() }
  } catch (error) {
    return { source, error: source.explain(error), used: used() }
  }
}

const NOTHING: Usage = {
  requests: 0,
  retries: 0,
  bytes: 0,
  apiMs: 0,
  databaseMs: 0,
  ownMs: 0,
  durationMs: 0,
}

function combined(left: Usage, right: Usage, combine: (left: number, right: number) => number): Usage {
  const names = Object.keys(NOTHING) as (keyof Usage)[]
  const values = names.map((name) => [name, combine(left[name], right[name])])
  return Object.fromEntries(values) as Record<keyof Usage, number>
}

function shorter(left: number | null, right: number | null): number | null {
  if (left === null || right === null) return left ?? right
  return Math.min(left, right)
}

function addTurn(before: SourceEnd | undefined, end: SourceEnd): SourceEnd {
  if (before === undefined) return end
  const used = combined(before.used, end.used, (first, last) => first + last)
  if (!('result' in before) || !('result' in end)) return { ...end, used }
  const [first, last] = [before.result, end.result]
  return {
    source: end.source,
    used,
    result: {
      ...last,
      counts: addCounts(first.counts, last.counts),
      requests: first.requests + last.requests,
      retries: first.retries + last.retries,
    },
  }
}
