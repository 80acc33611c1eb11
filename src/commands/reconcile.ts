import { reconcileOnce } from '../sync/cycle.ts'
import type { CommandContext, ExitCode } from './context.ts'
import { runPass } from './pass.ts'

/** A cycle with a full comparison, now. */
export function runReconcile(context: CommandContext): Promise<ExitCode> {
  return runPass(context, { maxRuntimeMs: null }, 'reconcile', reconcileOnce)
}
