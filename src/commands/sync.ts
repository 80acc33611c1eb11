import { syncOnce } from '../sync/cycle.ts'
import type { CommandContext, ExitCode } from './context.ts'
import { runPass, type TimeLimits } from './pass.ts'

/** One cycle. */
export function runSync(context: CommandContext, limits: TimeLimits): Promise<ExitCode> {
  return runPass(context, { ...limits, name: 'sync', byAnyone: true, work: syncOnce })
}
