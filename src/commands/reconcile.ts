import { type ReconcileOptions, reconcileOnce } from '../sync/cycle.ts'
import type { CommandContext, ExitCode } from './context.ts'
import { runPass, type TimeLimits } from './pass.ts'

/** A cycle with a full comparison, now. */
export function runReconcile(
  context: CommandContext,
  { waitMs, whole }: Pick<TimeLimits, 'waitMs'> & Required<ReconcileOptions>,
): Promise<ExitCode> {
  return runPass(context, {
    name: 'reconcile',
    byAnyone: false,
    maxRuntimeMs: null,
    waitMs,
    work: (source, limits) => reconcileOnce(source, limits, { whole }),
  })
}
