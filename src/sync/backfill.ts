import { loadWindows, removeWindow, type Span, type Window } from '../store/coverage.ts'
import { readSpans } from './read-spans.ts'
import type { RunContext } from './run.ts'
import { gaps } from './windows.ts'

/** A span of created_at to be read again. */
export type Backfill = Span

/**
 * Reads a span again, whatever the coverage says of it; the coverage does not change. After a stop the same span goes
 * on where it was; another one drops what was kept of it.
 *
 * @returns false when the deadline came first
 */
export async function readBackfill(run: RunContext, span: Backfill, deadline: number): Promise<boolean> {
  const { source } = run.lease
  const stored = await loadWindows(run.pool, source, 'backfill')
  const isOurs = ({ lower, upper }: Window) => lower >= span.lower && upper <= span.upper
  const ours = stored.every(isOurs) ? stored : []
  if (ours.length < stored.length) {
    run.log.warn(
      { windows: stored.length },
      'another backfill was not finished: what was kept of it is dropped',
    )
    await dropWindows(run, stored)
  }
  const begun = ours.filter((window) => !window.drained).toReversed()
  const complete = await readSpans(run, {
    part: 'backfill',
    kind: 'backfill',
    spans: gaps(span, ours),
    begun,
    deadline,
  })
  if (complete) await dropWindows(run, await loadWindows(run.pool, source, 'backfill'))
  return complete
}

function dropWindows({ lease }: RunContext, windows: readonly Window[]): Promise<void> {
  return lease.commit(async (client) => {
    for (const window of windows) await removeWindow(client, lease.source, window)
  })
}
