import { loadCoverage, loadWindows, type Span } from '../store/coverage.ts'
import { HOUR, MINUTE } from '../values/instant.ts'
import { readSpans } from './read-spans.ts'
import { presentOf, type RunContext } from './run.ts'
import { gaps, settledSpan, spanOf } from './windows.ts'

/** Nearer to the API's present than this, the head has caught up. */
const NEAR = MINUTE
/** The head is asked for beyond the present, so that our own clock may be behind (A14). Only what the API's clock has
 * reached counts as read. */
const BEYOND = HOUR
/** The first pass may have gone by a wrong clock of our own; the second goes by the API's. */
const MOST_PASSES = 3

/**
 * The head: reads from `watermark - overlap` up to the API's present, so that a job that became visible late is found
 * (A7). On the very first run the coverage begins at the present, and the history extends it downwards.
 *
 * @returns false when the deadline came first
 */
export async function readHead(run: RunContext): Promise<boolean> {
  for (let pass = 0; pass < MOST_PASSES; pass += 1) {
    const complete = await readOnce(run)
    if (!complete) return false
    const coverage = await loadCoverage(run.pool, run.lease.source)
    if (coverage && presentOf(run) - coverage.watermark <= NEAR) return true
  }
  return true
}

async function readOnce(run: RunContext): Promise<boolean> {
  const { source } = run.lease
  const present = presentOf(run)
  const coverage = await loadCoverage(run.pool, source)
  const windows = await loadWindows(run.pool, source, 'coverage')
  // The first head begins a little back: what is known of the API's clock is behind it by a second and a reply's travel,
  // and a window that began after it would cover nothing.
  const lower = (coverage?.watermark ?? present - NEAR) - run.options.overlap
  const head: Span = { lower, upper: Math.max(lower, present) + BEYOND }
  const inHead = coverage ? windows.filter((window) => spanOf(window).upper > coverage.watermark) : windows
  const begun = inHead.filter((window) => !window.drained)
  const spans = gaps(
    head,
    inHead.map((window) => settledSpan(window, run.options.overlap)),
  )
  return readSpans(run, { part: 'head', kind: 'coverage', spans, begun, deadline: run.deadline })
}
