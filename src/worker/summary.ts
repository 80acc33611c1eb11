import type { Logger } from '../log.ts'
import type { Redactor } from '../redact.ts'
import { describeCoverage } from '../sync/cycle.ts'
import type { RunResult, Source } from '../sync/source.ts'
import { reportFailure } from './failure.ts'

/** How a source fared: what it did, or what made it fail. */
export type SourceEnd =
  | { readonly source: Source; readonly result: RunResult }
  | { readonly source: Source; readonly error: unknown }

export interface SummaryOptions {
  /** What was done, such as `sync`. */
  readonly name: string
  readonly log: Logger
  readonly redact: Redactor
  readonly signal: AbortSignal
}

/** One log line: how it ended and what was done. Returns the exit code of this source alone. */
export function summarize(end: SourceEnd, { name, log, redact, signal }: SummaryOptions): 0 | 1 | 2 {
  const source = end.source.name
  if (!('result' in end)) return reportFailure(end.error, log, redact, { source, outcome: 'failed' })
  const { outcome, counts, requests, retries, coverage } = end.result
  const done = outcome === 'busy' ? {} : { requests, retries, ...counts }
  const covered = outcome === 'busy' ? {} : { coverage: describeCoverage(coverage, end.source.options) }
  log.info({ source, outcome, ...done, ...covered }, sentence(name, outcome))
  return outcome === 'stopped' && signal.aborted ? 1 : 0
}

/** What may pass if it is tried again outweighs what does not: then trying again helps some. */
export function exitCodeOf(codes: readonly (0 | 1 | 2)[]): 0 | 1 | 2 {
  if (codes.includes(1)) return 1
  return codes.includes(2) ? 2 : 0
}

function sentence(name: string, outcome: RunResult['outcome']): string {
  if (outcome === 'busy') return 'another worker holds the lease of this source: nothing to do here'
  return outcome === 'succeeded'
    ? `${name} succeeded`
    : `${name} stopped before its end; the next run goes on`
}
