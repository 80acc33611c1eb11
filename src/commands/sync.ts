import { syncOnce } from '../sync/cycle.ts'
import type { CommandContext, ExitCode } from './context.ts'
import { runPass, type TimeLimit } from './pass.ts'

/** One cycle. */
export function runSync(context: CommandContext, options: TimeLimit): Promise<ExitCode> {
  return runPass(context, options, 'sync', syncOnce)
}
