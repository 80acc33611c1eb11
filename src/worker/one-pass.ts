import type { Clock } from '../clock.ts'
import { addCounts, NO_COUNTS } from '../store/runs.ts'
import type { RunLimits, RunResult, Source } from '../sync/source.ts'
import { LANES, rotated, turnLength } from './lanes.ts'
import type { SourceEnd } from './summary.ts'
import { createTurns } from './turns.ts'

export interface PassOptions extends RunLimits {
  readonly clock: Clock
  /** 0 <= x < 1. */
  readonly random: () => number
  readonly work: (source: Source, limits: RunLimits) => Promise<RunResult>
}

const NOT_BEGUN: RunResult = {
  outcome: 'stopped',
  counts: NO_COUNTS,
  requests: 0,
  retries: 0,
  coverage: null,
}

/**
 * Has every source do its work once, in turns. One that fails stops no other (I12). Ends are in the order of the sources.
 */
export async function onePass(sources: readonly Source[], options: PassOptions): Promise<SourceEnd[]> {
  const { clock, signal, maxRuntimeMs } = options
  const byName = new Map(sources.map((source) => [source.name, source]))
  const ends = new Map<string, SourceEnd>()
  const deadline = maxRuntimeMs === null ? null : clock.monotonic() + maxRuntimeMs
  const turnMs = turnLength(sources.length)
  const turns = createTurns({
    lanes: LANES,
    turn: async (name) => {
      const source = byName.get(name)
      const leftMs = deadline === null ? null : deadline - clock.monotonic()
      const isOver = signal.aborted || (leftMs !== null && leftMs <= 0)
      if (source === undefined || isOver) return false
      const end = await endOf(source, options, { signal, maxRuntimeMs: shorter(turnMs, leftMs) })
      ends.set(name, addTurn(ends.get(name), end))
      return 'result' in end && end.result.outcome === 'stopped' && !signal.aborted
    },
  })
  turns.offer(rotated([...byName.keys()], options.random))
  await turns.idle()
  return sources.map((source) => ends.get(source.name) ?? { source, result: NOT_BEGUN })
}

/** Never rejects. */
export async function endOf(
  source: Source,
  { work }: Pick<PassOptions, 'work'>,
  limits: RunLimits,
): Promise<SourceEnd> {
  try {
    return { source, result: await work(source, limits) }
  } catch (error) {
    return { source, error: source.explain(error) }
  }
}

function shorter(left: number | null, right: number | null): number | null {
  if (left === null || right === null) return left ?? right
  return Math.min(left, right)
}

function addTurn(before: SourceEnd | undefined, end: SourceEnd): SourceEnd {
  if (before === undefined || !('result' in before) || !('result' in end)) return end
  const [first, last] = [before.result, end.result]
  return {
    source: end.source,
    result: {
      ...last,
      counts: addCounts(first.counts, last.counts),
      requests: first.requests + last.requests,
      retries: first.retries + last.retries,
    },
  }
}
