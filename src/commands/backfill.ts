import { systemClock } from '../clock.ts'
import { SettingsError } from '../errors.ts'
import { backfillOnce } from '../sync/cycle.ts'
import { formatInstant, type Instant, MILLISECOND } from '../values/instant.ts'
import type { CommandContext, ExitCode } from './context.ts'
import { runPass, type TimeLimits } from './pass.ts'

export interface BackfillOptions extends TimeLimits {
  readonly from: Instant
  /** null: now. */
  readonly to: Instant | null
}

/** Reads the jobs created in a span again. */
export async function runBackfill(context: CommandContext, options: BackfillOptions): Promise<ExitCode> {
  const { from: lower, to, maxRuntimeMs, waitMs } = options
  const name = `backfill of ${formatInstant(lower)} .. ${to === null ? 'now' : formatInstant(to)}`
  if (to !== null && to < lower) throw new SettingsError('--to must not be earlier than --from.')
  // One span for all sources, however late each begins.
  const now = Math.floor(systemClock.now()) * MILLISECOND
  if (lower > now) throw new SettingsError('--from lies in the future, where there is nothing to read yet.')
  const upper = to ?? now
  return runPass(context, {
    name,
    byAnyone: false,
    maxRuntimeMs,
    waitMs,
    work: (source, limits) => backfillOnce(source, { lower, upper }, limits),
  })
}
