import { type Coverage, loadCoverage, loadWindows } from '../store/coverage.ts'
import { readSpans } from './read-spans.ts'
import type { RunContext } from './run.ts'
import { gaps, settledSpan } from './windows.ts'

/**
 * The history: extends `covered_from` down to `SYNC_START_AT`, newest first, several windows side by side. What an
 * earlier run began goes on from its page token.
 *
 * @returns false when the deadline came first
 */
export async function readHistory(run: RunContext, deadline: number | null): Promise<boolean> {
  const coverage = await loadCoverage(run.pool, run.lease.source)
  if (!coverage || isHistoryDone(coverage, run.options)) return true
  const windows = await loadWindows(run.pool, run.lease.source, 'coverage')
  const older = windows.filter((window) => window.lower < coverage.coveredFrom)
  const spans = gaps(
    { lower: run.options.startAt, upper: coverage.coveredFrom },
    older.map((window) => settledSpan(window, run.options.overlap)),
  )
  const begun = older.filter((window) => !window.drained).toReversed()
  return readSpans(run, { part: 'history', kind: 'coverage', spans, begun, deadline })
}

export function isHistoryDone(coverage: Coverage, { startAt }: RunContext['options']): boolean {
  return coverage.coveredFrom <= startAt
}
