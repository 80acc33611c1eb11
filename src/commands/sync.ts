import { syncOnce } from '../sync/cycle.ts'
import type { CommandContext, ExitCode } from './context.ts'
import { runWorker, type WorkerOptions } from './worker.ts'

/** One cycle. */
export function runSync(context: CommandContext, options: WorkerOptions): Promise<ExitCode> {
  return runWorker(context, options, 'sync', syncOnce)
}
