import type { Logger } from '../log.ts'
import type { Redactor } from '../redact.ts'
import type { QuarantineCounts } from '../store/quarantine.ts'
import { describeCoverage } from '../sync/cycle.ts'
import type { RunResult, Source, Usage } from '../sync/source.ts'
import { NOT_DONE } from '../sync/under-lease.ts'
import { reportFailure } from './failure.ts'

/** How a source fared: what it did, or what made it fail. */
export type SourceEnd =
  | { readonly source: Source; readonly used: Usage; readonly result: RunResult }
  | { readonly source: Source; readonly used: Usage; readonly error: unknown }

export interface SummaryOptions {
  /** What was done, such as `sync`. */
  readonly name: string
  /** Whether it does not matter who does it: then a source that another worker has is no failure. */
  readonly byAnyone: boolean
  readonly log: Logger
  readonly redact: Redactor
  readonly signal: AbortSignal
}

/** One log line: how it ended and what was done. Returns the exit code of this source alone. */
export function summarize(end: SourceEnd, options: SummaryOptions): 0 | 1 | 2 {
  const { name, log, redact, signal } = options
  const source = end.source.name
  const used = rounded(end.used)
  if (!('result' in end)) return reportFailure(end.error, log, redact, { source, outcome: 'failed', ...used })
  const { outcome, counts, coverage, quarantined } = end.result
  if (outcome === 'busy') return reportBusy(source, end.result, options)
  if (outcome === 'denied') return reportDenied(source, end.result, log)
  const facts = { source, outcome, ...used, ...counts }
  if (end.result === NOT_DONE) return reportNotBegun({ ...facts, coverage: 'not looked at' }, options)
  const covered = { ...facts, coverage: describeCoverage(coverage, end.source.options) }
  if (outcome === 'degraded') {
    log.warn({ ...covered, quarantined }, `${name} succeeded except for ${describeQuarantine(quarantined)}`)
  } else {
    log.info(
      covered,
      outcome === 'succeeded'
        ? `${name} succeeded`
        : `${name} stopped early; the next sync continues where it stopped`,
    )
  }
  return outcome === 'stopped' && signal.aborted ? 1 : 0
}

/** What was asked for is left to nobody: no later sync knows of it. */
function reportNotBegun(facts: object, { name, byAnyone, log, signal }: SummaryOptions): 0 | 1 {
  const said = `${name} ran out of time before the turn of this source`
  if (byAnyone) log.info(facts, `${said}; the next sync reads it`)
  else log.warn(facts, `${said}: nothing was done. Run it again with a longer --max-runtime.`)
  return byAnyone && !signal.aborted ? 0 : 1
}

function rounded(used: Usage): Record<string, number> {
  return Object.fromEntries(Object.entries(used).map(([name, value]) => [name, Math.round(value)]))
}

function describeQuarantine({ jobs, spans }: QuarantineCounts): string {
  const parts = [...(jobs > 0 ? [counted(jobs, 'job')] : []), ...(spans > 0 ? [counted(spans, 'span')] : [])]
  return (
    `${parts.join(' and ')} in quarantine: the API fails for them, or the database refuses them. ` +
    '`llamacloud-sync status` lists them with the reason and the next try.'
  )
}

function counted(count: number, what: string): string {
  return count === 1 ? `1 ${what}` : `${count} ${what}s`
}

/** Said once: no failure as long as other lists can be read. */
function reportDenied(source: string, { denied }: RunResult, log: Logger): 0 {
  const facts = { source, outcome: 'denied' }
  if (denied === null)
    log.debug(facts, 'the API still does not let this list be read; trying again every hour')
  else
    log.warn(
      facts,
      `The API does not let this list be read: ${denied} It is tried again every hour. To stop that, remove the list from SYNC_LISTS.`,
    )
  return 0
}

function reportBusy(
  source: string,
  { heldBy }: RunResult,
  { name, byAnyone, log, signal }: SummaryOptions,
): 0 | 1 {
  const holder =
    heldBy === null
      ? 'another worker has just held this source'
      : `another worker holds this source (${heldBy})`
  if (byAnyone && !signal.aborted)
    log.info({ source, outcome: 'busy', heldBy }, `${holder}: nothing to do here`)
  else {
    const cure = `${name} did nothing. To wait for that worker's cycle to end, run it again with --wait 10m.`
    log.warn({ source, outcome: 'busy', heldBy }, `${holder}: ${cure}`)
  }
  return byAnyone && !signal.aborted ? 0 : 1
}

/** What may pass if it is tried again outweighs what does not: then trying again helps some. */
export function exitCodeOf(codes: readonly (0 | 1 | 2)[]): 0 | 1 | 2 {
  if (codes.includes(1)) return 1
  return codes.includes(2) ? 2 : 0
}
