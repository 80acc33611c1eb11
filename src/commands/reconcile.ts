import { reconcileOnce } from '../sync/cycle.ts'
import type { CommandContext, ExitCode } from './context.ts'
import { runWorker } from './worker.ts'

/** A cycle with a full comparison, now. */
export function runReconcile(context: CommandContext): Promise<ExitCode> {
  return runWorker(context, { maxRuntimeMs: null }, 'reconcile', reconcileOnce)
}
